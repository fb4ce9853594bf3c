package personal

import (
	"context"
	"errors"
	"maps"

	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxPreferences is how large a user's preferences may be, as JSON.
const MaxPreferences = 32 << 10

// Preferences are what a user's screens remember; the engine does not look into them.
func (p *Personal) Preferences(ctx context.Context, user string) (out map[string]any, err error) {
	err = p.Store.View(ctx, func(r store.Reader) error {
		doc, err := r.Get(ctx, preferencesCollection, user)
		out = stored(doc, err)
		return absent(err)
	})
	return out, err
}

func stored(doc *store.Doc, err error) map[string]any {
	if err != nil {
		return map[string]any{}
	}
	m, _ := doc.Tree()["data"].(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	return m
}

func absent(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// Prefer changes preferences by a merge patch (RFC 7396): null removes a member, objects merge, everything else replaces.
// Two that change different members at once both come through.
func (p *Personal) Prefer(ctx context.Context, user string, patch map[string]any) (out map[string]any, err error) {
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		old, err := tx.Get(ctx, preferencesCollection, user)
		if absent(err) != nil {
			return err
		}
		out = merged(stored(old, err), patch)
		if n := len(value.AppendJSON(nil, out)); n > MaxPreferences {
			return problem.Fail(problem.Invalid, "too-large", "", problem.P{"limit": MaxPreferences, "actual": n})
		}
		doc := store.New(user, map[string]any{"data": out})
		if err != nil {
			return tx.Insert(ctx, preferencesCollection, doc)
		}
		return tx.Replace(ctx, preferencesCollection, doc, old.Version)
	})
	return out, err
}

func merged(target map[string]any, patch map[string]any) map[string]any {
	out := maps.Clone(target)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range patch {
		switch v := v.(type) {
		case nil:
			delete(out, k)
		case map[string]any:
			inner, _ := out[k].(map[string]any)
			out[k] = merged(inner, v)
		default:
			out[k] = v
		}
	}
	return out
}
