package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"

	"formwork/engine/store"
)

// Options of a store. The zero value of a field is its default.
type Options struct {
	URI      string // mongodb:// or mongodb+srv://, naming a replica set
	Database string // default: the URI's, else "formwork"
	// Patience is how long a transaction is tried again on transient errors before the last of them is returned.
	// Default 30 s.
	Patience time.Duration
	// Heartbeat is how often the driver looks at the servers (heartbeatFrequencyMS); default 10 s, at least 500 ms.
	Heartbeat time.Duration
	// Fresh is how old a cached declaration may be when a query is compiled by it. Default 1 s. Writes need no such
	// bound: the database refuses those by an old one.
	Fresh time.Duration
	// Poll is how often watchers are woken while the change stream fails. Default 1 s.
	Poll time.Duration
}

// Store is a database of a replica set. Safe for concurrent use.
type Store struct {
	opts    Options
	client  *mongo.Client
	db      *mongo.Database
	owner   string // names this store in locks
	turn    chan struct{}
	mu      sync.Mutex
	known   map[string]*collection
	closed  bool
	calls   sync.WaitGroup
	closing chan struct{}
}

var _ store.Store = (*Store)(nil)

// Open connects and checks that it is a replica set that answers.
func Open(ctx context.Context, opts Options) (*Store, error) {
	uri, err := connstring.ParseAndValidate(opts.URI)
	if err != nil {
		return nil, fmt.Errorf("mongo: URI: %w", err)
	}
	opts.Database = cmp.Or(opts.Database, uri.Database, "formwork")
	opts.Patience = cmp.Or(opts.Patience, 30*time.Second)
	opts.Fresh = cmp.Or(opts.Fresh, time.Second)
	opts.Poll = cmp.Or(opts.Poll, time.Second)
	journal := true
	o := options.Client().ApplyURI(opts.URI).SetRetryReads(true).SetRetryWrites(true).
		SetReadPreference(readpref.Primary()).SetReadConcern(readconcern.Majority()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	if opts.Heartbeat > 0 {
		o.SetHeartbeatInterval(opts.Heartbeat)
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, fmt.Errorf("mongo: connect: %w", err)
	}
	if err := replicaSet(ctx, client); err != nil {
		_ = client.Disconnect(context.WithoutCancel(ctx))
		return nil, err
	}
	return &Store{
		opts: opts, client: client, db: client.Database(opts.Database), owner: bson.NewObjectID().Hex(),
		turn: make(chan struct{}, 1), known: map[string]*collection{}, closing: make(chan struct{}),
	}, nil
}

func replicaSet(ctx context.Context, client *mongo.Client) error {
	var hello struct {
		SetName string `bson:"setName"`
		Message string `bson:"msg"`
	}
	if err := client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return fmt.Errorf("mongo: connect: %w", err)
	}
	if hello.Message == "isdbgrid" {
		return nil
	}
	return standalone(hello.SetName)
}

// standalone refuses a server outside a replica set.
func standalone(set string) error {
	if set == "" {
		return errors.New("mongo: the server is not in a replica set, so it has no transactions; start mongod with --replSet and run rs.initiate() once (one node is enough)")
	}
	return nil
}

// enter counts a call, so that Close waits for it. ErrClosed afterwards, ctx's error when it has ended.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.calls.Add(1)
	return s.calls.Done, nil
}

// Ping asks the primary.
func (s *Store) Ping(ctx context.Context) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return s.client.Ping(ctx, readpref.Primary())
}

// Close waits for running calls and disconnects. A second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	close(s.closing)
	s.calls.Wait()
	return s.client.Disconnect(context.Background())
}
