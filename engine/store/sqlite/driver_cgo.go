//go:build cgo_sqlite

package sqlite

import (
	"database/sql/driver"
	"errors"

	"github.com/mattn/go-sqlite3"
)

// Driver names the SQLite that this build links. Build with -tags cgo_sqlite,sqlite_fts5: without the second tag
// Open fails.
const Driver = "github.com/mattn/go-sqlite3"

func dial(dsn string) (driver.Conn, error) { return new(sqlite3.SQLiteDriver).Open(dsn) }

// codeOf is SQLite's extended result code of an error, 0 for others.
func codeOf(err error) int {
	var e sqlite3.Error
	if errors.As(err, &e) {
		if e.ExtendedCode != 0 {
			return int(e.ExtendedCode)
		}
		return int(e.Code)
	}
	return 0
}
