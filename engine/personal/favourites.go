package personal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxFavourites is how many records a user may mark.
const MaxFavourites = 200

// Favourite is a record that a user marked.
type Favourite struct {
	Form  string `json:"form"`
	ID    string `json:"id"`
	Title string `json:"title"`
	At    string `json:"at"`
}

func favouriteID(user, form, id string) string {
	h := sha256.Sum256([]byte(user + "\x00" + form + "\x00" + id))
	return hex.EncodeToString(h[:12])
}

func (p *Personal) marks(ctx context.Context, r store.Reader, user string) ([]*store.Doc, error) {
	return store.All(ctx, r, favouritesCollection, query.Find{Where: query.Is("user", user), Sort: []query.Order{{Column: "at", Desc: true}}, Limit: MaxFavourites})
}

// Favourites lists what a user marked and may still read, the latest first. What they may not read now comes back with
// the right.
func (p *Personal) Favourites(ctx context.Context, c record.Caller) ([]Favourite, error) {
	var docs []*store.Doc
	err := p.Store.View(ctx, func(r store.Reader) (err error) {
		docs, err = p.marks(ctx, r, c.User)
		return err
	})
	if err != nil {
		return nil, err
	}
	ids := map[string][]string{}
	all := make([]Favourite, len(docs))
	for i, d := range docs {
		t := d.Tree()
		s := func(k string) string { v, _ := t[k].(string); return v }
		all[i] = Favourite{Form: s("form"), ID: s("record"), At: s("at")}
		ids[all[i].Form] = append(ids[all[i].Form], all[i].ID)
	}
	titles := map[string]map[string]string{}
	for form, list := range ids {
		if titles[form], err = p.Records.Titles(ctx, c, form, list); err != nil {
			return nil, err
		}
	}
	out := []Favourite{}
	for _, f := range all {
		if title, ok := titles[f.Form][f.ID]; ok {
			f.Title = title
			out = append(out, f)
		}
	}
	return out, nil
}

// Mark makes a record a favourite. It must be one that the caller may read.
func (p *Personal) Mark(ctx context.Context, c record.Caller, form, id string) error {
	titles, err := p.Records.Titles(ctx, c, form, []string{id})
	if err != nil {
		return err
	}
	if _, ok := titles[id]; !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": form, "record": id})
	}
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		key := favouriteID(c.User, form, id)
		if _, err := tx.Get(ctx, favouritesCollection, key); absent(err) != nil || err == nil {
			return err
		}
		n, err := tx.Count(ctx, favouritesCollection, query.Is("user", c.User), query.Live, MaxFavourites)
		if err != nil {
			return err
		}
		if n >= MaxFavourites {
			return problem.Fail(problem.Invalid, "too-many-favourites", "", problem.P{"max": MaxFavourites})
		}
		return tx.Insert(ctx, favouritesCollection, store.New(key, map[string]any{"user": c.User, "form": form, "record": id,
			"at": value.FormatInstant(p.Now().UnixMilli())}))
	})
	var twice *store.DuplicateError
	if errors.As(err, &twice) { // two requests at once
		return nil
	}
	return err
}

// Unmark takes a mark away; no error where there is none.
func (p *Personal) Unmark(ctx context.Context, user, form, id string) error {
	return absent(p.Store.Update(ctx, func(tx store.Tx) error {
		return tx.Delete(ctx, favouritesCollection, favouriteID(user, form, id), 0)
	}))
}
