package transfer

import (
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"formwork/engine/query"
	"formwork/engine/store"
)

// guessed opens a file of the shared data set and proposes a mapping for it.
func (r *rig) guessed(dir, name, form string) (string, Mapping) {
	r.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	r.must(err)
	id := r.upload(name, string(b))
	_, columns, err := Profile(r.open(id), Mapping{}, 0)
	r.must(err)
	if form == "" {
		return id, GuessPeople(Users, columns)
	}
	return id, Guess(r.cat.Snapshot().Forms[form], columns)
}

func fieldsOf(m Mapping) map[string]string {
	out := map[string]string{}
	for _, c := range m.Columns {
		out[c.Column] = c.Field
	}
	return out
}

func (r *rig) checkGuess(name string, m Mapping, key string, want map[string]string) {
	r.Helper()
	if got := fieldsOf(m); !maps.Equal(got, want) {
		r.Errorf("%s: guessed %v, want %v", name, got, want)
	}
	if len(m.Key) != 1 || m.Key[0] != key || m.Mode != Upsert {
		r.Errorf("%s: key %v, mode %s", name, m.Key, m.Mode)
	}
}

// The real data set goes through guess, preview and import into the bundled template, its traps visible on the way.
func TestMaven(t *testing.T) {
	dir := shared(t, "crm", "maven")
	r := newRig(t, onSQLite(t), template(t, "sales-crm"))
	r.t.Batch = 400
	// Real data has no clock.
	steps := []struct {
		file, form, key string
		fields          map[string]string
	}{
		{"accounts.csv", "customer.customer", "name", map[string]string{"account": "name", "sector": "sector", "year_established": "founded", "revenue": "revenue",
			"employees": "employees", "office_location": "location", "subsidiary_of": "parent"}},
		{"products.csv", "customer.product", "name", map[string]string{"product": "name", "series": "series", "sales_price": "price"}},
		{"sales_teams.csv", "", "", nil},
		{"sales_pipeline.csv", "customer.opportunity", "externalNo", map[string]string{"opportunity_id": "externalNo", "sales_agent": "owner", "product": "product",
			"account": "account", "deal_stage": "stage", "engage_date": "engagedAt", "close_date": "closedAt", "close_value": "amount"}},
	}
	for _, s := range steps {
		id, m := r.guessed(dir, s.file, s.form)
		if s.form != "" {
			r.checkGuess(s.file, m, s.key, s.fields)
		}
		began := time.Now()
		p, err := r.t.Preview(r.ctx, r.caller(boss), r.open(id), m)
		r.must(err)
		t.Logf("%s: preview in %v: %d rows, create %d, refused %d, %v", s.file, time.Since(began), p.Rows, p.Create, p.Refused, p.Problems)
		if p.Refused != 0 || p.Create != p.Rows || p.Problems.Blocks() {
			t.Fatalf("%s: %+v", s.file, p.RefusedRows)
		}
		reread := map[string]Text{}
		for _, c := range p.Columns {
			for _, x := range c.Reread {
				reread[x.Value] = x
			}
		}
		switch s.file {
		case "accounts.csv":
			if v := m.Columns[1].Values["technolgy"]; v != "technology" {
				t.Errorf("technolgy is proposed to mean %q", v)
			}
		case "sales_pipeline.csv":
			if reread["GTXPro"] != (Text{"GTXPro", "GTX Pro", 1480}) {
				t.Errorf("reread %v", reread)
			}
			empty := map[any]any{}
			for _, q := range p.Problems {
				if q.Code == "empty-references" {
					empty[q.Params["field"]] = q.Params["count"]
				}
			}
			if empty["account"] != 1425 {
				t.Errorf("empty references %v", empty)
			}
		}
		began = time.Now()
		job, err := r.t.Start(r.ctx, r.caller(boss), id, m, StartOptions{})
		r.must(err)
		job = r.finish(job)
		r.expect(job, p.Rows, 0, 0, 0)
		d := time.Since(began)
		t.Logf("%s: imported in %v, %.0f rows/s", s.file, d, float64(p.Rows)/d.Seconds())
		if s.form != "" {
			job, err = r.t.Start(r.ctx, r.caller(boss), id, m, StartOptions{})
			r.must(err)
			r.expect(r.finish(job), 0, 0, p.Rows, 0)
		}
	}
	r.checkTeams()
	r.checkWon(filepath.Join(filepath.Dir(dir), "maven_published_figures.json"))
}

func (r *rig) checkTeams() {
	dir := r.org.Directory()
	roots := dir.Children("")
	if len(roots) != 1 || dir.Departments[roots[0]].Name != "Works" || len(dir.Children(roots[0])) != 3 || len(dir.Departments) != 10 || len(dir.Users) != 42 {
		r.Errorf("%d departments, %d users, roots %v", len(dir.Departments), len(dir.Users), roots)
	}
	for _, u := range dir.Users {
		if u.Name == "Dustin Brinkmann" {
			unit := dir.Departments[u.Department]
			if unit == nil || unit.Name != u.Name || unit.Leader != u.ID || dir.Departments[dir.AtLevel(u.Department, 1)].Name != "Central" || !u.Invited || !u.Active {
				r.Errorf("%+v leads %+v", u, unit)
			}
		}
	}
	if u, ok := dir.ByLogin("anna.snelling"); !ok || dir.Departments[u.Department].Name != "Dustin Brinkmann" {
		r.Errorf("Anna Snelling: %+v", u)
	}
}

// checkWon reads the won total back as the store sums it.
func (r *rig) checkWon(published string) {
	b, err := os.ReadFile(published)
	r.must(err)
	f := r.cat.Snapshot().Forms["customer.opportunity"]
	var rows []query.Row
	r.must(r.st.View(r.ctx, func(rd store.Reader) (err error) {
		rows, err = rd.Aggregate(r.ctx, f.Collection.Name, query.Aggregate{Where: query.Is("stage", "won"),
			Measures: []query.Measure{{Fn: query.Sum, Column: "amount"}, {Fn: query.Count}}})
		return err
	}))
	sum, _ := rows[0].Values[0].(*big.Int)
	if sum == nil || sum.Int64() != 1000553400 || rows[0].Values[1] != int64(4238) {
		r.Errorf("won: %v", rows[0].Values)
	}
	if !json.Valid(b) || !strings.Contains(string(b), "10005534") {
		r.Errorf("the published figures do not say 10005534")
	}
}
