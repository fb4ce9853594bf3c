// Package api translates between HTTP and the engine: one file a resource, mapping only.
//
// Floor 6. Every route stands in the table of routes.go; call.go is what a handler sees of a request. Handlers return
// errors; errors.go turns them into problem documents in the caller's language. The OpenAPI document in openapi/ is kept
// by hand and held against the table by a test.
package api
