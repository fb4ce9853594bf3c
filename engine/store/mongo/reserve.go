package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// madeMeanwhile says whether two callers made the counter at once. No document comes from SecantusDB only.
func madeMeanwhile(err error) bool {
	return hasCode(err, codeDuplicate) || errors.Is(err, mongo.ErrNoDocuments)
}

// Reserve takes n consecutive numbers of a counter. A number whose answer was lost on the way is a gap.
func (s *Store) Reserve(ctx context.Context, counter string, n int64) (int64, error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	if n < 1 {
		return 0, fmt.Errorf("mongo: cannot reserve %d numbers", n)
	}
	running, cancel := context.WithTimeout(ctx, s.opts.Patience)
	defer cancel()
	for try := 0; ; try++ {
		var c struct{ Last int64 }
		err := s.db.Collection(counters).FindOneAndUpdate(running, bson.D{{Key: "_id", Value: counter}}, op("$inc", bson.D{{Key: "last", Value: n}}),
			options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)).Decode(&c)
		switch {
		case err == nil:
			return c.Last - n + 1, nil
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case running.Err() != nil || !transient(err) && !madeMeanwhile(err):
			return 0, translate(fmt.Errorf("mongo: counter %s: %w", counter, err))
		}
		pause(running, try)
	}
}
