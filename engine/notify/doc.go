// Package notify keeps what people are told inside the product: the inbox.
//
// Floor 4. Whoever has something to tell - an automation, a mention - sends it in the transaction of what it tells of, under
// a key, so that a user is told exactly once however often the transaction runs. Reading is the user's own affair: only
// they list, and mark, what is theirs. The package knows no record and no HTTP; texts come ready, in one language or
// several.
package notify
