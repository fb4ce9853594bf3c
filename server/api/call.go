package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/server/auth"
)

// call is one request on its way through a handler. It is gone when the handler returns.
type call struct {
	*Server
	fiber *fiber.Ctx
	ctx   context.Context
	route route
	id    *auth.Identity // nil on open routes
	raw   []byte         // the body, once read
	began time.Time
}

const cookieName = "formwork_session"

// handler wraps what every request has in common around a route.
func (s *Server) handler(r route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		limit := readFor
		if unsafe(r.method) && !r.asks {
			limit = writeFor
		}
		// Not bound to the connection: whoever hangs up must not cut a write in two.
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		x := &call{Server: s, fiber: c, ctx: ctx, route: r, began: s.Now()}
		s.secure(c)
		if err := x.run(); err != nil {
			x.refuse(err)
		}
		drain(c)
		s.metrics.observe(x)
		return nil
	}
}

// run makes a panic an error.
func (x *call) run() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if !x.route.open {
		if err := x.identify(); err != nil {
			return err
		}
	}
	if key := x.fiber.Get("Idempotency-Key"); key != "" && unsafe(x.route.method) && !x.route.keeps && !x.route.asks {
		return x.Server.once.do(x, key)
	}
	return x.route.handle(x)
}

func unsafe(method string) bool {
	return !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, method)
}

// identify finds out who is calling.
func (x *call) identify() (err error) {
	if h := x.fiber.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			token = ""
		}
		x.id, err = x.Auth.Bearer(x.ctx, strings.TrimSpace(token))
		return err
	}
	cookie := x.fiber.Cookies(cookieName)
	if cookie == "" {
		return unauthenticated()
	}
	if x.id, err = x.Auth.Session(x.ctx, cookie); err != nil {
		return err
	}
	if unsafe(x.route.method) {
		return x.id.CheckCSRF(x.fiber.Get("X-CSRF-Token"))
	}
	return nil
}

// caller is who calls, as records know them.
func (x *call) caller() record.Caller { return x.Engine.Caller(x.id.User.ID, "api") }

func (x *call) param(name string) string { return x.fiber.Params(name) }

// form is the form that the path names, as app.form.
func (x *call) form() string { return x.param("app") + "." + x.param("form") }

// language is what the caller reads: their own setting, what the browser asks for, the workspace's.
func (x *call) language() string {
	if x.id != nil && x.id.User.Locale != "" {
		return x.messages.nearest(x.id.User.Locale)
	}
	if l := x.messages.accepted(x.fiber.Get("Accept-Language")); l != "" {
		return l
	}
	return x.messages.nearest(x.Engine.Workspace.Settings().Locale)
}

// send answers with JSON that is already written. It belongs to the response afterwards.
func (x *call) send(status int, body []byte) error {
	x.fiber.Status(status)
	x.fiber.Set("Content-Type", "application/json")
	x.fiber.Context().Response.SetBodyRaw(body)
	return nil
}

// answer answers with a value as JSON.
func (x *call) answer(status int, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return x.send(status, body)
}

// packFrom is how many bytes an answer has that is worth compressing.
const packFrom = 4096

// answerTagged answers with a value as JSON, or 304 where the client has it: for what is large and seldom changes. It is
// compressed where the client likes: a phone reads an app's document over a poor network.
func (x *call) answerTagged(v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	zip := len(body) > packFrom && weight(x.fiber.Get("Accept-Encoding"), "gzip") > 0
	tag := `"` + digest(string(body)) + `"`
	if zip {
		tag = tag[:len(tag)-1] + `-gzip"` // another representation
	}
	x.fiber.Set("ETag", tag)
	x.fiber.Set("Cache-Control", "private, no-cache")
	x.fiber.Set("Vary", "Accept-Encoding")
	if x.noneMatch(tag) {
		x.fiber.Status(http.StatusNotModified)
		return nil
	}
	if zip {
		x.fiber.Set("Content-Encoding", "gzip")
		body = fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestSpeed)
	}
	return x.send(http.StatusOK, body)
}

// list answers with items.
func list[T any](x *call, items []T) error {
	if items == nil {
		items = []T{}
	}
	return x.answer(http.StatusOK, map[string]any{"items": items})
}

// nothing answers that it is done.
func (x *call) nothing() error {
	x.fiber.Status(http.StatusNoContent)
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// text picks a text for people in the caller's language.
func (x *call) text(t definition.Text) string { return t.In(x.language()) }
