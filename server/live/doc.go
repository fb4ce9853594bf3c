// Package live tells browsers what changed, as server-sent events: one stream a browser.
//
// Floor 6. An event carries no data, only form and ids, and only of forms that the caller may read; the browser asks for
// what it shows. Events are hints: they may be lost when a stream is slow, which ends it, and the browser starts anew.
package live
