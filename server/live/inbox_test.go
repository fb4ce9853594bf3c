package live

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"formwork/engine/notify"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/definition"
)

// watched says when somebody has begun to watch.
type watched struct {
	store.Store
	begun chan struct{}
}

func (w watched) Watch(ctx context.Context, collection string) (<-chan struct{}, error) {
	defer close(w.begun)
	return w.Store.Watch(ctx, collection)
}

func TestWhoIsNotifiedLearnsOfItAtOnce(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	st := watched{storetest.NewMemory(), make(chan struct{})}
	n := 0
	box, err := notify.Open(ctx, notify.Options{Store: st, Now: time.Now, NewID: func() string { n++; return fmt.Sprintf("%024d", n) }})
	if err != nil {
		t.Fatal(err)
	}
	h := NewHub()
	ann, _ := read(h, Who{User: "ann", MayRead: only("")}, time.Hour, time.Hour)
	bob, _ := read(h, Who{User: "bob", MayRead: only("")}, time.Hour, time.Hour)
	ended := make(chan struct{})
	go func() {
		h.FollowInbox(ctx, box, st, slog.New(slog.DiscardHandler))
		close(ended)
	}()
	<-st.begun
	tell := func(user, title string) {
		err := st.Update(ctx, func(tx store.Tx) error {
			_, err := box.Send(ctx, tx, notify.Notification{User: user, Title: definition.Text{"": title}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	tell("ann", "one")
	if got, want := <-ann, fmt.Sprintf(`event: notification data: {"id":"%024d","unread":1}`, 1); got != want {
		t.Errorf("ann: %s, want %s", got, want)
	}
	tell("bob", "two")
	if got, want := <-bob, fmt.Sprintf(`event: notification data: {"id":"%024d","unread":1}`, 2); got != want {
		t.Errorf("bob: %s, want %s", got, want)
	}
	h.Notified("ann", "", 0)
	if got := <-ann; got != `event: notification data: {"unread":0}` {
		t.Errorf("ann was told again: %s", got)
	}
	stop()
	<-ended
}
