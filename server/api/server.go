package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"formwork/engine"
	"formwork/engine/store"
	"formwork/server/auth"
	"formwork/server/live"
)

// Options are what the API needs.
type Options struct {
	Engine   *engine.Engine
	Auth     *auth.Auth
	FirstRun *auth.FirstRun
	Hub      *live.Hub
	Log      *slog.Logger
	Now      func() time.Time
	Version  string
	// UI holds index.html and what belongs to it; without one a plain page says so.
	UI fs.FS
	// PublicURL is how browsers reach the server; nil when that is not known.
	PublicURL *url.URL
	// Proxies may tell in X-Forwarded-For and X-Forwarded-Proto on whose behalf they ask.
	Proxies []netip.Prefix
}

// Server answers requests.
type Server struct {
	Options
	store    store.Store
	messages *messages
	metrics  *metrics
	assets   *assets
	once     *once
	presence *live.Presence
	document []byte // the OpenAPI document
	// serve answers a request that this process makes of itself.
	serve fasthttp.RequestHandler
}

// readFor and writeFor are how long a request may take. A write that is committed stays committed when its answer comes
// too late for whoever asked.
const (
	readFor  = 30 * time.Second
	writeFor = 2 * time.Minute
)

// New prepares the API's collections and builds the app.
func New(ctx context.Context, o Options) (*fiber.App, *Server, error) {
	s := &Server{Options: o, store: o.Engine.Store, messages: newMessages()}
	s.metrics = newMetrics(s)
	s.presence = live.NewPresence(o.Hub, o.Now)
	var err error
	if s.assets, err = newAssets(o.UI); err != nil {
		return nil, nil, err
	}
	if s.once, err = newOnce(ctx, o.Engine.Store, o.Now); err != nil {
		return nil, nil, err
	}
	if s.document, err = s.buildDocument(); err != nil {
		return nil, nil, err
	}
	app := fiber.New(fiber.Config{
		Immutable:                    true, // handlers keep strings of a request; Fiber reuses its buffers
		StreamRequestBody:            true, // every route has its own limit, see body.go
		DisablePreParseMultipartForm: true,
		CaseSensitive:                true,
		ReadBufferSize:               16 << 10,
		DisableStartupMessage:        true,
		ErrorHandler:                 s.unrouted,
	})
	for _, r := range s.routes() {
		app.Add(r.method, r.path, s.handler(r))
	}
	s.serve = app.Handler()
	return app, s, nil
}

// Sweep removes answers that nobody will ask for again.
func (s *Server) Sweep(ctx context.Context) error { return s.once.forget(ctx) }
