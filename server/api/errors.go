package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// statuses gives every kind of failure its status.
func statusOf(k problem.Kind) int {
	switch k {
	case problem.Malformed:
		return http.StatusBadRequest
	case problem.Unauthenticated:
		return http.StatusUnauthorized
	case problem.Forbidden:
		return http.StatusForbidden
	case problem.NotFound:
		return http.StatusNotFound
	case problem.Duplicate, problem.Conflict:
		return http.StatusConflict
	case problem.Stale:
		return http.StatusPreconditionFailed
	case problem.TooLarge:
		return http.StatusRequestEntityTooLarge
	case problem.Invalid:
		return http.StatusUnprocessableEntity
	case problem.TooMany:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problemDocument is an answer of application/problem+json (RFC 9457). Code is the class for 422, the exact reason
// otherwise.
type problemDocument struct {
	Type      string       `json:"type"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Code      string       `json:"code"`
	RequestID string       `json:"requestId,omitempty"`
	Problems  problem.List `json:"problems"`
}

// failure classifies any error; nil for one that nobody outside may read.
func failure(err error) *problem.Failure {
	var f *problem.Failure
	var dup *store.DuplicateError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &dup):
		return problem.Fail(problem.Duplicate, "duplicate", "", nil)
	case errors.Is(err, store.ErrNotFound):
		return problem.Fail(problem.NotFound, "not-found", "", nil)
	case errors.Is(err, store.ErrConflict):
		return problem.Fail(problem.Conflict, "changed-meanwhile", "", nil)
	case errors.Is(err, store.ErrTooLarge):
		return problem.Fail(problem.TooLarge, "document-too-large", "", problem.P{"limit": store.MaxDocument})
	case errors.Is(err, query.ErrGroups):
		return problem.Fail(problem.Invalid, "too-many-groups", "/groupBy", problem.P{"max": query.MaxRows})
	case errors.Is(err, query.ErrCursor):
		return problem.Fail(problem.Invalid, "wrong-cursor", "/cursor", nil)
	case errors.Is(err, store.ErrClosed), errors.Is(err, context.Canceled):
		return problem.Fail(problem.Unavailable, "shutting-down", "", nil)
	case errors.Is(err, context.DeadlineExceeded):
		return problem.Fail(problem.Unavailable, "too-slow", "", nil)
	}
	return nil
}

// refuse answers with an error.
func (x *call) refuse(err error) {
	f := failure(err)
	requestID := ""
	if f == nil {
		requestID = newRequestID()
		x.Log.Error("request failed", "request", requestID, "method", x.route.method, "path", x.fiber.Path(), "error", err)
		f = problem.Fail("", "internal", "", problem.P{"request": requestID})
	}
	for _, p := range f.Problems {
		if seconds, ok := p.Params["seconds"].(int); ok && f.Kind == problem.TooMany {
			x.fiber.Set("Retry-After", strconv.Itoa(seconds))
		}
	}
	if f.Kind == problem.Unauthenticated {
		x.fiber.Set("WWW-Authenticate", `Bearer realm="formwork"`)
	}
	x.document(statusOf(f.Kind), string(f.Kind), requestID, f.Problems)
}

// document writes the problem document.
func (x *call) document(status int, kind, requestID string, l problem.List) {
	d := problemDocument{Status: status, Code: kind, RequestID: requestID, Problems: x.explain(l)}
	if len(l) > 0 && kind != string(problem.Invalid) {
		d.Code = l[0].Code
	}
	d.Type = "urn:formwork:problem:" + d.Code
	d.Title = x.messages.title(x.language(), status)
	body, err := encode(d)
	if err != nil { // parameters that are no JSON: a mistake of ours
		x.Log.Error("problem document", "error", err)
		d.Problems = problem.List{}
		body, _ = encode(d)
	}
	_ = x.send(status, body)
	x.fiber.Set("Content-Type", "application/problem+json")
}

// explain puts problems into the caller's words.
func (x *call) explain(l problem.List) problem.List {
	lang := x.language()
	out := make(problem.List, len(l))
	for i, p := range l {
		p.Message = x.messages.text(lang, p)
		out[i] = p
	}
	return out
}

// unrouted answers what no route of the API took: pages, unknown paths, methods and requests that are no HTTP.
func (s *Server) unrouted(c *fiber.Ctx, err error) error {
	s.secure(c)
	defer drain(c)
	status, code := statusOfRouter(err), "internal"
	if status == http.StatusNotFound && (c.Method() == http.MethodGet || c.Method() == http.MethodHead) {
		if err = s.static(c); err == nil {
			return nil
		}
		status = statusOfRouter(err)
	}
	x := &call{Server: s, fiber: c, ctx: context.Background(), began: s.Now()}
	switch status {
	case http.StatusNotFound:
		code = "not-found"
	case http.StatusMethodNotAllowed:
		code = "method-not-allowed"
	case http.StatusRequestEntityTooLarge:
		code = "body-too-large"
	case http.StatusRequestHeaderFieldsTooLarge:
		code = "headers-too-large"
	case http.StatusRequestTimeout:
		code = "too-slow"
	case http.StatusInternalServerError:
		s.Log.Error("request failed", "path", c.Path(), "error", err)
	default:
		status, code = http.StatusBadRequest, "malformed-request"
	}
	x.document(status, "", "", problem.List{problem.New(code, "", nil)})
	return nil
}

// statusOfRouter is the status of an error that Fiber made, 500 for any other.
func statusOfRouter(err error) int {
	var e *fiber.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return http.StatusInternalServerError
}

func unauthenticated() error {
	return problem.Fail(problem.Unauthenticated, "not-signed-in", "", nil)
}
