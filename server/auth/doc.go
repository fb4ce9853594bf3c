// Package auth knows who is calling: passwords, browser sessions, API tokens, the throttling of logins, and the first
// run of a workspace.
//
// Floor 6. It knows no HTTP: server/api hands over what stood in the request and writes the cookies. Passwords are hashed
// with argon2id; of session and API tokens only the SHA-256 is stored. Whether a user still exists and may work is asked
// of the directory with every request, so that deactivating somebody takes effect at once.
package auth
