package record_test

import (
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
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
		board, cards, err := w.Board(ctx, admin(), "customer", "sales", record.BoardParams{Period: "all"})
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for i, card := range cards {
			if len(card.Problems) > 0 {
				t.Errorf("%s: %v", card.Key, card.Problems)
			}
			for j, row := range card.Rows {
				ans, err := w.Aggregate(ctx, admin(), card.Form, ask(t, `{"measures":[{"fn":"count","as":"n"}],"filter":`+string(card.Filters[j].FilterJSON())+`}`))
				if err != nil {
					t.Fatalf("%s row %v: %s: %v", board.Cards[i].Key, row, card.Filters[j].FilterJSON(), err)
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
