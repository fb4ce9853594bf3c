package record

import (
	"context"
	"errors"

	"formwork/engine/store"
	"formwork/schemas/definition"
)

// await waits for what a write has set off and that has begun, and gives the records as they are then. However that ends,
// the write is made.
func (s *session) await(started []<-chan struct{}, results []Result) {
	if len(started) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.Patience)
	defer cancel()
	ended := false
	for _, done := range started {
		select {
		case <-done:
			ended = true
		case <-ctx.Done():
		}
	}
	if ended {
		_ = s.Store.View(s.ctx, func(rd store.Reader) error { return s.renew(rd, results) })
	}
}

// renew gives results the records as they are by now, so that who saves again does so over what there is. A record that the
// caller may not see any more stays as it was written; so does one that is in the recycle bin by now.
func (s *session) renew(rd store.Reader, results []Result) error {
	for i := range results {
		rec := results[i].Record
		if rec == nil || results[i].Err != nil {
			continue
		}
		doc, err := rd.Get(s.ctx, rec.Form.Collection.Name, rec.Doc.ID)
		if isNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		if doc.Version != rec.Doc.Version && doc.Deleted == rec.Doc.Deleted && s.decide(rec.Form).Covers(definition.Read, rec.Form.Columns, doc.Tree()) {
			results[i].Record = &Record{rec.Form, doc}
		}
	}
	return nil
}

// Inside gives Records that read and write within a transaction, for what follows from the write that it makes. A write that
// fails leaves that transaction as it should not be: it must be abandoned then, and nothing more is read or written. Serial
// numbers cannot be taken there. changed and wake are told what Options.Changed and Jobs.Wake would be, before the commit.
func (r *Records) Inside(tx store.Tx, l Listener, changed func(form string, ids []string), wake func()) *Records {
	o := r.Options
	o.Store, o.Listener, o.Changed, o.Jobs = &inside{tx: tx}, l, changed, &sleeping{r.Jobs, wake}
	return &Records{o}
}

// sleeping are jobs that are woken later.
type sleeping struct {
	Jobs
	wake func()
}

func (s *sleeping) Wake() { s.wake() }

// errOutside: what is wanted cannot be had within a transaction.
var errOutside = errors.New("not within a transaction")

// errSpoiled: a write within the transaction has failed.
var errSpoiled = errors.New("the transaction is to be abandoned")

// inside is a transaction as a store: whoever reads sees what it wrote.
type inside struct {
	store.Store // nil: what is not here is not to be had
	tx          store.Tx
	spoiled     bool
}

func (s *inside) View(_ context.Context, fn func(store.Reader) error) error {
	if s.spoiled {
		return errSpoiled
	}
	return fn(s.tx)
}

func (s *inside) Update(_ context.Context, fn func(store.Tx) error) error {
	if s.spoiled {
		return errSpoiled
	}
	err := fn(s.tx)
	s.spoiled = err != nil
	return err
}

func (s *inside) Reserve(context.Context, string, int64) (int64, error) { return 0, errOutside }
