package mongoserver_test

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/store/storetest/mongoserver"
)

// connect opens a client whose operations give up after the limit.
func connect(t *testing.T, uri string, limit time.Duration) *mongo.Client {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetTimeout(limit))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client
}

func insert(t *testing.T, items *mongo.Collection, ids ...int) {
	t.Helper()
	for _, id := range ids {
		if _, err := items.InsertOne(t.Context(), bson.D{{Key: "_id", Value: id}}); err != nil {
			t.Fatalf("insert %d: %v", id, err)
		}
	}
}

func count(t *testing.T, items *mongo.Collection) int64 {
	t.Helper()
	n, err := items.CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return n
}

func TestKillAndRestartKeepAcknowledgedWrites(t *testing.T) {
	server := mongoserver.Start(t, mongoserver.Options{})
	uri := server.URI()
	items := connect(t, uri, 30*time.Second).Database("crash").Collection("items")
	insert(t, items, 1, 2, 3)

	server.Kill()
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := items.InsertOne(short, bson.D{{Key: "_id", Value: 4}}); err == nil {
		t.Fatal("a killed server acknowledged a write")
	}

	server.Restart()
	if server.URI() != uri {
		t.Fatalf("the address changed from %s to %s", uri, server.URI())
	}
	if n := count(t, items); n != 3 {
		t.Fatalf("%d documents after the crash, want 3", n)
	}
	insert(t, items, 5)

	server.Restart() // in good order this time
	if n := count(t, items); n != 4 {
		t.Fatalf("%d documents after an orderly restart, want 4", n)
	}
}

func TestStartedServersTakeTransactions(t *testing.T) {
	client := connect(t, mongoserver.Start(t, mongoserver.Options{}).URI(), 30*time.Second)
	items := client.Database("tx").Collection("items")
	insert(t, items, 1)
	session, err := client.StartSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.EndSession(t.Context())
	_, err = session.WithTransaction(t.Context(), func(ctx context.Context) (any, error) {
		_, err := items.InsertOne(ctx, bson.D{{Key: "_id", Value: 2}})
		return nil, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, items); n != 2 {
		t.Fatalf("%d documents after the commit, want 2", n)
	}
}

func TestTestCommandsAreAChoice(t *testing.T) {
	failPing := bson.D{
		{Key: "configureFailPoint", Value: "failCommand"},
		{Key: "mode", Value: bson.D{{Key: "times", Value: 1}}},
		{Key: "data", Value: bson.D{{Key: "failCommands", Value: bson.A{"insert"}}, {Key: "errorCode", Value: 10}}},
	}
	for _, enabled := range []bool{true, false} {
		server := mongoserver.Start(t, mongoserver.Options{TestCommands: enabled})
		err := connect(t, server.URI(), 30*time.Second).Database("admin").RunCommand(t.Context(), failPing).Err()
		if enabled != (err == nil) {
			t.Errorf("test commands %v: configureFailPoint answered %v", enabled, err)
		}
	}
}

func TestSharedDatabasesAreApartAndDropped(t *testing.T) {
	uri := mongoserver.Shared(t)
	if again := mongoserver.Shared(t); again != uri {
		t.Fatalf("a second server %s beside %s", again, uri)
	}
	client := connect(t, uri, 30*time.Second)
	var first string
	t.Run("one", func(t *testing.T) {
		first = mongoserver.Database(t, uri)
		insert(t, client.Database(first).Collection("items"), 1)
	})
	second := mongoserver.Database(t, uri)
	insert(t, client.Database(second).Collection("items"), 1)

	names, err := client.ListDatabaseNames(t.Context(), bson.D{{Key: "name", Value: bson.D{{Key: "$in", Value: bson.A{first, second}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != 1 || names[0] != second {
		t.Fatalf("databases %v, want only %s: the first test is over", names, second)
	}
}

func TestProxyCutAndRestore(t *testing.T) {
	proxy := mongoserver.NewProxy(t, mongoserver.SharedDatabase(t))
	name := mongoserver.Database(t, mongoserver.Shared(t))
	items := connect(t, proxy.URI(), 30*time.Second).Database(name).Collection("items")
	insert(t, items, 1)

	proxy.Cut()
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := items.InsertOne(short, bson.D{{Key: "_id", Value: 2}}); err == nil {
		t.Fatal("a write went through a cut line: the driver goes round the proxy")
	}
	proxy.Cut() // cutting twice is no error

	proxy.Restore()
	insert(t, items, 3)
	if n := count(t, items); n != 2 {
		t.Fatalf("%d documents, want the two that were acknowledged", n)
	}
}

func TestProxyDelaysAndSwallowsAnswers(t *testing.T) {
	uri := mongoserver.Shared(t)
	proxy := mongoserver.NewProxy(t, uri)
	name := mongoserver.Database(t, uri)
	items := connect(t, proxy.URI(), 30*time.Second).Database(name).Collection("items")
	insert(t, items, 1)

	const delay = 150 * time.Millisecond
	proxy.Latency(delay)
	began := time.Now()
	insert(t, items, 2)
	if took := time.Since(began); took < delay {
		t.Errorf("an answer took %s under a latency of %s", took, delay)
	}
	proxy.Restore()

	proxy.Timeout(0)
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := items.InsertOne(short, bson.D{{Key: "_id", Value: 3}}); err == nil {
		t.Error("an answer came through a line that swallows them")
	}
	proxy.Restore()
	insert(t, items, 4)

	// The server did what nobody was told of.
	direct := connect(t, uri, 30*time.Second).Database(name).Collection("items")
	if n := count(t, direct); n != 4 {
		t.Errorf("%d documents, want 4: the unacknowledged write too", n)
	}
}
