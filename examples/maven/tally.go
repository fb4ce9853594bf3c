package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// tally is what the product says of a group of deals. Numbers are as it wrote them.
type tally struct {
	Value   json.Number  `json:"value"` // of won deals
	Deals   int          `json:"deals"`
	Won     int          `json:"won"`
	Lost    int          `json:"lost"`
	Closed  int          `json:"closed"`
	WinRate *json.Number `json:"winRate"` // percent of closed deals; nil where none is closed
	Days    *json.Number `json:"days"`    // from engaged to closed, mean over won deals; nil where none is won
	name    string
	records filter // leads to the group's deals
}

// measures of a tally. The product divides and rounds.
var measures = []map[string]any{
	{"as": "value", "fn": "sum", "field": "amount", "filter": won},
	{"as": "deals", "fn": "count"},
	{"as": "won", "fn": "count", "filter": won},
	{"as": "lost", "fn": "count", "filter": lost},
	{"as": "closed", "fn": "count", "filter": closed},
	{"as": "winRate", "ratio": []string{"won", "closed"}, "percent": true, "scale": 2},
	{"as": "days", "fn": "avg", "field": "daysToClose", "filter": won, "scale": 2},
}

// grouping is a group key of an aggregate and the way back from one of its values to the records.
type grouping struct {
	Field   string `json:"field"`
	Unit    string `json:"unit,omitempty"`
	Level   int    `json:"level,omitempty"`
	records func(key string) filter
}

func by(path string) grouping {
	return grouping{Field: path, records: func(key string) filter { return is(path, "eq", key) }}
}

var (
	byAgent   = by("owner.name")
	byProduct = by("product.name")
	byAccount = by("account.name")
	bySector  = by("account.sector")
	byRegion  = grouping{Field: "owner.department", Level: 1, records: func(id string) filter { return is("owner", "under", id) }}
	byQuarter = grouping{Field: "closedAt", Unit: "quarter", records: during}
	byMonth   = grouping{Field: "closedAt", Unit: "month", records: during}
)

// during is the days of a quarter (2017-Q1) or a month (2017-03).
func during(bucket string) filter {
	var year, n int
	months := 1
	first, err := time.Parse("2006-01", bucket)
	if err != nil {
		months = 3
		_, _ = fmt.Sscanf(bucket, "%d-Q%d", &year, &n) // the product's own label
		first = time.Date(year, time.Month(3*n-2), 1, 0, 0, 0, 0, time.UTC)
	}
	last := first.AddDate(0, months, -1)
	return is("closedAt", "between", []string{first.Format(time.DateOnly), last.Format(time.DateOnly)})
}

// one tallies the deals that a filter takes.
func (c *client) one(ctx context.Context, where filter) (tally, error) {
	list, err := c.tallies(ctx, where, nil)
	if err != nil || len(list) == 0 {
		return tally{Value: "0", records: where}, err
	}
	return list[0], nil
}

// tallies tallies them per group, the highest won value first. Records without a value for the key are no group.
func (c *client) tallies(ctx context.Context, where filter, g *grouping) ([]tally, error) {
	ask := map[string]any{"measures": measures, "sort": []string{"-value"}}
	if where != nil {
		ask["filter"] = where
	}
	if g != nil {
		key := map[string]any{"field": g.Field, "as": "key"}
		if g.Unit != "" {
			key["unit"] = g.Unit
		}
		if g.Level > 0 {
			key["level"] = g.Level
		}
		ask["groupBy"] = []any{key}
	}
	var answer struct {
		Rows []struct {
			Key *string `json:"key"`
			tally
		} `json:"rows"`
		Labels map[string]map[string]string `json:"labels"`
	}
	if err := c.call(ctx, "POST", places.Deals+"/aggregate", ask, &answer); err != nil {
		return nil, err
	}
	var out []tally
	for _, row := range answer.Rows {
		t := row.tally
		t.records = where
		switch {
		case g != nil && row.Key == nil:
			continue
		case g != nil:
			t.name, t.records = *row.Key, all(where, g.records(*row.Key))
			if label := answer.Labels["key"][t.name]; label != "" {
				t.name = label
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// index finds tallies by name, whatever the case.
type index map[string]tally

func indexOf(list []tally) index {
	out := make(index, len(list))
	for _, t := range list {
		out[strings.ToLower(t.name)] = t
	}
	return out
}

// of is the tally of a name, one of nothing where there are no deals.
func (x index) of(name string, g grouping) tally {
	if t, ok := x[strings.ToLower(name)]; ok {
		return t
	}
	return tally{Value: "0", name: name, records: g.records(name)}
}
