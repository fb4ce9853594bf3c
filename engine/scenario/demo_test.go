package scenario_test

import (
	"path/filepath"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/store/sqlite"
	"formwork/templates"
)

// With the demonstration data every block of a rep's day has something to show, and it is answered at once.
func TestTheDayOfTheDemonstrationData(t *testing.T) {
	st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	now := time.Date(2026, 3, 4, 2, 0, 0, 0, time.UTC)
	e, err := engine.Open(t.Context(), st, engine.Options{Now: func() time.Time { return now }, Templates: templates.FS})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Installer.Install(t.Context(), "", "sales-crm", true); err != nil {
		t.Fatal(err)
	}
	u, _ := e.Org.Directory().ByLogin("linxiaowen")
	_, blocks, err := e.Records.PageData(t.Context(), e.Caller(u.ID, "api"), "customer", "today")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		if len(b.Problems) > 0 {
			t.Errorf("%s: %v", b.Def.Key, b.Problems)
		}
		switch n := len(b.Todos) + len(b.Items) + len(b.Figures); {
		case b.Def.Type == "shortcuts" || b.Def.Type == "card" && b.Card != nil:
		case n == 0:
			t.Errorf("%s shows nothing", b.Def.Key)
		case b.Def.Type == "todo" && n > 7:
			t.Errorf("%d things to do", n)
		}
		for _, x := range b.Todos {
			if x.Title == "" || len(x.Reasons) == 0 || x.Reasons[0].Text.In("zh-CN") == "" {
				t.Errorf("%s: %+v", b.Def.Key, x)
			}
			t.Logf("%s: %s %s %v %s %s", b.Def.Key, x.Title, x.Subtitle, x.Amount, x.Phone, x.Reasons[0].Text.In("zh-CN"))
		}
	}
}
