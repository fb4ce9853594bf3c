package personal

import (
	"context"
	"time"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
)

const (
	viewsCollection       = "personal.views"
	preferencesCollection = "personal.preferences"
	favouritesCollection  = "personal.favourites"
)

// Options of what is personal.
type Options struct {
	Store   store.Store
	Records *record.Records
	Now     func() time.Time
	NewID   func() string
}

// Personal keeps views, preferences and favourites. Safe for concurrent use.
type Personal struct{ Options }

func text(key string) query.Column {
	return query.Column{Key: key, Path: []string{key}, Kind: query.Text, Order: true}
}

// Open prepares the collections.
func Open(ctx context.Context, o Options) (*Personal, error) {
	shared := query.Column{Key: "shared", Path: []string{"shared"}, Kind: query.Bool}
	at := query.Column{Key: "at", Path: []string{"at"}, Kind: query.Instant, Order: true}
	for _, c := range []store.Collection{
		{Name: viewsCollection, Columns: []query.Column{text("form"), text("user"), shared, at}, Indexes: []store.Index{
			{Key: "user", Columns: []query.Order{{Column: "form"}, {Column: "user"}}},
			{Key: "shared", Columns: []query.Order{{Column: "form"}, {Column: "shared"}}}}},
		{Name: preferencesCollection},
		{Name: favouritesCollection, Columns: []query.Column{text("user"), at}, Indexes: []store.Index{
			{Key: "user", Columns: []query.Order{{Column: "user"}, {Column: "at"}}}}},
	} {
		if err := o.Store.Ensure(ctx, c); err != nil {
			return nil, err
		}
	}
	return &Personal{o}, nil
}
