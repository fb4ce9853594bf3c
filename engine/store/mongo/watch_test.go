package mongo

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/store/storetest/mongoserver"
)

// Where the server refuses change streams, watchers are woken by the clock.
func TestWatchWithoutChangeStreams(t *testing.T) {
	s := openWith(t, Options{URI: mongoserver.SharedDatabase(t), Poll: 10 * time.Millisecond})
	must(t, s.Ensure(t.Context(), declared()))
	admin := s.client.Database("admin")
	fail := func(mode any) error {
		return admin.RunCommand(context.Background(), bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode},
			{Key: "data", Value: bson.D{{Key: "failCommands", Value: bson.A{"aggregate"}}, {Key: "errorCode", Value: 13}}}}).Err()
	}
	if err := fail("alwaysOn"); err != nil {
		t.Skipf("the server has no failCommand: %v", err)
	}
	t.Cleanup(func() { _ = fail("off") })
	wake, err := s.Watch(t.Context(), "rows")
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 3 {
		select {
		case <-wake:
		case <-ctx.Done():
			t.Fatal("no wake-up")
		}
	}
}
