package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"formwork/engine"
	"formwork/engine/file"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/templates"
)

const (
	// graceFor is how long requests and jobs may finish at the end.
	graceFor = 25 * time.Second
)

// serve listens at once, answers /healthz from then on and everything else when the first run is over. It ends when ctx
// does, after running requests and jobs have come to a stop.
func serve(ctx context.Context, env environment, args []string) error {
	c, err := readConfig(env, args)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: c.level}))
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return err
	}
	unlock, err := lockData(c.data)
	if err != nil {
		return err
	}
	defer unlock()
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return err
	}
	log.Info("listening", "addr", listener.Addr().String(), "version", version)
	front := newFront(log)
	failed := make(chan error, 1)
	go func() { failed <- front.serve(listener) }()

	p, err := start(ctx, c, log, front)
	if err != nil {
		_ = front.stop(context.WithoutCancel(ctx))
		if ctx.Err() != nil { // told to end while starting
			return nil
		}
		return err
	}
	select {
	case <-ctx.Done():
		log.Info("stopping")
	case err = <-failed:
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), graceFor)
	defer cancel()
	return errors.Join(err, p.stop(stopping))
}

// openStore opens the embedded store, or the database where one is named. exclusive says that nobody else uses it.
func openStore(ctx context.Context, c config, log *slog.Logger) (st store.Store, exclusive bool, err error) {
	if c.mongodb != "" {
		st, err = mongo.Open(ctx, mongo.Options{URI: c.mongodb})
		return st, false, err
	}
	st, err = sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(c.data, "formwork.db"), Log: log})
	return st, true, err
}

// process is a server at work.
type process struct {
	front *front
	parts *parts
	store store.Store
	end   context.CancelFunc // of the background
	ended chan error
}

func start(ctx context.Context, c config, log *slog.Logger, f *front) (*process, error) {
	st, exclusive, err := openStore(ctx, c, log)
	if err != nil {
		return nil, err
	}
	p := &process{front: f, store: st, ended: make(chan error, 1)}
	o := engine.Options{Log: log, Templates: templates.FS, Exclusive: exclusive}
	if exclusive { // several servers share no disk: there the bytes go into the database
		o.Blobs = file.Dir(filepath.Join(c.data, "files"))
	}
	if p.parts, err = assemble(ctx, c, log, st, o); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	p.end = end
	go func() { p.ended <- p.parts.run(background, !exclusive) }()
	if err := p.parts.firstRun(ctx, c, log, f.address()); err != nil {
		end()
		<-p.ended
		return nil, errors.Join(fmt.Errorf("first run: %w", err), st.Close())
	}
	f.open(p.parts.handler)
	log.Info("ready")
	return p, nil
}

// stop takes no more requests, ends the streams, and waits for requests and jobs.
func (p *process) stop(ctx context.Context) error {
	p.parts.hub.Close()
	err := p.front.stop(ctx)
	p.end()
	select {
	case ended := <-p.ended:
		err = errors.Join(err, ended)
	case <-ctx.Done():
		err = errors.Join(err, errors.New("jobs did not stop in time"))
	}
	return errors.Join(err, p.store.Close())
}
