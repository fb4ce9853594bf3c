package install_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/install"
	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/sqlite"
	"formwork/schemas/problem"
	"formwork/templates"
)

type noJobs struct{}

func (noJobs) Add(context.Context, store.Tx, string, string, map[string]any) error { return nil }
func (noJobs) Wake()                                                               {}

func TestInstallWithDemonstrationData(t *testing.T) {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, sqlite.Options{Path: t.TempDir() + "/test.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var n atomic.Int64
	newID := func() string { return fmt.Sprintf("%024x", n.Add(1)) }
	now := func() time.Time { return time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC) }
	zone := func() *time.Location { return time.UTC }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	cat, err := catalog.Open(ctx, st, catalog.Options{Now: now})
	must(err)
	people, err := org.Open(ctx, st, newID)
	must(err)
	records, err := record.Open(ctx, record.Options{Store: st, Catalog: cat, People: func() record.People { return people.Directory() },
		Jobs: noJobs{}, Now: now, NewID: newID, Zone: zone})
	must(err)
	in, err := install.Open(ctx, install.Options{Store: st, Catalog: cat, Records: records, Org: people, FS: templates.FS, Now: now, Zone: zone})
	must(err)

	got, err := in.Install(ctx, "admin", "sales-crm", false)
	must(err)
	if got.Records != 0 || got.Apps["customer"] != 1 {
		t.Errorf("without demo: %+v", got)
	}
	got, err = in.Install(ctx, "admin", "sales-crm", true) // the data later
	must(err)
	if got.Records != 526 || got.Users != 16 {
		t.Errorf("with demo: %+v", got)
	}
	if _, err = in.Install(ctx, "admin", "sales-crm", true); problem.KindOf(err) != problem.Conflict {
		t.Errorf("a third time: %v", err)
	}
	list, err := in.List(ctx)
	must(err)
	if len(list) != 2 || list[0].Installed != "1.0.0" || list[1].Installed != "" {
		t.Errorf("gallery: %+v", list)
	}
}
