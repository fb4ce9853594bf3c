package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"formwork/engine"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/server/api"
	"formwork/server/auth"
	"formwork/server/live"
	"formwork/ui"
)

// parts is everything above the store, put together.
type parts struct {
	engine  *engine.Engine
	auth    *auth.Auth
	hub     *live.Hub
	first   *auth.FirstRun
	server  *api.Server
	handler fasthttp.RequestHandler
	log     *slog.Logger
}

func assemble(ctx context.Context, c config, log *slog.Logger, st store.Store, o engine.Options) (*parts, error) {
	p := &parts{hub: live.NewHub(), log: log}
	o.Changed, o.Published, o.Say = p.hub.Changed, p.hub.Published, api.Say()
	var err error
	if p.engine, err = engine.Open(ctx, st, o); err != nil {
		return nil, err
	}
	if p.auth, err = auth.Open(ctx, auth.Options{Store: st, Org: p.engine.Org, Now: p.engine.Now, NewID: p.engine.NewID}); err != nil {
		return nil, err
	}
	p.first = auth.NewFirstRun(p.auth, p.engine.Workspace, installer{p.engine})
	app, server, err := api.New(ctx, api.Options{
		Engine: p.engine, Auth: p.auth, FirstRun: p.first, Hub: p.hub, Log: log, Now: p.engine.Now, Version: version,
		UI: ui.Files(), PublicURL: c.publicURL, Proxies: c.proxies,
	})
	if err != nil {
		return nil, err
	}
	p.server, p.handler = server, app.Handler()
	return p, nil
}

// sweepEvery is how often what has run out is removed.
const sweepEvery = time.Hour

// run works in the background until ctx ends. shared says that other processes use the store.
func (p *parts) run(ctx context.Context, shared bool) error {
	var wait sync.WaitGroup
	wait.Go(func() { p.hub.FollowJobs(ctx, p.engine.Outbox, p.engine.Store, p.log) })
	wait.Go(func() { p.hub.FollowInbox(ctx, p.engine.Inbox, p.engine.Store, p.log) })
	if shared {
		wait.Go(func() { p.hub.FollowOthers(ctx, p.engine.Store, p.log) })
	}
	wait.Go(func() {
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			if err := errors.Join(p.auth.Sweep(ctx), p.server.Sweep(ctx)); err != nil && ctx.Err() == nil {
				p.log.Error("cannot sweep", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	err := p.engine.Run(ctx)
	wait.Wait()
	return err
}

// firstRun sets the workspace up from the configuration, or says how a browser can.
func (p *parts) firstRun(ctx context.Context, c config, log *slog.Logger, address string) error {
	if !p.first.Needed() {
		return p.first.Resume(ctx)
	}
	if c.first.Login != "" {
		_, err := p.first.Run(ctx, c.first)
		return err
	}
	base := &url.URL{Scheme: "http", Host: address}
	if c.publicURL != nil {
		base = c.publicURL
	}
	link := base.JoinPath("/setup")
	link.RawQuery = "token=" + p.first.Key()
	log.Info("open this link once to set the workspace up", "url", link.String())
	return nil
}

// installer installs templates for the first run.
type installer struct{ engine *engine.Engine }

func (i installer) Has(template string) bool {
	list, err := i.engine.Installer.List(context.Background())
	for _, t := range list {
		if t.Key == template {
			return true
		}
	}
	return err != nil // Install will say what is wrong
}

func (i installer) Install(ctx context.Context, template string, demo bool, by string) error {
	_, err := i.engine.Installer.Install(ctx, by, template, demo)
	for _, p := range problem.Of(err) {
		if p.Code == "already-installed" {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("template %s: %w", template, err)
	}
	return nil
}
