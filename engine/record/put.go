package record

import (
	"errors"

	"formwork/engine/store"
)

// errTogether: one of several records that were inserted together cannot be; the store does not say which.
var errTogether = errors.New("one record of a batch cannot be inserted")

// put writes a record and its change, and notes what follows for others. New records and changes are gathered: a
// database across a network takes hundreds in the time of one.
func (w *writer) put(e *effect) error {
	if !e.changed {
		if e.intent.Verb == Recompute && e.intent.Full { // it may have to be found by values that it had before
			return w.compare(e.form, nil, e.after)
		}
		return nil
	}
	if err := w.acquaint(e.form, e.before, e.after); err != nil {
		return err
	}
	switch {
	case e.before == nil && !w.singly:
		w.created = append(w.created, e)
	case e.before == nil:
		if err := w.tx.Insert(w.ctx, e.form.Collection.Name, e.after); err != nil {
			return err
		}
	default:
		if err := w.flush(); err != nil {
			return err
		}
		delete(w.versions, e.form.Collection.Name+"/"+e.after.ID)
		if err := w.tx.Replace(w.ctx, e.form.Collection.Name, e.after, e.seen); err != nil {
			return err
		}
	}
	if len(e.files) > 0 {
		if err := w.Files.Attach(w.ctx, w.tx, e.files...); err != nil {
			return err
		}
	}
	if e.change != nil {
		w.changes = append(w.changes, store.New(w.NewID(), e.change))
		if move := w.moveOf(e); move != nil {
			w.moves = append(w.moves, move)
		}
		if e.before == nil {
			w.moves = append(w.moves, w.pastMoves(e)...)
		}
	}
	if err := w.raise(e.form, e.before, e.after, e.intent.Verb); err != nil {
		return err
	}
	if e.intent.Verb == Recompute && e.intent.Full {
		if err := w.compare(e.form, nil, e.after); err != nil {
			return err
		}
	}
	return w.follow(e.form, e.before, e.after)
}

// flush inserts what was gathered.
func (w *writer) flush() error {
	created, changes, moves := w.created, w.changes, w.moves
	w.created, w.changes, w.moves = nil, nil, nil
	for len(created) > 0 {
		name, n := created[0].form.Collection.Name, 0
		var docs []*store.Doc
		for n < len(created) && created[n].form.Collection.Name == name {
			docs = append(docs, created[n].after)
			n++
		}
		err := w.tx.Insert(w.ctx, name, docs...)
		if _, taken := asDuplicate(err); taken && n > 1 {
			return errTogether
		}
		if err != nil {
			return &faulted{created[0], err}
		}
		created = created[n:]
	}
	if len(changes) == 0 {
		return nil
	}
	if len(moves) > 0 {
		if err := w.tx.Insert(w.ctx, movesCollection, moves...); err != nil {
			return err
		}
	}
	return w.tx.Insert(w.ctx, changesCollection, changes...)
}

// version is the stored version of a record that an effect points to, 0 when there is none.
func (w *writer) version(collection, id string) (int64, error) {
	key := collection + "/" + id
	if v, known := w.versions[key]; known {
		return v, nil
	}
	doc, err := w.tx.Get(w.ctx, collection, id)
	if err != nil && !isNotFound(err) {
		return 0, err
	}
	if err == nil {
		w.versions[key] = doc.Version
	} else {
		w.versions[key] = 0
	}
	return w.versions[key], nil
}
