package sqlite

import (
	"container/list"
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"formwork/engine/store"
)

// statements is how many prepared statements a connection keeps.
const statements = 200

// conn is one connection with its prepared statements. It speaks to database/sql/driver directly: a connection here
// has one user at a time anyway, so the pool, locks and context watchers of database/sql would be paid for nothing.
type conn struct {
	raw   driver.Conn
	byRef map[string]*list.Element // of *stmt, in lru
	lru   *list.List               // most recently used first
}

type stmt struct {
	sql  string
	raw  driver.Stmt
	args []driver.NamedValue
}

// open connects and applies the settings.
func open(path string, settings ...string) (*conn, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(abs)}
	raw, err := dial(u.String())
	if err != nil {
		return nil, err
	}
	c := &conn{raw: raw, byRef: map[string]*list.Element{}, lru: list.New()}
	for _, s := range settings {
		if err := c.script("PRAGMA " + s); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (c *conn) close() error {
	for e := c.lru.Front(); e != nil; e = e.Next() {
		e.Value.(*stmt).raw.Close()
	}
	c.lru.Init()
	clear(c.byRef)
	return c.raw.Close()
}

// take gives a prepared statement that nobody else uses until give: while a cursor is open on a statement, the same SQL
// is prepared a second time.
func (c *conn) take(sql string) (*stmt, error) {
	if e := c.byRef[sql]; e != nil {
		c.lru.Remove(e)
		delete(c.byRef, sql)
		return e.Value.(*stmt), nil
	}
	raw, err := c.raw.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, sql)
	}
	return &stmt{sql: sql, raw: raw}, nil
}

func (c *conn) give(s *stmt) {
	if c.byRef[s.sql] != nil {
		s.raw.Close()
		return
	}
	c.byRef[s.sql] = c.lru.PushFront(s)
	if c.lru.Len() > statements {
		e := c.lru.Back()
		c.lru.Remove(e)
		old := e.Value.(*stmt)
		delete(c.byRef, old.sql)
		old.raw.Close()
	}
}

func (s *stmt) bind(args []any) []driver.NamedValue {
	s.args = s.args[:0]
	for i, a := range args {
		switch v := a.(type) {
		case int:
			a = int64(v)
		case bool:
			a = int64(0)
			if v {
				a = int64(1)
			}
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return s.args
}

// exec runs a statement that gives no rows and tells how many rows it changed.
func (c *conn) exec(sql string, args ...any) (int64, error) {
	s, err := c.take(sql)
	if err != nil {
		return 0, err
	}
	defer c.give(s)
	r, err := s.raw.(driver.StmtExecContext).ExecContext(context.Background(), s.bind(args))
	if err != nil {
		return 0, failure(err)
	}
	return r.RowsAffected()
}

// script runs statements that are not worth keeping prepared.
func (c *conn) script(sql ...string) error {
	for _, q := range sql {
		s, err := c.raw.Prepare(q)
		if err != nil {
			return fmt.Errorf("%w in %s", err, q)
		}
		_, err = s.(driver.StmtExecContext).ExecContext(context.Background(), nil)
		s.Close()
		if err != nil {
			return fmt.Errorf("%w in %s", failure(err), q)
		}
	}
	return nil
}

// rows is an open cursor. Values of a row are valid until the next.
type rows struct {
	c    *conn
	stmt *stmt
	raw  driver.Rows
	vals []driver.Value
}

// query opens a cursor. ctx interrupts the search for the first row; pass context.Background() for what is known to be
// quick, it saves a watcher.
func (c *conn) query(ctx context.Context, sql string, args ...any) (*rows, error) {
	s, err := c.take(sql)
	if err != nil {
		return nil, err
	}
	raw, err := s.raw.(driver.StmtQueryContext).QueryContext(ctx, s.bind(args))
	if err != nil {
		c.give(s)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, failure(err)
	}
	return &rows{c: c, stmt: s, raw: raw, vals: make([]driver.Value, len(raw.Columns()))}, nil
}

// next moves to the next row; false at the end.
func (r *rows) next() (bool, error) {
	switch err := r.raw.Next(r.vals); err {
	case nil:
		return true, nil
	case io.EOF:
		return false, nil
	default:
		return false, failure(err)
	}
}

func (r *rows) close() {
	if r.raw == nil {
		return
	}
	r.raw.Close()
	r.raw = nil
	r.c.give(r.stmt)
}

// row is the only or first row of a query, nil when there is none.
func (c *conn) row(ctx context.Context, sql string, args ...any) ([]driver.Value, error) {
	r, err := c.query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer r.close()
	ok, err := r.next()
	if err != nil || !ok {
		return nil, err
	}
	return r.vals, nil
}

// number is the integer in the first column of the first row, 0 when there is none.
func (c *conn) number(ctx context.Context, sql string, args ...any) (int64, error) {
	v, err := c.row(ctx, sql, args...)
	if v == nil || v[0] == nil {
		return 0, err
	}
	return v[0].(int64), nil
}

// each calls fn for every row.
func (c *conn) each(ctx context.Context, fn func(v []driver.Value) error, sql string, args ...any) error {
	r, err := c.query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer r.close()
	for n := 0; ; n++ {
		if n&63 == 63 && ctx.Err() != nil {
			return ctx.Err()
		}
		ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		if err := fn(r.vals); err != nil {
			return err
		}
	}
}

// Result codes, https://www.sqlite.org/rescode.html.
const (
	codeTooBig     = 18
	codeConstraint = 19
)

// failure turns an error of the driver into one of the port where it is one.
func failure(err error) error {
	if codeOf(err)&0xff == codeTooBig {
		return store.ErrTooLarge
	}
	return err
}

func violated(err error) bool { return codeOf(err)&0xff == codeConstraint }

// text reads a TEXT or BLOB value of either driver.
func text(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func blob(v driver.Value) []byte {
	switch v := v.(type) {
	case []byte:
		return v
	case string:
		return []byte(v)
	}
	return nil
}
