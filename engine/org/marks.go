package org

import (
	"context"
	"errors"
	"fmt"

	"formwork/engine/store"
)

// Every change to people, and to the settings, moves a mark in its transaction. That does two things. Changes follow one
// another, on every store and from every process: two that are each sound alone (A under B, B under A; the last two
// admins, each by the other) cannot both commit. And other processes hear of them: a store tells of inserted documents
// only, and a user is changed in place.
const marksCollection = "org.marks"

// What a mark stands for.
const (
	peopleMark   = "people"
	settingsMark = "settings"
)

// openMarks prepares the collection and the mark, so that changes find it.
func openMarks(ctx context.Context, st store.Store, name string) error {
	if err := st.Ensure(ctx, store.Collection{Name: marksCollection}); err != nil {
		return err
	}
	err := st.Update(ctx, func(tx store.Tx) error {
		_, err := tx.Get(ctx, marksCollection, name)
		if errors.Is(err, store.ErrNotFound) {
			return tx.Insert(ctx, marksCollection, store.New(name, map[string]any{"count": float64(0)}))
		}
		return err
	})
	var there *store.DuplicateError
	if errors.As(err, &there) { // another process was faster
		return nil
	}
	return err
}

// move counts a mark on, and leaves a document to wake who watches in the place of the last.
func move(ctx context.Context, tx store.Tx, name string) error {
	doc, err := tx.Get(ctx, marksCollection, name)
	if err != nil {
		return err
	}
	n, _ := doc.Tree()["count"].(float64)
	hint := func(n float64) string { return fmt.Sprintf("%s@%.0f", name, n) }
	if err := tx.Replace(ctx, marksCollection, store.New(name, map[string]any{"count": n + 1}), doc.Version); err != nil {
		return err
	}
	if err := tx.Insert(ctx, marksCollection, store.New(hint(n+1), nil)); err != nil || n == 0 {
		return err
	}
	return tx.Delete(ctx, marksCollection, hint(n), 0)
}

// watch calls refresh at first, and whenever a mark may have been moved, until ctx ends.
func watch(ctx context.Context, st store.Store, refresh func(context.Context) error) error {
	woken, err := st.Watch(ctx, marksCollection)
	if err != nil {
		return err
	}
	for {
		if err := refresh(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-woken:
			if !open {
				return nil
			}
		}
	}
}
