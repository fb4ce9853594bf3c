package sqlite

import (
	"context"
	"fmt"
	"testing"

	"formwork/engine/query"
	"formwork/engine/store"
)

// A long list on a unique text that matches folded seeks in the unique index like a short one.
func TestManyValuesOnAUniqueText(t *testing.T) {
	ctx := context.Background()
	st, err := Open(ctx, Options{Path: t.TempDir() + "/test.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	coll := store.Collection{Name: "c", Columns: []query.Column{{Key: "no", Path: []string{"no"}, Kind: query.Text, Order: true, Match: true}},
		Indexes: []store.Index{{Key: "no", Unique: true, Columns: []query.Order{{Column: "no"}}}}}
	if err := st.Ensure(ctx, coll); err != nil {
		t.Fatal(err)
	}
	var values []any
	err = st.Update(ctx, func(tx store.Tx) error {
		for i := range 300 {
			no := fmt.Sprintf("No %d", i)
			values = append(values, no)
			if err := tx.Insert(ctx, "c", store.New(fmt.Sprint(i), map[string]any{"no": no})); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5, 99, 100, 250} {
		err := st.View(ctx, func(r store.Reader) error {
			docs, err := store.All(ctx, r, "c", query.Find{Where: query.Is("no", values[:n]...)})
			if len(docs) != n {
				t.Errorf("%d of %d values found", len(docs), n)
			}
			return err
		})
		if err != nil {
			t.Errorf("%d values: %v", n, err)
		}
	}
}
