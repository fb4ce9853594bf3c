package main

import (
	"context"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// front is the HTTP server. Before open it answers that the process lives and is not ready.
type front struct {
	server  *fasthttp.Server
	handler atomic.Pointer[fasthttp.RequestHandler]
	addr    atomic.Pointer[net.TCPAddr]
}

// streamChunk is how much of a body is read before the handler runs; the rest it reads itself, under its own limit.
const streamChunk = 64 << 10

func newFront(log *slog.Logger) *front {
	f := &front{}
	f.open(starting)
	f.server = &fasthttp.Server{
		Handler:                      func(ctx *fasthttp.RequestCtx) { (*f.handler.Load())(ctx) },
		ErrorHandler:                 func(ctx *fasthttp.RequestCtx, err error) { malformed(ctx) },
		NoDefaultServerHeader:        true,
		NoDefaultContentType:         true,
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		MaxRequestBodySize:           streamChunk,
		ReadBufferSize:               16 << 10,
		ReadTimeout:                  5 * time.Minute, // an upload on a slow line
		WriteTimeout:                 15 * time.Minute,
		IdleTimeout:                  2 * time.Minute,
		CloseOnShutdown:              true,
		Logger:                       quiet{log},
	}
	return f
}

// open lets requests through to a handler.
func (f *front) open(h fasthttp.RequestHandler) { f.handler.Store(&h) }

func (f *front) serve(l net.Listener) error {
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		f.addr.Store(a)
	}
	return f.server.Serve(l)
}

// address is where it listens, as a browser on this machine would write it.
func (f *front) address() string {
	a := f.addr.Load()
	if a == nil {
		return "localhost"
	}
	if a.IP.IsUnspecified() {
		a = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: a.Port}
	}
	return a.String()
}

// stop closes the listener and waits for running requests.
func (f *front) stop(ctx context.Context) error { return f.server.ShutdownWithContext(ctx) }

const problemType = "application/problem+json"

func starting(ctx *fasthttp.RequestCtx) {
	if string(ctx.Path()) == "/healthz" {
		ctx.SetContentType("application/json")
		ctx.SetBodyString(`{"status":"ok"}`)
		return
	}
	ctx.SetStatusCode(fasthttp.StatusServiceUnavailable)
	ctx.Response.Header.Set("Retry-After", "1")
	ctx.SetContentType(problemType)
	ctx.SetBodyString(`{"type":"urn:formwork:problem:starting","title":"Starting","status":503,"code":"starting","problems":[]}`)
	ctx.SetConnectionClose() // a body may stand unread
}

// malformed answers what is no HTTP request.
func malformed(ctx *fasthttp.RequestCtx) {
	ctx.SetStatusCode(fasthttp.StatusBadRequest)
	ctx.SetContentType(problemType)
	ctx.SetBodyString(`{"type":"urn:formwork:problem:malformed-request","title":"Bad request","status":400,"code":"malformed-request","problems":[]}`)
}

// quiet logs what goes wrong with connections at debug: clients hang up all the time.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, args ...any) {
	q.log.Debug("connection", "format", format, "args", args)
}
