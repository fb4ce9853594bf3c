package mongoserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Shared returns the URI of the server that all tests of this binary share: the one FORMWORK_TEST_MONGODB_URI names,
// else one started at the first call, with test commands enabled. Take a [Database] in it, never a fixed name.
func Shared(tb testing.TB) string {
	tb.Helper()
	if uri := os.Getenv(EnvURI); uri != "" {
		return uri
	}
	process, err := shared()
	if err != nil {
		fail(tb, err)
	}
	return process.uri()
}

// Database returns a name that no other test uses and drops the database of that name when the test ends, after
// what the test itself registered later has been cleaned up. A server that is down by then is only logged.
func Database(tb testing.TB, uri string) string {
	tb.Helper()
	suffix := make([]byte, 8)
	_, _ = rand.Read(suffix) // never fails, as crypto/rand documents
	name := "formwork_test_" + hex.EncodeToString(suffix)
	tb.Cleanup(func() {
		if err := drop(uri, name); err != nil {
			tb.Logf("mongoserver: drop %s: %v", name, err)
		}
	})
	return name
}

// SharedDatabase is the URI of the shared server with a fresh [Database] in it.
func SharedDatabase(tb testing.TB) string {
	tb.Helper()
	uri := Shared(tb)
	return WithDatabase(uri, Database(tb, uri))
}

// WithDatabase puts the database into a connection string. Not net/url's business: a replica set's string names
// several hosts.
func WithDatabase(uri, name string) string {
	head, _, query := split(uri)
	return head + "/" + name + query
}

// split cuts "mongodb://hosts/database?options" into "mongodb://hosts", "database" and "?options".
func split(uri string) (head, database, query string) {
	start := 0
	if i := strings.Index(uri, "://"); i >= 0 {
		start = i + len("://")
	}
	rest := uri[start:]
	if i := strings.IndexByte(rest, '?'); i >= 0 {
		rest, query = rest[:i], rest[i:]
	}
	hosts, database, _ := strings.Cut(rest, "/")
	return uri[:start] + hosts, database, query
}

func drop(uri, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(3 * time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	return client.Database(name).Drop(ctx)
}
