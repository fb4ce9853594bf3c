//go:build !cgo_sqlite

package sqlite

import (
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// Driver names the SQLite that this build links.
const Driver = "modernc.org/sqlite"

func dial(dsn string) (driver.Conn, error) { return new(sqlite.Driver).Open(dsn) }

// codeOf is SQLite's extended result code of an error, 0 for others.
func codeOf(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
