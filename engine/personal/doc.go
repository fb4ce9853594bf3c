// Package personal keeps what users set up for themselves: saved views, preferences, favourites.
//
// Floor 4. A view shows no more than its form does: it is checked with the rights of who saves it, and given out with the
// rights of who asks. What somebody made stays theirs; sharing is for who may change the app. It knows no HTTP.
package personal
