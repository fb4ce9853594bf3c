// Package engine puts the interpreter together: a store in, something that answers requests and works in the background
// out.
//
// Floor 5. Composition only: what it does stands in its folders.
package engine
