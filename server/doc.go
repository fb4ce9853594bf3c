// Command formwork serves the product, and talks to a server that runs: one file a command.
//
// Floor 7. It reads configuration, opens the store and puts engine, auth, live and api together; nothing is decided here.
package main
