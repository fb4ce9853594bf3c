package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// figure is a line of the output.
type figure struct {
	Metric string `json:"metric"`
	Value  any    `json:"value"`
	// form and records lead to what the figure was computed over, count says how many those are. A figure about the
	// import itself has no form.
	form    string
	records filter
	count   int
}

// figures collects what is printed. Every number comes from an aggregate of the product, but for those about the import.
type figures struct {
	*client
	dir  *directory
	list []figure
}

func (f *figures) add(metric string, value any, records filter, count int) {
	f.list = append(f.list, figure{metric, value, places.Deals, records, count})
}

// figuresOf asks for everything. spellings are the products as sales_pipeline.csv calls them.
func figuresOf(ctx context.Context, c *client, dir *directory, spellings []spelling) ([]figure, error) {
	f := &figures{client: c, dir: dir}
	for _, step := range []func(context.Context) error{
		f.totals, f.agents, f.managers,
		func(ctx context.Context) error { return f.products(ctx, spellings) },
		f.sectors, f.periods, f.regions, f.accounts,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	for _, s := range spellings {
		if s.rows > 0 {
			f.list = append(f.list, figure{Metric: s.text + " rows not matching products.csv", Value: s.rows})
		}
	}
	return f.list, nil
}

func (f *figures) totals(ctx context.Context) error {
	var total tally
	for _, count := range []struct {
		metric string
		where  filter
	}{
		{"rows sales_pipeline", nil},
		{"closed deals", closed},
		{"won deals", won},
		{"account missing", empty("account")},
		{"  of which Engaging", all(empty("account"), is("stage", "eq", "engaging"))},
		{"  of which Prospecting", all(empty("account"), is("stage", "eq", "prospecting"))},
		{"close_date missing", empty("closedAt")},
		{"engage_date missing", empty("engagedAt")},
	} {
		t, err := f.one(ctx, count.where)
		if err != nil {
			return err
		}
		if count.where == nil {
			total = t
		}
		f.add(count.metric, t.Deals, count.where, t.Deals)
	}
	f.add("total won value", number(total.Value), won, total.Won)
	f.add("win rate closed %", rate(total.WinRate), closed, total.Closed)
	n, err := f.count(ctx, places.Accounts)
	if err != nil {
		return err
	}
	f.list = append(f.list, figure{"rows accounts", n, places.Accounts, nil, n})
	return nil
}

func (f *figures) agents(ctx context.Context) error {
	list, err := f.tallies(ctx, nil, &byAgent)
	if err != nil {
		return err
	}
	known := indexOf(list)
	for _, name := range f.dir.agents {
		t := known.of(name, byAgent)
		f.won("won value agent "+name, t)
		f.results("agent "+name, t)
	}
	return nil
}

// managers counts the deals of everybody in a department that the manager leads.
func (f *figures) managers(ctx context.Context) error {
	var users struct {
		Items []struct{ ID, Name string } `json:"items"`
	}
	if err := f.call(ctx, "GET", "/users", nil, &users); err != nil {
		return err
	}
	for _, name := range f.dir.managers {
		var ids []string
		for _, u := range users.Items {
			if strings.EqualFold(u.Name, name) {
				ids = append(ids, u.ID)
			}
		}
		t, err := f.one(ctx, is("owner.department.leader", "in", ids))
		if err != nil {
			return err
		}
		f.results("manager "+name, t)
	}
	return nil
}

func (f *figures) products(ctx context.Context, spellings []spelling) error {
	list, err := f.tallies(ctx, nil, &byProduct)
	if err != nil {
		return err
	}
	known := indexOf(list)
	for _, s := range spellings {
		if s.product == "" {
			continue // its rows were refused
		}
		t := known.of(s.product, byProduct)
		f.add("won deals "+s.text, t.Won, all(t.records, won), t.Won)
		f.add("mean days to close, won, "+s.text, rate(t.Days), all(t.records, won), t.Won)
	}
	return nil
}

func (f *figures) sectors(ctx context.Context) error {
	list, err := f.tallies(ctx, nil, &bySector)
	if err != nil {
		return err
	}
	for i, t := range list {
		if i == 0 && t.Won > 0 {
			f.add("top sector by won value", fmt.Sprint(t.name, " ", number(t.Value)), all(t.records, won), t.Won)
		}
		f.won("won value sector "+t.name, t)
	}
	return nil
}

func (f *figures) periods(ctx context.Context) error {
	for _, p := range []struct {
		name string
		by   *grouping
	}{{"quarter", &byQuarter}, {"month", &byMonth}} {
		list, err := f.tallies(ctx, won, p.by)
		if err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b tally) int { return strings.Compare(a.name, b.name) })
		for _, t := range list {
			f.add("won value "+p.name+" "+t.name, number(t.Value), t.records, t.Won)
		}
	}
	return nil
}

func (f *figures) regions(ctx context.Context) error {
	list, err := f.tallies(ctx, nil, &byRegion)
	if err != nil {
		return err
	}
	for _, t := range list {
		f.won("won value region "+t.name, t)
	}
	return nil
}

func (f *figures) accounts(ctx context.Context) error {
	list, err := f.tallies(ctx, nil, &byAccount)
	if err != nil {
		return err
	}
	known := indexOf(list)
	for _, name := range f.dir.accounts {
		f.won("won value account "+name, known.of(name, byAccount))
	}
	return nil
}

func (f *figures) won(metric string, t tally) {
	f.add(metric, number(t.Value), all(t.records, won), t.Won)
}

// results are won and lost deals, and the share of the won in both: null for whom nothing is closed.
func (f *figures) results(who string, t tally) {
	records := all(t.records, closed)
	f.add("won/lost "+who, fmt.Sprintf("%d/%d", t.Won, t.Lost), records, t.Closed)
	f.add("win rate "+who, rate(t.WinRate), records, t.Closed)
}

// count counts all records of a form.
func (c *client) count(ctx context.Context, form string) (int, error) {
	var answer struct {
		Rows []struct {
			N int `json:"n"`
		} `json:"rows"`
	}
	err := c.call(ctx, "POST", form+"/aggregate", map[string]any{"measures": []any{map[string]any{"fn": "count", "as": "n"}}}, &answer)
	if err != nil || len(answer.Rows) == 0 {
		return 0, err
	}
	return answer.Rows[0].N, nil
}

// number writes a number without the zeros that its scale added: 1153214.00 is 1153214.
func number(n json.Number) json.Number {
	text := n.String()
	if strings.Contains(text, ".") && !strings.ContainsAny(text, "eE") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	if text == "" || text == "-0" {
		text = "0"
	}
	return json.Number(text)
}

func rate(n *json.Number) any {
	if n == nil {
		return nil
	}
	return number(*n)
}
