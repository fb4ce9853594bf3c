// Package org keeps the people of a workspace: users, the tree of departments, who leads, who has which role.
//
// Floor 4. Everything is in the store; a Directory, immutable, answers questions from memory and is made anew when
// anything changes, here or in another process. It hashes no passwords: the server hands over what it verifies.
package org
