package record_test

import (
	"fmt"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/value"
)

func TestEveryFigureOfABoardLeadsToItsRecords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.install("sales-crm")
		_, anna, ben, carl := w.team()
		retail := w.create(admin(), "customer.customer", map[string]any{"name": "R", "sector": "retail"})
		medical := w.create(admin(), "customer.customer", map[string]any{"name": "M", "sector": "medical"})
		for i, u := range []*org.User{anna, anna, ben, carl, carl} {
			d := map[string]any{"name": "o", "owner": u.ID, "stage": "won", "amount": float64(100 * (i + 1)), "engagedAt": "2026-01-01", "closedAt": []string{"2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-05"}[i]}
			switch i {
			case 0, 1:
				d["account"] = retail.Doc.ID
			case 2:
				d["account"] = medical.Doc.ID
			}
			if i == 4 {
				d["stage"], d["amount"] = "lost", nil
			}
			if i == 0 {
				d["engagedAt"] = "2025-12-01"
			}
			w.create(admin(), "customer.opportunity", d)
		}
		board, err := w.Board(ctx, admin(), "customer", "sales", record.BoardParams{Period: "all"})
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, card := range board.Cards {
			if len(card.Problems) > 0 {
				t.Errorf("%s: %v", card.Key, card.Problems)
			}
			for j, row := range card.Rows {
				ans, err := w.Aggregate(ctx, admin(), card.Form, ask(t, `{"measures":[{"fn":"count","as":"n"}],"filter":`+string(card.Filters[j].FilterJSON())+`}`))
				if err != nil {
					t.Fatalf("%s row %v: %s: %v", card.Key, row, card.Filters[j].FilterJSON(), err)
				}
				n := ans.Rows[0]["n"].(int64)
				if got, err := w.Query(ctx, admin(), card.Form, record.Query{Filter: filter(t, string(card.Filters[j].FilterJSON())), Limit: 500}); err != nil || int64(len(got.Items)) != n {
					t.Errorf("%s row %v: %d records, the filter counts %d, %v", card.Key, row, len(got.Items), n, err)
				}
				for _, as := range []string{"n", "deals", "count"} {
					if c, ok := row[as].(int64); ok && c > n {
						t.Errorf("%s row %v: only %d records behind it", card.Key, row, n)
					}
				}
				seen++
			}
		}
		if seen < 20 {
			t.Errorf("only %d rows on the board", seen)
		}
		ans, err := w.Aggregate(ctx, admin(), "customer.opportunity", ask(t, `{"filter":{"field":"stage","op":"eq","value":"won"},
			"groupBy":[{"field":"account.sector","as":"s"}],"measures":[{"fn":"sum","field":"amount","as":"won"},{"fn":"distinct","field":"owner","as":"who"}],"sort":["-won"]}`))
		if err != nil || len(ans.Rows) != 3 || ans.Rows[0]["s"] != nil || ans.Rows[1]["s"] != "medical" && ans.Rows[1]["s"] != "retail" {
			t.Errorf("by sector: %v %v", ans.Rows, err)
		}
		if n := w.count(admin(), "customer.opportunity", `{"field":"account.sector","op":"ne","value":"retail"}`); n != 3 {
			t.Errorf("not retail: %d, want 3 with those that have no account", n)
		}
		ans, err = w.Aggregate(ctx, admin(), "customer.opportunity", ask(t, `{"groupBy":[{"field":"closedAt","unit":"quarter","as":"q"}],"measures":[
			{"fn":"count","as":"all"},{"fn":"count","filter":{"field":"stage","op":"eq","value":"won"},"as":"won"},{"as":"rate","ratio":["won","all"],"percent":true,"scale":2}]}`))
		if err != nil || len(ans.Rows) != 2 || ans.Rows[1]["q"] != "2026-Q1" || ans.Rows[1]["rate"] == nil {
			t.Errorf("by quarter: %v %v", ans.Rows, err)
		}
	})
}

func TestFiguresBesideThoseOfThePeriodBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const sale = `{"kind":"form","key":"sale","title":"Sale","schema":{"type":"object","properties":{
			"n":{"type":"number","x-field":{"type":"number","scale":2}},"on":{"type":"string","x-field":{"type":"date"}},"shop":{"type":"string","x-field":{"type":"select","options":[{"value":"a"},{"value":"b"},{"value":"c"}]}}}}}`
		measures := `"form":"sale","dateField":"on","measures":[{"fn":"sum","field":"n","as":"sum"}]`
		w.publishApp("lab", sale, `{"kind":"dashboard","key":"d","cards":[
			{"key":"sum","title":"S","type":"kpi",`+measures+`,"compare":"previous","target":{"value":300,"per":"month"}},
			{"key":"year","title":"S","type":"kpi",`+measures+`,"compare":"last-year","target":{"value":36.5}},
			{"key":"shops","title":"S","type":"leaderboard",`+measures+`,"groupBy":[{"field":"shop","as":"shop"}],"sort":["-sum"],"limit":2,"compare":"previous"},
			{"key":"plain","title":"S","type":"kpi",`+measures+`}]}`)
		w.now = time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
		for _, s := range [][3]any{{"2026-05-01", "a", 10.0}, {"2026-05-10", "b", 30.0}, {"2026-05-20", "b", 1.0}, {"2026-04-01", "a", 5.0}, {"2026-04-10", "c", 7.0}, {"2026-04-11", "a", 100.0}, {"2025-05-02", "a", 50.0}, {"2025-05-11", "a", 500.0}} {
			w.create(admin(), "lab.sale", map[string]any{"on": s[0], "shop": s[1], "n": s[2]})
		}
		ask := func(period any) map[string]record.CardData {
			t.Helper()
			b, err := w.Board(ctx, admin(), "lab", "d", record.BoardParams{Period: period})
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]record.CardData{}
			for _, c := range b.Cards {
				out[c.Key] = c
			}
			if period == "this-month" && (b.Elapsed != 10 || b.Span.Days() != 31) {
				t.Errorf("%d of %d days", b.Elapsed, b.Span.Days())
			}
			return out
		}
		sum := func(r query.Result) string { return fmt.Sprint(r["sum"]) }
		now := ask("this-month") // of which ten days are over
		if c := now["sum"]; sum(c.Rows[0]) != "41" || sum(c.Previous[0]) != "12" || *c.Target != 300 || value.FormatDate(c.Then.From) != "2026-04-01" || value.FormatDate(c.Then.To) != "2026-04-10" {
			t.Errorf("%+v", c)
		}
		if c := now["year"]; sum(c.Previous[0]) != "50" || *c.Target != 36.5 || value.FormatDate(c.Then.To) != "2025-05-10" {
			t.Errorf("%+v", c)
		}
		if c := now["shops"]; c.Rows[0]["shop"] != "b" || c.Previous[0] != nil || sum(c.Previous[1]) != "5" {
			t.Errorf("%+v", c)
		}
		if c := now["plain"]; c.Previous != nil || c.Then != nil || c.Target != nil {
			t.Errorf("%+v", c)
		}
		if c := ask("2026-04")["sum"]; sum(c.Rows[0]) != "112" || value.FormatDate(c.Then.From) != "2026-03-01" || value.FormatDate(c.Then.To) != "2026-03-31" {
			t.Errorf("a period that is over: %+v", c)
		}
		if c := ask("2026-Q2")["sum"]; *c.Target != 900 {
			t.Errorf("target of a quarter: %v", *c.Target)
		}
		if c := ask(map[string]any{"from": "2026-04-16", "to": "2026-05-31"})["sum"]; *c.Target != 450 {
			t.Errorf("target of a month and a half: %v", *c.Target)
		}
		if c := ask("2026-07")["sum"]; c.Then != nil {
			t.Errorf("a period to come is compared: %+v", c)
		}
		if c := ask("all")["sum"]; c.Then != nil || c.Target != nil {
			t.Errorf("all time is compared: %+v", c)
		}
	})
}
