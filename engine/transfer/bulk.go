package transfer

import (
	"context"

	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// bulk writes intents, each standing for itself, and within exactly once in a transaction that commits with or after
// them. Where one intent's failure undoes the common transaction, the others are written one at a time.
func (t *Transfer) bulk(ctx context.Context, c record.Caller, intents []*record.Intent, within func(context.Context, store.Tx) error) ([]record.Result, error) {
	committed := false
	o := record.WriteOptions{Within: func(ctx context.Context, tx store.Tx) error {
		err := within(ctx, tx)
		committed = err == nil
		return err
	}}
	results, err := t.Records.Bulk(ctx, c, intents, false, o)
	if err != nil && (len(intents) != 1 || problem.KindOf(err) == "") {
		return nil, err
	}
	if err == nil && committed {
		return results, nil
	}
	if results, err = t.singly(ctx, c, intents); err != nil {
		return nil, err
	}
	return results, t.Store.Update(ctx, func(tx store.Tx) error { return within(ctx, tx) })
}

func (t *Transfer) singly(ctx context.Context, c record.Caller, intents []*record.Intent) ([]record.Result, error) {
	results := make([]record.Result, len(intents))
	for i, in := range intents {
		one, err := t.Records.Bulk(ctx, c, []*record.Intent{in}, true, record.WriteOptions{})
		switch {
		case err == nil:
			results[i] = one[0]
		case problem.KindOf(err) == "":
			return nil, err
		default:
			results[i].Err = err
		}
	}
	return results, nil
}
