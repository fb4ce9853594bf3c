package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	leaseFor  = 5 * time.Second // without a beat, and the work of a process that died is taken over
	leaseLook = 50 * time.Millisecond
)

// errLease: another process took over, because this one was held up for too long.
var errLease = errors.New("mongo: lost the lease on the declaration")

// alone runs fn while no other process works on the collection, with the declaration as it stands. The lease beats while
// fn runs; if another process took it over, fn's context ends. No clock is compared with another: a lease has run out when
// whoever waits for it has seen no beat for leaseFor.
func (s *Store) alone(ctx context.Context, name string, fn func(context.Context, *declaration) error) error {
	owner := s.owner + "/" + bson.NewObjectID().Hex()
	d, err := s.take(ctx, name, owner)
	if err != nil {
		return err
	}
	work, stop := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		tick := time.NewTicker(leaseFor / 5)
		defer tick.Stop()
		for {
			select {
			case <-work.Done():
				return
			case <-tick.C:
				if res, err := s.renew(work, name, owner); err == nil && res.MatchedCount == 0 {
					stop(errLease)
				}
			}
		}
	}()
	err = fn(work, d)
	if err != nil && errors.Is(context.Cause(work), errLease) {
		err = fmt.Errorf("%w: %w", errLease, err)
	}
	stop(nil)
	<-renewed
	_, _ = s.db.Collection(declarations).UpdateOne(context.WithoutCancel(ctx), held(name, owner), op("$unset", bson.D{{Key: "lock", Value: ""}}))
	return err
}

func held(name, owner string) bson.D {
	return bson.D{{Key: "_id", Value: name}, {Key: "lock.owner", Value: owner}}
}

func (s *Store) renew(ctx context.Context, name, owner string) (*mongo.UpdateResult, error) {
	return s.db.Collection(declarations).UpdateOne(ctx, held(name, owner), op("$inc", bson.D{{Key: "lock.beat", Value: 1}}))
}

// take waits for the lease.
func (s *Store) take(ctx context.Context, name, owner string) (*declaration, error) {
	coll := s.db.Collection(declarations)
	_, err := coll.InsertOne(ctx, &declaration{Name: name})
	if err != nil && !hasCode(err, codeDuplicate) {
		return nil, err
	}
	tick := time.NewTicker(leaseLook)
	defer tick.Stop()
	var seen lease // as it was since then
	since := time.Now()
	free := is("lock", "$exists", false)
	for {
		d := &declaration{}
		mine := op("$set", bson.D{{Key: "lock", Value: lease{Owner: owner}}})
		err := coll.FindOneAndUpdate(ctx, append(bson.D{{Key: "_id", Value: name}}, free...), mine, options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(d)
		if err == nil {
			return d, nil
		} else if !errors.Is(err, mongo.ErrNoDocuments) && !hasCode(err, codeWriteConflict) {
			return nil, err
		}
		if d, err = s.load(ctx, name); err != nil {
			return nil, err
		}
		free = is("lock", "$exists", false)
		switch {
		case d.Lock == nil:
			continue
		case *d.Lock != seen:
			seen, since = *d.Lock, time.Now()
		case time.Since(since) > leaseFor:
			free = bson.D{{Key: "lock.owner", Value: seen.Owner}, {Key: "lock.beat", Value: seen.Beat}}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.closing:
			return nil, mongo.ErrClientDisconnected
		case <-tick.C:
		}
	}
}

// save writes the declaration while its lease is held, and counts as a beat.
func (s *Store) save(ctx context.Context, d *declaration) error {
	d.Lock.Beat += 1 << 20 // beyond what the beats between saves come to, so that it only ever rises
	res, err := s.db.Collection(declarations).ReplaceOne(ctx, held(d.Name, d.Lock.Owner), d)
	if err == nil && res.MatchedCount == 0 {
		return errLease
	}
	return err
}
