package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Watch wakes the caller when documents may have been inserted, by a change stream. While there is none (a user without
// the right, a server that is away) it wakes every Poll and tries again. Wake-ups that nobody took yet count as one.
func (s *Store) Watch(ctx context.Context, name string) (<-chan struct{}, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	physical, err := physicalName(name)
	if err != nil {
		leave()
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{coll: s.db.Collection(physical), poll: s.opts.Poll, wake: make(chan struct{}, 1)}
	stream, _ := w.open(ctx, nil) // before returning, so that no insert behind this call is missed
	go func() {
		defer leave()
		defer cancel()
		w.run(ctx, stream)
	}()
	go func() {
		select {
		case <-s.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	return w.wake, nil
}

type watcher struct {
	coll *mongo.Collection
	poll time.Duration
	wake chan struct{}
}

func (w *watcher) open(ctx context.Context, resume bson.Raw) (*mongo.ChangeStream, error) {
	opts := options.ChangeStream().SetMaxAwaitTime(time.Second)
	if resume != nil {
		opts.SetResumeAfter(resume)
	}
	stages := bson.A{
		op("$match", is("operationType", "$in", bson.A{"insert", "drop", "rename", "invalidate"})),
		op("$project", bson.D{{Key: "operationType", Value: 1}}), // the documents themselves are not wanted
	}
	return w.coll.Watch(ctx, stages, opts)
}

// run waits until ctx ends. The driver resumes a stream by itself where it can; where it cannot a new one is opened
// behind the last event, or from now with a wake-up for what may have been missed.
func (w *watcher) run(ctx context.Context, stream *mongo.ChangeStream) {
	var resume bson.Raw
	for ctx.Err() == nil {
		if stream != nil {
			for stream.Next(ctx) {
				resume = stream.ResumeToken()
				w.notify()
			}
			_ = stream.Close(context.WithoutCancel(ctx))
		}
		w.notify()
		if !w.rest(ctx) {
			return
		}
		var err error
		if stream, err = w.open(ctx, resume); err != nil {
			stream, resume = nil, nil
			continue
		}
		w.notify() // for what came while there was no stream
	}
}

func (w *watcher) rest(ctx context.Context) bool {
	timer := time.NewTimer(w.poll)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (w *watcher) notify() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
