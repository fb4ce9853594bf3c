package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/store"
	"formwork/engine/store/storetest"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

var ctx = context.Background()

func open(t *testing.T, st store.Store) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(ctx, st, catalog.Options{Now: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// app is the sources of an app "lab" with these definitions.
func app(definitions ...string) catalog.Sources {
	s := catalog.Sources{"app/lab": `{"kind":"app","key":"lab"}`}
	for _, d := range definitions {
		var head struct{ Kind, Key string }
		if err := json.Unmarshal([]byte(d), &head); err != nil {
			panic(err)
		}
		s[head.Kind+"/"+head.Key] = d
	}
	return s
}

func form(properties, rest string) string {
	return `{"kind":"form","key":"thing","schema":{"type":"object","properties":{` + properties + `}}` + rest + `}`
}

func publish(c *catalog.Catalog, s catalog.Sources) error {
	_, err := c.PublishSources(ctx, "test", "", map[string]catalog.Sources{"lab": s})
	return err
}

const (
	text   = `{"type":"string","x-field":{"type":"text"}}`
	number = `{"type":"number","x-field":{"type":"number"}}`
	tags   = `{"type":"array","x-field":{"type":"multiselect","options":[{"value":"a"}]}}`
	self   = `{"type":"string","x-field":{"type":"relation","form":"thing"}}`
)

// TestWhatPublishingRefuses: each with the place in the definition.
func TestWhatPublishingRefuses(t *testing.T) {
	field := func(x string) string { return `"f":{"x-field":` + x + `}` }
	role := func(where string) string {
		return `{"kind":"role","key":"r","forms":[{"form":"thing","actions":["read"],"where":` + where + `}]}`
	}
	var many []string
	for i := range 41 {
		many = append(many, fmt.Sprintf(`"f%d":{"type":"string","x-field":{"type":"text","unique":true}}`, i))
	}
	const props = "/lab/form/thing/schema/properties/f/x-field"
	for name, c := range map[string]struct {
		sources       catalog.Sources
		code, pointer string
	}{
		"a default of another type":           {app(form(field(`{"type":"number","default":{"expr":"'x'"}}`), "")), "formula-type", props + "/default/expr"},
		"a default that is no choice of yes":  {app(form(field(`{"type":"switch","default":{"expr":"1 + 1"}}`), "")), "formula-type", props + "/default/expr"},
		"a default that is a day, of text":    {app(form(field(`{"type":"text","default":{"expr":"today()"}}`), "")), "", ""},
		"a default of now, of a day":          {app(form(field(`{"type":"date","default":{"expr":"now()"}}`), "")), "", ""},
		"a default of the user":               {app(form(field(`{"type":"user","default":{"expr":"user.id"}}`), "")), "", ""},
		"a combination with a list":           {app(form(`"a":`+text+`,"b":`+tags, `,"unique":[{"key":"ab","fields":["a","b"]}]`)), "not-groupable", "/lab/form/thing/unique/0/fields/1"},
		"a combination named as a field":      {app(form(`"a":{"type":"string","x-field":{"type":"text","unique":true}},"b":`+text, `,"unique":[{"key":"a","fields":["a","b"]}]`)), "repeated", "/lab/form/thing/unique/0/key"},
		"more unique fields than indexes":     {app(form(strings.Join(many, ","), "")), "max-items", "/lab/form/thing/unique"},
		"an index over what is not there":     {app(form(`"a":`+text, `,"indexes":[{"key":"i","fields":["-aa"]}]`)), "unknown-field", "/lab/form/thing/indexes/0/fields/0"},
		"a title field that is not there":     {app(form(`"a":`+text, `,"titleField":"b"`)), "unknown-field", "/lab/form/thing/titleField"},
		"a stage with a default":              {app(form(`"s":{"type":"string","x-field":{"type":"select","default":"b"}}`, `,"stages":{"field":"s","initial":"a","states":[{"key":"a"},{"key":"b"}],"transitions":[]}`)), "stage-field", "/lab/form/thing/schema/properties/s/x-field/default"},
		"a lookup of what is not stored":      {app(form(`"up":`+self+`,"l":{"x-field":{"type":"formula","expr":"today()","live":true}},`+field(`{"type":"lookup","via":"up","field":"l"}`), "")), "lookup-type", props + "/field"},
		"a role that reaches other records":   {app(form(`"a":`+text+`,"up":`+self, ""), role(`{"field":"up.a","op":"eq","value":"x"}`)), "not-allowed", "/lab/role/r/forms/0/where/field"},
		"a role with a value of another type": {app(form(`"a":`+number, ""), role(`{"and":[{"field":"a","op":"eq","value":"x"}]}`)), "wrong-value", "/lab/role/r/forms/0/where/and/0/value"},
		"a role with a wrong operator":        {app(form(`"a":`+text, ""), role(`{"field":"a","op":"gt","value":"x"}`)), "operator-not-allowed", "/lab/role/r/forms/0/where/op"},
		"a role with a misspelt expression":   {app(form(`"a":`+text, ""), role(`{"field":"a","op":"eq","value":{"expr":"user.departmnt"}}`)), "unknown-name", "/lab/role/r/forms/0/where/value/expr"},
		"a role that follows the user":        {app(form(`"a":`+text+`,"d":{"type":"string","x-field":{"type":"department"}}`, ""), role(`{"or":[{"field":"a","op":"eq","value":{"expr":"user.department"}},{"field":"createdBy.department","op":"under","value":{"expr":"user.department"}},{"field":"d","op":"under","value":"x"}]}`)), "", ""},
		"no app": {catalog.Sources{"form/thing": form(`"s":{"type":"string","x-field":{"type":"select"}}`,
			`,"stages":{"field":"s","initial":"a","states":[{"key":"a"}],"transitions":[{"key":"m","from":["*"],"to":"a","roles":["boss"]}]}`)}, "required", "/lab/app/lab"},
	} {
		t.Run(name, func(t *testing.T) {
			ps := problem.Of(publish(open(t, storetest.NewMemory()), c.sources))
			switch {
			case c.code == "" && len(ps) > 0:
				t.Errorf("refused: %v", ps)
			case c.code != "" && (len(ps) != 1 || ps[0].Code != c.code || ps[0].Pointer != c.pointer):
				t.Errorf("%v, want %s at %s", ps, c.code, c.pointer)
			}
		})
	}
}

// failing is a store whose Ensure of one collection fails.
type failing struct {
	store.Store
	name string
	err  error
}

func (f *failing) Ensure(ctx context.Context, c store.Collection) error {
	if f.err != nil && c.Name == f.name {
		return f.err
	}
	return f.Store.Ensure(ctx, c)
}

// TestAPublishingThatFailsLeavesTheOldOneWhole: also the collections that it had come to already.
func TestAPublishingThatFailsLeavesTheOldOneWhole(t *testing.T) {
	st := &failing{Store: storetest.NewMemory(), name: "r.lab.zoo"}
	c := open(t, st)
	zoo := `{"kind":"form","key":"zoo","schema":{"type":"object","properties":{"a":%s}}}`
	if err := publish(c, app(form(`"a":{"type":"string","x-field":{"type":"text","unique":true}}`, ""), fmt.Sprintf(zoo, text))); err != nil {
		t.Fatal(err)
	}
	put := func(id string) error {
		return st.Update(ctx, func(tx store.Tx) error {
			return tx.Insert(ctx, "r.lab.thing", store.New(id, map[string]any{"data": map[string]any{"a": "same"}}))
		})
	}
	if err := put("1"); err != nil {
		t.Fatal(err)
	}
	st.err = errors.New("disk full")
	if err := publish(c, app(form(`"a":`+number, ""), fmt.Sprintf(zoo, number))); !errors.Is(err, st.err) {
		t.Fatal(err)
	}
	var taken *store.DuplicateError
	if err := put("2"); !errors.As(err, &taken) {
		t.Errorf("what was unique is not any more: %v", err)
	}
	if c.Snapshot().Number != 1 {
		t.Error("it took effect")
	}
	// One that was cut off between is repaired when the catalog is opened.
	st.err = nil
	bare := c.Snapshot().Forms["lab.thing"].Collection
	bare.Indexes = nil
	if err := st.Ensure(ctx, bare); err != nil {
		t.Fatal(err)
	}
	open(t, st)
	if err := put("3"); !errors.As(err, &taken) {
		t.Errorf("after a restart: %v", err)
	}
}

func TestDuplicatesAreReportedAtTheField(t *testing.T) {
	st := storetest.NewMemory()
	c := open(t, st)
	if err := publish(c, app(form(`"a":`+text, ""))); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		err := st.Update(ctx, func(tx store.Tx) error {
			return tx.Insert(ctx, "r.lab.thing", store.New(fmt.Sprint(i), map[string]any{"data": map[string]any{"a": "same"}}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ps := problem.Of(publish(c, app(form(`"a":{"type":"string","x-field":{"type":"text","unique":true}}`, ""))))
	if len(ps) != 1 || ps[0].Code != "duplicate-values" || ps[0].Pointer != "/lab/form/thing/schema/properties/a/x-field/unique" {
		t.Errorf("%v", ps)
	}
}

// TestTwoProcessesPublish: every publishing counts, whoever loses is told to try again, and both end with the same.
func TestTwoProcessesPublish(t *testing.T) {
	st := storetest.NewMemory()
	both := []*catalog.Catalog{open(t, st), open(t, st)}
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i, c := range both {
		wg.Go(func() {
			for n := range 20 {
				key := fmt.Sprintf("app%d", i)
				_, err := c.PublishSources(ctx, "test", "", map[string]catalog.Sources{key: {"app/" + key: fmt.Sprintf(`{"kind":"app","key":"%s","title":"%d"}`, key, n)}})
				if err == nil {
					mu.Lock()
					done++
					mu.Unlock()
				} else if problem.KindOf(err) != problem.Conflict {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, c := range both {
		if err := c.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if n := c.Snapshot().Number; n != int64(done) || len(c.Snapshot().Apps) != 2 {
			t.Errorf("%d publishings, the snapshot is number %d of %d apps", done, n, len(c.Snapshot().Apps))
		}
	}
	// Who was away knows what the other published before publishing itself.
	if err := publish(both[0], app(form(`"a":`+text, ""))); err != nil {
		t.Fatal(err)
	}
	if err := publish(both[1], app(form(`"a":`+text+`,"b":`+text, ""))); err != nil {
		t.Errorf("%v", err)
	}
}

func TestWatchSeesWhatWasPublishedBefore(t *testing.T) {
	st := storetest.NewMemory()
	a, b := open(t, st), open(t, st)
	if err := publish(a, app(form(`"a":`+text, ""))); err != nil {
		t.Fatal(err)
	}
	seen := make(chan int64, 10)
	b.OnChange(func(s *catalog.Snapshot) { seen <- s.Number })
	watching, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- b.Watch(watching) }()
	if n := <-seen; n != 1 {
		t.Errorf("number %d", n)
	}
	if err := publish(a, app(form(`"b":`+text, ""))); err != nil {
		t.Fatal(err)
	}
	if n := <-seen; n != 2 {
		t.Errorf("number %d", n)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestADraftSavedWhilePublishingStays: it is in no version yet.
func TestADraftSavedWhilePublishingStays(t *testing.T) {
	st := &saving{Store: storetest.NewMemory()}
	c := open(t, st)
	put := func(key, title string) {
		t.Helper()
		d := strings.Replace(strings.Replace(form(`"a":`+text, ""), "thing", key, 1), `"schema"`, `"title":"`+title+`","schema"`, 1)
		if err := c.Put(ctx, "lab", definition.KindForm, key, []byte(d), "me"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Put(ctx, "lab", definition.KindApp, "lab", []byte(`{"kind":"app","key":"lab"}`), "me"); err != nil {
		t.Fatal(err)
	}
	put("one", "first")
	st.during = func() { put("one", "second"); put("two", "new") }
	if _, err := c.Publish(ctx, "lab", "me", ""); err != nil {
		t.Fatal(err)
	}
	drafts, err := c.Drafts(ctx, "lab")
	if err != nil || len(drafts) != 2 {
		t.Errorf("%d drafts are left, %v", len(drafts), err)
	}
}

// saving calls during once, when a form's collection is made.
type saving struct {
	store.Store
	during func()
}

func (s *saving) Ensure(ctx context.Context, c store.Collection) error {
	if do := s.during; do != nil && strings.HasPrefix(c.Name, "r.") {
		s.during = nil
		do()
	}
	return s.Store.Ensure(ctx, c)
}

// TestNamesOfCollections: keys hold no dot, so that no two forms share one, and the longest fit.
func TestNamesOfCollections(t *testing.T) {
	c := open(t, storetest.NewMemory())
	for _, key := range []string{"a.b", "客户", "A", "a_b", strings.Repeat("k", definition.MaxKey+1)} {
		d := strings.Replace(form(`"a":`+text, ""), "thing", key, 1)
		if err := c.Put(ctx, "lab", definition.KindForm, key, []byte(d), "me"); problem.KindOf(err) != problem.Invalid {
			t.Errorf("%s: %v", key, err)
		}
	}
	long := strings.Repeat("k", definition.MaxKey)
	if n := len(catalog.RecordsOf(long + "." + long)); n > 100 {
		t.Errorf("the longest name has %d bytes", n)
	}
	if err := c.Put(ctx, "lab", definition.KindTemplate, "x", []byte(`{"kind":"template","key":"x","title":"X","version":"1.0.0","apps":["a"]}`), "me"); problem.KindOf(err) != problem.Invalid {
		t.Errorf("a template is no part of an app: %v", err)
	}
}
