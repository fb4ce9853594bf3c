package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"formwork/engine/catalog"
	"formwork/engine/store/storetest"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// lab is an app in which a field is used all over.
func lab() catalog.Sources {
	level := `{"type":"string","x-field":{"type":"select","title":{"en":"Level"},"options":[{"value":"a","title":"A"},{"value":"b","title":"B"}]}}`
	return app(
		form(`"name":`+text+`,"level":`+level+`,"up":`+self+`,"upLevel":{"x-field":{"type":"lookup","via":"up","field":"level"}},"n":`+number+
			`,"sum":{"type":"number","x-field":{"type":"formula","expr":"if(level == 'a', n, 0)"}},"stage":{"type":"string","x-field":{"type":"select"}}`,
			`,"titleField":"name","layout":[{"key":"s","section":"S","fields":["name","level"]}],
			"rules":[{"key":"r","when":{"expr":"level == 'b'"},"require":["n"]}],
			"stages":{"field":"stage","initial":"x","states":[{"key":"x"},{"key":"y"}],"transitions":[{"key":"go","from":["x"],"to":"y","guard":{"expr":"n > 0"}}]}`),
		`{"kind":"view","key":"all","title":{"en":"All things","zh-CN":"全部"},"form":"thing","fields":["level"],"sort":["-n"],"filter":{"and":[{"field":"level","op":"in","value":["a","z"]},{"field":"up.level","op":"eq","value":"b"}]}}`,
		`{"kind":"dashboard","key":"board","title":"Board","cards":[{"key":"c","title":"Card","type":"kpi","form":"thing","groupBy":[{"field":"level"}],"measures":[{"fn":"sum","field":"n","as":"n"}]}]}`,
		`{"kind":"role","key":"rep","title":"Rep","forms":[{"form":"thing","actions":["read"],"fields":[{"field":"level","access":"hidden"}]}]}`)
}

// places writes uses short.
func places(uses []catalog.Use) string {
	var out []string
	for _, u := range uses {
		out = append(out, fmt.Sprintf("%s/%s%s", u.Kind, u.Key, u.Pointer))
	}
	return strings.Join(out, "\n")
}

func TestUses(t *testing.T) {
	c := open(t, storetest.NewMemory())
	s := lab()
	s["view/all"] = strings.Replace(s["view/all"], `"z"`, `"b"`, 1)
	if err := publish(c, s); err != nil {
		t.Fatal(err)
	}
	for of, want := range map[[2]string]string{
		{"level", ""}: `dashboard/board/cards/0/groupBy/0/field
form/thing/layout/0/fields/1
form/thing/rules/0/when/expr
form/thing/schema/properties/sum/x-field/expr
form/thing/schema/properties/upLevel/x-field/field
role/rep/forms/0/fields/0/field
view/all/fields/0
view/all/filter/and/0/field
view/all/filter/and/1/field`,
		{"level", "a"}: `form/thing/schema/properties/sum/x-field/expr
view/all/filter/and/0/value`,
		{"stage", "x"}: `form/thing/stages/initial
form/thing/stages/transitions/0/from/0`,
		{"n", ""}: `dashboard/board/cards/0/measures/0/field
form/thing/rules/0/require/0
form/thing/schema/properties/sum/x-field/expr
form/thing/stages/transitions/0/guard/expr
view/all/sort/0`,
		{"", ""}: `dashboard/board/cards/0/form
form/thing/schema/properties/up/x-field/form
role/rep/forms/0/form
view/all/form`,
		{"upLevel", ""}: ``,
	} {
		if got := places(c.Snapshot().Uses("lab.thing", of[0], of[1])); got != want {
			t.Errorf("uses of %q:\n%s\nwant\n%s", of, got, want)
		}
	}
}

