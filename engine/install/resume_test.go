package install_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/install"
	"formwork/engine/org"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

var ctx = context.Background()

// mortal is a store that dies after a number of transactions: they commit, and nothing comes after them.
type mortal struct {
	store.Store
	left int
}

var errDead = errors.New("the process died")

func (m *mortal) Update(ctx context.Context, fn func(store.Tx) error) error {
	if m.left == 0 {
		return errDead
	}
	m.left--
	return m.Store.Update(ctx, fn)
}

var lastID atomic.Int64 // of all processes

func start(t *testing.T, st store.Store, files fs.FS) (*install.Installer, error) {
	t.Helper()
	newID := func() string { return fmt.Sprintf("ffff%020x", lastID.Add(1)) }
	now := func() time.Time { return time.Date(2026, 3, 5, 9, 30, 0, 0, time.UTC) }
	zone := func() *time.Location { return time.UTC }
	cat, err := catalog.Open(ctx, st, catalog.Options{Now: now})
	if err != nil {
		return nil, err
	}
	people, err := org.Open(ctx, st, newID)
	if err != nil {
		return nil, err
	}
	records, err := record.Open(ctx, record.Options{Store: st, Catalog: cat, People: func() record.People { return people.Directory() },
		Jobs: noJobs{}, Now: now, NewID: newID, Zone: zone})
	if err != nil {
		return nil, err
	}
	return install.Open(ctx, install.Options{Store: st, Catalog: cat, Records: records, Org: people, FS: files, Now: now, Zone: zone})
}

const seed = `{"departments":[{"ref":"hq","name":"HQ","parent":{}},{"ref":"east","name":"East","parent":{"ref":"hq"}}],
"users":[{"ref":"ann","login":"ann","name":"Ann","department":{"ref":"east"},"leader":true},{"ref":"bob","login":"bob","name":"Bob","leader":true}],
"records":[{"form":"lab.thing","items":[{"ref":"a","data":{"name":"a","who":{"ref":"ann"}}},{"ref":"b","data":{"name":"b","up":{"ref":"a"},"on":{"daysAgo":1}}},{"data":{"name":"c","up":{"ref":"b"}}}]}]}`

