// Package problem is the one shape of every complaint about data or a definition.
//
// Floor 0. It knows no language: a problem is a code with parameters, and the edge (server, command line, browser)
// turns it into a sentence in the reader's language.
package problem

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Severity says whether a problem blocks.
type Severity string

const (
	// Error blocks the write or the publishing. It is the zero value on the wire.
	Error Severity = "error"
	// Warning is shown and blocks nothing.
	Warning Severity = "warning"
)

// Problem is one complaint. Pointer is an RFC 6901 JSON Pointer into what the caller sent ("/data/name"). Params fill
// the message: {"max": 80}; for an expression they hold line and column (1-based).
type Problem struct {
	Code     string         `json:"code"`
	Pointer  string         `json:"pointer,omitempty"`
	Params   map[string]any `json:"params,omitempty"`
	Severity Severity       `json:"severity,omitempty"`
	// Message is filled at the edge, in the caller's language; the engine leaves it empty.
	Message string `json:"message,omitempty"`
}

// P is a map of parameters, to keep calls short.
type P = map[string]any

// New makes a blocking problem.
func New(code, pointer string, params P) Problem {
	return Problem{Code: code, Pointer: pointer, Params: params}
}

// Blocks says whether the problem must stop what was asked.
func (p Problem) Blocks() bool { return p.Severity != Warning }

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Code)
	if p.Pointer != "" {
		b.WriteString(" at ")
		b.WriteString(p.Pointer)
	}
	if len(p.Params) > 0 {
		fmt.Fprintf(&b, " %v", p.Params)
	}
	return b.String()
}

// List is problems in the order they were found.
type List []Problem

// Blocks says whether any problem blocks.
func (l List) Blocks() bool {
	for _, p := range l {
		if p.Blocks() {
			return true
		}
	}
	return false
}

// At returns the list with every pointer prefixed: problems of a part become problems of the whole.
func (l List) At(prefix string) List {
	if prefix == "" || len(l) == 0 {
		return l
	}
	out := make(List, len(l))
	for i, p := range l {
		p.Pointer = prefix + p.Pointer
		out[i] = p
	}
	return out
}

func (l List) String() string {
	parts := make([]string, len(l))
	for i, p := range l {
		parts[i] = p.String()
	}
	return strings.Join(parts, "; ")
}

// Kind is what went wrong as a class; the server maps each to one HTTP status.
type Kind string

const (
	Malformed       Kind = "malformed"       // cannot be read at all: 400
	Unauthenticated Kind = "unauthenticated" // 401
	Forbidden       Kind = "forbidden"       // the caller may not do this: 403
	NotFound        Kind = "not-found"       // does not exist, or the caller may not see it: 404
	Duplicate       Kind = "duplicate"       // a unique value is taken: 409
	Conflict        Kind = "conflict"        // not possible in the present state: 409
	Stale           Kind = "stale"           // somebody else saved first: 412
	TooLarge        Kind = "too-large"       // 413
	Invalid         Kind = "invalid"         // understood, and refused with problems: 422
	TooMany         Kind = "too-many"        // slow down: 429
	Unavailable     Kind = "unavailable"     // try again later: 503
)

// Failure is the one error type that crosses floors: a kind and the problems that explain it.
type Failure struct {
	Kind     Kind
	Problems List
	Cause    error
}

func (f *Failure) Error() string {
	s := string(f.Kind)
	if len(f.Problems) > 0 {
		s += ": " + f.Problems.String()
	}
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	return s
}

func (f *Failure) Unwrap() error { return f.Cause }

// Fail makes a Failure with one problem.
func Fail(kind Kind, code, pointer string, params P) *Failure {
	return &Failure{Kind: kind, Problems: List{New(code, pointer, params)}}
}

// Refuse makes an Invalid failure of a list, or nil when nothing in it blocks.
func Refuse(l List) error {
	if !l.Blocks() {
		return nil
	}
	return &Failure{Kind: Invalid, Problems: l}
}

// KindOf tells the kind of the first Failure in err's chain, "" when there is none.
func KindOf(err error) Kind {
	var f *Failure
	if errors.As(err, &f) {
		return f.Kind
	}
	return ""
}

// Of returns the problems of the first Failure in err's chain.
func Of(err error) List {
	var f *Failure
	if errors.As(err, &f) {
		return f.Problems
	}
	return nil
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// Pointer builds an RFC 6901 pointer from object keys and array indexes.
func Pointer(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		switch v := p.(type) {
		case int:
			b.WriteString(strconv.Itoa(v))
		case string:
			b.WriteString(escaper.Replace(v))
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}