// TestUsesInSteps: what steps read of records that loops are at, that they write to and that were found.
func TestUsesInSteps(t *testing.T) {
	c := open(t, storetest.NewMemory())
	s := lab()
	s["automation/a"] = `{"kind":"automation","key":"a","trigger":{"on":"schedule","cron":"0 9 * * *"},"steps":[
		{"key":"f","type":"find","config":{"form":"thing"}},
		{"key":"l","type":"each","config":{"form":"thing","steps":[
			{"key":"v","type":"set","when":{"expr":"item.n > 1"},"config":{"values":{"x":{"expr":"steps.f.record.n"}}}},
			{"key":"w","type":"each","config":{"list":{"expr":"steps.f.records"},"steps":[
				{"key":"y","type":"set","config":{"values":{"x":{"expr":"item.n + 1"}}}}]}},
			{"key":"o","type":"each","config":{"list":{"expr":"1..3"},"steps":[
				{"key":"z","type":"set","config":{"values":{"x":{"expr":"item"}}}}]}}]}},
		{"key":"u","type":"update","config":{"form":"thing","record":{"expr":"steps.f.record.id"},"data":{"n":{"expr":"item.n + 1"}}}}]}`
	if err := publish(c, s); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range c.Snapshot().Uses("lab.thing", "n", "") {
		if u.Kind == "automation" {
			got = append(got, u.Pointer)
		}
	}
	want := `/steps/1/config/steps/0/config/values/x/expr
/steps/1/config/steps/0/when/expr
/steps/1/config/steps/1/config/steps/0/config/values/x/expr
/steps/2/config/data/n
/steps/2/config/data/n/expr`
	if strings.Join(got, "\n") != want {
		t.Errorf("uses:\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func put(t *testing.T, c *catalog.Catalog, source string) {
	t.Helper()
	h, err := definition.Peek([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Put(ctx, "lab", h.Kind, h.Key, []byte(source), "test"); err != nil {
		t.Fatal(err)
	}
}

// TestAFieldThatIsUsedCannotGo: the complaint names who uses it.
func TestAFieldThatIsUsedCannotGo(t *testing.T) {
	c := open(t, storetest.NewMemory())
	s := lab()
	s["view/all"] = `{"kind":"view","key":"all","title":{"en":"All things","zh-CN":"全部"},"form":"thing","fields":["extra","name"]}`
	s["form/thing"] = strings.Replace(s["form/thing"], `"name":`, `"extra":`+text+`,"name":`, 1)
	if err := publish(c, s); err != nil {
		t.Fatal(err)
	}
	put(t, c, strings.Replace(s["form/thing"], `"extra":`+text+`,`, "", 1))
	l, err := c.Lint(ctx, "lab")
	if err != nil {
		t.Fatal(err)
	}
	var used *problem.Problem
	for i := range l {
		if l[i].Code == "field-used" {
			used = &l[i]
		}
	}
	if used == nil || used.Pointer != "/lab/form/thing/schema/properties" || used.Params["field"] != "extra" || used.Params["count"] != 1 ||
		used.Params["uses"].([]any)[0].(definition.Text)["zh-CN"] != "全部" {
		t.Errorf("%v", l)
	}
	if _, err := c.Publish(ctx, "lab", "test", ""); err == nil {
		t.Error("it was published")
	}
	put(t, c, strings.Replace(s["view/all"], `"extra",`, "", 1))
	if l, _ := c.Lint(ctx, "lab"); l.Blocks() {
		t.Errorf("with the view changed too: %v", l)
	}
}

func TestPreview(t *testing.T) {
	c := open(t, storetest.NewMemory())
	if _, err := c.Preview(ctx, "lab"); problem.KindOf(err) != problem.NotFound {
		t.Errorf("of nothing: %v", err)
	}
	put(t, c, `{"kind":"app","key":"lab","title":"Lab"}`)
	p, err := c.Preview(ctx, "lab") // before anything is published
	if err != nil || p.Snapshot == nil || len(p.Changes) != 1 || p.Changes[0].Change != "added" {
		t.Errorf("%+v %v", p, err)
	}
	s := lab()
	s["view/all"] = strings.Replace(s["view/all"], `,"z"`, "", 1)
	if err := publish(c, s); err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(`"name":`+text, `"name":{"type":"string","x-field":{"type":"text","title":"Name"}},"born":{"type":"string","x-field":{"type":"date","title":{"en":"Born"}}}`,
		`{"value":"b","title":"B"}`, `{"value":"b","title":"Bee"},{"value":"c"}`, `{"key":"x"}`, `{"key":"x","color":"red"}`, `"n":`+number, `"n":{"type":"number","x-field":{"type":"currency"}}`).Replace(s["form/thing"])
	put(t, c, changed)
	put(t, c, `{"kind":"view","key":"new","title":"New","form":"thing","fields":["nothing"]}`)
	if err := c.Remove(ctx, "lab", definition.KindRole, "rep", "test"); err != nil {
		t.Fatal(err)
	}
	p, err = c.Preview(ctx, "lab")
	if err != nil || p.Snapshot == nil {
		t.Fatal(p, err)
	}
	if f := p.Snapshot.Forms["lab.thing"]; f.ByKey["born"] == nil || len(p.Snapshot.Apps["lab"].Roles) != 0 {
		t.Errorf("the drafts are not in it")
	}
	if _, ok := p.Snapshot.Apps["lab"].View("new"); ok || fmt.Sprint(p.Left) != "[view/new]" || !p.Problems.Blocks() {
		t.Errorf("left %v, problems %v", p.Left, p.Problems)
	}
	var got []string
	for _, ch := range p.Changes {
		got = append(got, fmt.Sprintf("%s %s/%s", ch.Change, ch.Kind, ch.Key))
		for _, d := range ch.Details {
			got = append(got, fmt.Sprintf("  %s %s %s.%s %s", d.Op, d.What, d.Field, d.Key, d.Title.In("en")))
		}
	}
	want := `changed form/thing
  added field born.born Born
  changed title level.b 
  added option level.c 
  changed type n. 
  added title name. 
  added setting .x 
removed role/rep
added view/new`
	if strings.Join(got, "\n") != want {
		t.Errorf("changes\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if c.Snapshot().Forms["lab.thing"].ByKey["born"] != nil {
		t.Error("a preview was published")
	}
}

// TestTheOrderOfAListIsAChange tells of what was moved, and not of every item.
func TestTheOrderOfAListIsAChange(t *testing.T) {
	a := catalog.Sources{"view/v": `{"kind":"view","key":"v","form":"f","fields":["a","b"],"summaries":[{"field":"a","fn":"sum"},{"field":"b","fn":"sum"}]}`}
	b := catalog.Sources{"view/v": `{"kind":"view","key":"v","form":"f","fields":["b","a"],"summaries":[{"field":"b","fn":"sum"},{"field":"a","fn":"avg"}]}`}
	d := catalog.Changes(a, b)[0].Details
	if len(d) != 3 || d[0].What != "fields" || d[0].Pointer != "/fields" || d[1].Pointer != "/summaries/1/fn" || d[1].From != "sum" || d[2].Op != "moved" || d[2].Pointer != "/summaries" {
		t.Errorf("%+v", d)
	}
	if l := catalog.Changes(a, a); len(l) != 0 {
		t.Errorf("nothing differs: %+v", l)
	}
}