func files(version, seed string) fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range map[string]string{
		"box/template.json":     `{"kind":"template","key":"box","title":"Box","version":"` + version + `","apps":["lab"]}`,
		"box/apps/lab/app.json": `{"kind":"app","key":"lab"}`,
		"box/apps/lab/forms/thing.json": `{"kind":"form","key":"thing","titleField":"name","schema":{"type":"object","properties":{"name":{"type":"string","x-field":{"type":"text","unique":true}},
			"who":{"type":"string","x-field":{"type":"user"}},"on":{"type":"string","x-field":{"type":"date"}},"up":{"type":"string","x-field":{"type":"relation","form":"thing"}}}}}`,
		"box/seed/demo.json": seed,
	} {
		if text != "" {
			f[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return f
}

func count(t *testing.T, st store.Store) (n int) {
	t.Helper()
	err := st.View(ctx, func(r store.Reader) (err error) {
		n, err = r.Count(ctx, "r.lab.thing", query.Where{}, query.Live, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAnInstallationThatDiesAnywhereContinues: killed after every transaction in turn, it ends as one that was not.
func TestAnInstallationThatDiesAnywhereContinues(t *testing.T) {
	for steps := 0; ; steps++ {
		st := storetest.NewMemory()
		m := &mortal{Store: st, left: 1 << 30}
		in, err := start(t, m, files("1.0.0", seed))
		if err != nil {
			t.Fatal(err)
		}
		m.left = steps
		_, err = in.Install(ctx, "admin", "box", true)
		if err == nil {
			if steps < 8 {
				t.Fatalf("it took only %d transactions", steps)
			}
			return
		}
		if !errors.Is(err, errDead) {
			t.Fatalf("after %d transactions: %v", steps, err)
		}
		if in, err = start(t, st, files("1.0.0", seed)); err != nil {
			t.Fatal(err)
		}
		if _, err = in.Install(ctx, "admin", "box", true); err != nil {
			t.Fatalf("after %d transactions it cannot continue: %v", steps, err)
		}
		dir := in.Org.Directory()
		ann, _ := dir.ByLogin("ann")
		if n := count(t, st); n != 3 || len(dir.Users) != 2 || len(dir.Departments) != 2 || dir.Departments[ann.Department].Leader != ann.ID {
			t.Fatalf("after %d transactions: %d records, %d users, leader %q", steps, n, len(dir.Users), dir.Departments[ann.Department].Leader)
		}
		if _, err = in.Install(ctx, "admin", "box", true); problem.KindOf(err) != problem.Conflict {
			t.Fatalf("once more: %v", err)
		}
	}
}

// TestASeedWithAnError: the apps are installed, the data is not, and a corrected package can add it.
func TestASeedWithAnError(t *testing.T) {
	st := storetest.NewMemory()
	bad := strings.Replace(seed, `"name":"c"`, `"name":"c","strange":1`, 1)
	in, err := start(t, st, files("1.0.0", bad))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Install(ctx, "admin", "box", true); err == nil || !strings.Contains(err.Error(), "strange") {
		t.Errorf("%v", err)
	}
	installed := func() string {
		list, err := in.List(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return list[0].Installed
	}
	if v := installed(); v != "1.0.0" {
		t.Errorf("installed is %q", v)
	}
	if in, err = start(t, st, files("1.1.0", seed)); err != nil {
		t.Fatal(err)
	}
	got, err := in.Install(ctx, "admin", "box", true)
	if err != nil || got.Version != "1.0.0" || count(t, st) != 3 {
		t.Errorf("%+v %v", got, err)
	}
	if v := installed(); v != "1.0.0" { // data of a newer package is no upgrade
		t.Errorf("installed is %q", v)
	}
	if _, err := in.Install(ctx, "admin", "box", false); problem.KindOf(err) != problem.Conflict {
		t.Errorf("%v", err)
	}
}

// TestWhatCannotBePublishedLeavesNoTrace: an app that somebody makes by the name later is not taken for the template's.
func TestWhatCannotBePublishedLeavesNoTrace(t *testing.T) {
	st := storetest.NewMemory()
	broken := files("1.0.0", "")
	broken["box/apps/lab/app.json"] = &fstest.MapFile{Data: []byte(`{"kind":"app","key":"lab","menu":[{"form":"none"}]}`)}
	in, err := start(t, st, broken)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Install(ctx, "admin", "box", false); problem.KindOf(err) != problem.Invalid {
		t.Fatal(err)
	}
	if err := in.Catalog.Put(ctx, "lab", definition.KindApp, "lab", []byte(`{"kind":"app","key":"lab","title":"Mine"}`), "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Catalog.Publish(ctx, "lab", "me", ""); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := in.Install(ctx, "admin", "box", true)
		if ps := problem.Of(err); len(ps) != 1 || ps[0].Code != "app-exists" {
			t.Errorf("%v", err)
		}
	}
}

// TestDemonstrationDataMeetsPeopleWhoAreThere: departments and logins of the workspace are used, not doubled.
func TestDemonstrationDataMeetsPeopleWhoAreThere(t *testing.T) {
	st := storetest.NewMemory()
	in, err := start(t, st, files("1.0.0", seed))
	if err != nil {
		t.Fatal(err)
	}
	root, err := in.Org.CreateDepartment(ctx, org.Department{Name: "Ours"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Org.CreateDepartment(ctx, org.Department{Name: "east", Parent: root.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Org.CreateUser(ctx, org.User{Login: "Bob", Active: true}); err != nil {
		t.Fatal(err)
	}
	got, err := in.Install(ctx, "admin", "box", true)
	if err != nil || got.Users != 1 || got.Records != 3 || len(in.Org.Directory().Departments) != 2 {
		t.Errorf("%+v %v, %d departments", got, err, len(in.Org.Directory().Departments))
	}
}
