package record_test

import (
	"context"
	"testing"
	"time"

	"formwork/engine/record"
	"formwork/engine/store"
)

// stuck starts something at every write that never ends.
type stuck struct{ asked, prompt int }

func (s *stuck) Listen() record.Listening                            { return s }
func (s *stuck) Reset()                                              {}
func (s *stuck) Raise(context.Context, store.Tx, record.Event) error { return nil }
func (s *stuck) Committed() []<-chan struct{}                        { return []<-chan struct{}{make(chan struct{})} }
func (s *stuck) Conclude(_ context.Context, _ store.Tx, prompt bool, _ func(string, string) bool) (bool, error) {
	s.asked++
	if prompt {
		s.prompt++
		return false, record.ErrLater
	}
	return false, nil
}

// A write is made and answered whatever becomes of what follows from it.
func TestWritesDoNotWaitForEver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := &stuck{}
		w.Listener, w.Patience = l, 20*time.Millisecond
		w.publishApp("x", `{"kind":"form","key":"a","schema":{"properties":{"name":{"x-field":{"type":"text"}}}}}`)
		began := time.Now()
		rec, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "x.a", Data: map[string]any{"name": "n"}}, record.WriteOptions{Prompt: true})
		if err != nil || rec.Data()["name"] != "n" || rec.Rev() != 1 {
			t.Fatalf("%v %v", rec, err)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		if l.asked != 2 || l.prompt != 1 {
			t.Errorf("asked %d times, %d of them at once", l.asked, l.prompt)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, _, err = w.Write(ended, admin(), &record.Intent{Verb: record.Create, Form: "x.a", Data: map[string]any{}}, record.WriteOptions{Prompt: true}); err == nil {
			t.Error("a request that has ended writes")
		}
	})
}

// What is done inside a transaction sees what that wrote, and can do nothing more after a failure.
func TestInside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("x", `{"kind":"form","key":"a","schema":{"required":["name"],"properties":{"name":{"x-field":{"type":"text"}},"no":{"x-field":{"type":"text"}}}}}`,
			`{"kind":"form","key":"b","schema":{"properties":{"no":{"x-field":{"type":"serial","pattern":"B-{000}"}}}}}`)
		create := func(r *record.Records, form string, data map[string]any) (*record.Record, error) {
			rec, _, err := r.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: form, Data: data}, record.WriteOptions{})
			return rec, err
		}
		var told []string
		err := w.Store.Update(ctx, func(tx store.Tx) error {
			told = nil
			in := w.Inside(tx, w.Listener, func(form string, _ []string) { told = append(told, form) }, func() {})
			rec, err := create(in, "x.a", map[string]any{"name": "n"})
			if err != nil {
				return err
			}
			if _, err := in.Load(ctx, admin(), "x.a", rec.Doc.ID); err != nil {
				return err
			}
			if n := len(told); n != 1 {
				t.Errorf("told of %d writes", n)
			}
			if _, err := create(in, "x.b", nil); err == nil {
				t.Error("a serial number was taken")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := w.count(admin(), "x.a", `{}`); n != 1 {
			t.Errorf("%d records", n)
		}
	})
}
