package record_test

import (
	"encoding/json"
	"strings"
	"testing"

	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

// publishApp makes an app of several definitions.
func (w *world) publishApp(key string, definitions ...string) catalog.Plan {
	w.t.Helper()
	plan, err := w.tryApp(key, definitions...)
	if err != nil {
		w.t.Fatal(err)
	}
	return plan
}

func (w *world) tryApp(key string, definitions ...string) (catalog.Plan, error) {
	w.t.Helper()
	return w.cat.PublishSources(ctx, "test", "", map[string]catalog.Sources{key: sources(key, definitions...)})
}

func sources(app string, definitions ...string) catalog.Sources {
	s := catalog.Sources{"app/" + app: `{"kind":"app","key":"` + app + `"}`}
	for _, d := range definitions {
		var head struct{ Kind, Key string }
		if err := json.Unmarshal([]byte(d), &head); err != nil {
			panic(err)
		}
		s[head.Kind+"/"+head.Key] = d
	}
	return s
}

const secretForm = `{"kind":"form","key":"deal","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text"}},
"cost":{"type":"number","x-field":{"type":"number","scale":2,"default":10}},
"price":{"type":"number","x-field":{"type":"number","scale":2}},
"code":{"type":"string","minLength":3,"x-field":{"type":"text","unique":true}},
"margin":{"type":"number","x-field":{"type":"formula","expr":"price / cost","scale":2}},
"twice":{"type":"number","x-field":{"type":"formula","expr":"price * 2","scale":2}},
"locked":{"type":"string","x-field":{"type":"text","readOnly":true}},
"region":{"type":"string","x-field":{"type":"department"}},
"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}},
"no":{"type":"string","x-field":{"type":"serial","pattern":"D-{000}"}},
"stage":{"type":"string","x-field":{"type":"select"}}}},
"rules":[{"key":"dear","when":{"expr":"price > 0 and cost > 100"},"require":["cost"],"refuse":"too dear","at":"cost"}],
"stages":{"field":"stage","initial":"new","states":[{"key":"new"},{"key":"open"},{"key":"done"}],
 "transitions":[{"key":"start","from":["new"],"to":"open","require":["price"]},{"key":"end","from":["open"],"to":"done"}]}}`

const seller = `{"kind":"role","key":"seller","forms":[{"form":"deal","actions":["read","create","update","transition"],
"fields":[{"field":"cost","access":"hidden"},{"field":"margin","access":"masked"},{"field":"code","access":"masked"}]}]}`

const mover = `{"kind":"role","key":"mover","forms":[{"form":"deal","actions":["read","transition"]}]}`

func TestWhatIsHiddenCannotBeGuessed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", secretForm, seller)
		u := w.user("u", org.User{})
		c := w.as(u, "seller")
		d := w.create(admin(), "lab.deal", map[string]any{"name": "d", "price": 30.0, "cost": 10.0, "code": "abc"})
		send := func(data map[string]any) problem.List {
			_, err := w.patch(c, d, data)
			return problem.Of(err)
		}
		answer := func(data map[string]any) string {
			b, _ := json.Marshal(send(data))
			return string(b)
		}
		// A computed, masked field answers the same whether the guess is right or wrong.
		right, wrong := answer(map[string]any{"margin": 3.0}), answer(map[string]any{"margin": 4.0})
		if right != wrong || !strings.Contains(right, "computed") {
			t.Errorf("right %s, wrong %s", right, wrong)
		}
		if ps := send(map[string]any{"margin": "•••", "code": "•••", "twice": 60.0}); len(ps) > 0 {
			t.Errorf("sending back what was read: %v", ps)
		}
		// A hidden field is as unknown as one that is not there, and no suggestion names it.
		for _, k := range []string{"cost", "costs", "cosst"} {
			if ps := send(map[string]any{k: 1.0}); len(ps) != 1 || ps[0].Code != "unknown-field" || ps[0].Params["suggestion"] == "cost" {
				t.Errorf("%s: %v", k, ps)
			}
		}
		if a, b := send(map[string]any{"costs": 1.0})[0], send(map[string]any{"cost": 1.0})[0]; (a.Params["suggestion"] == nil) != (b.Params["suggestion"] == nil) {
			t.Errorf("%v is told from %v", a, b)
		}
		// Rules, schema and formulas name no field that the caller may not see, nor its value.
		if _, err := w.patch(admin(), d, map[string]any{"cost": nil}); err != nil {
			t.Fatal(err)
		}
		_, ps, err := w.Evaluate(ctx, c, "lab.deal", d.Doc.ID, map[string]any{"price": 5.0})
		if err != nil || len(ps) > 0 { // price / cost divides by nothing
			t.Errorf("a warning of a masked formula: %v %v", ps, err)
		}
		if _, ps, _ = w.Evaluate(ctx, admin(), "lab.deal", d.Doc.ID, map[string]any{"price": 5.0}); len(ps) != 1 {
			t.Errorf("who may see it is warned: %v", ps)
		}
		if _, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Update, Form: "lab.deal", ID: d.Doc.ID, Data: map[string]any{"cost": 500.0, "price": nil}}, record.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := answer(map[string]any{"price": 5.0}); strings.Contains(got, "cost") || !strings.Contains(got, `"/data"`) {
			t.Errorf("the rule's problem: %s", got)
		}
		// What is taken in a masked field is not told by whom.
		_, _, err = w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.deal", Data: map[string]any{"name": "e", "code": "abc"}}, record.WriteOptions{})
		wantKind(t, err, problem.Duplicate, "duplicate")
		if _, err := w.Query(ctx, c, "lab.deal", record.Query{Filter: filter(t, `{"field":"code","op":"eq","value":"abc"}`)}); problem.KindOf(err) != problem.Invalid {
			t.Errorf("asking for a masked field: %v", err)
		}
		h, err := w.History(ctx, c, "lab.deal", d.Doc.ID, 0, 0)
		if b, _ := json.Marshal(h); err != nil || strings.Contains(string(b), "cost") || strings.Contains(string(b), "abc") {
			t.Errorf("history: %s %v", b, err)
		}
	})
}

func TestWritesPastRights(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", secretForm, seller, mover)
		u, v := w.user("u", org.User{}), w.user("v", org.User{})
		c, m := w.as(u, "seller"), w.as(v, "mover")
		d := w.create(c, "lab.deal", map[string]any{"name": "d", "no": nil, "stage": ""})
		if got := w.data(c, "lab.deal", d.Doc.ID); got["no"] != "D-001" || got["stage"] != "new" {
			t.Errorf("sending nothing for what is filled in: %v", got)
		}
		for _, via := range []string{"api", "import", "automation"} {
			c.Via = via
			_, err := w.patch(c, d, map[string]any{"locked": "x"})
			wantKind(t, err, problem.Invalid, "not-writable")
		}
		_, _, err := w.Write(ctx, c, &record.Intent{Verb: record.Create, Form: "lab.deal", Data: map[string]any{"name": "x", "stage": "done"}}, record.WriteOptions{})
		wantKind(t, err, problem.Forbidden, "forbidden")
		move := func(to string, data map[string]any) error {
			_, _, err := w.Write(ctx, m, &record.Intent{Verb: record.Move, Form: "lab.deal", ID: d.Doc.ID, To: to, Data: data}, record.WriteOptions{})
			return err
		}
		wantKind(t, move("new", map[string]any{"name": "mine"}), problem.Invalid, "no-transition") // to where it is
		wantKind(t, move("open", map[string]any{"price": 1.0, "name": "mine"}), problem.Forbidden, "forbidden")
		wantKind(t, move("open", nil), problem.Invalid, "required")
		wantKind(t, move("open", map[string]any{"stage": "done", "price": 1.0}), problem.Invalid, "stage-by-transition")
		if err := move("open", map[string]any{"price": 1.0}); err != nil {
			t.Errorf("what the transition asks for: %v", err)
		}
		got, err := w.Bulk(ctx, c, []*record.Intent{{Verb: record.Update, Form: "lab.deal", ID: d.Doc.ID, Data: map[string]any{"stage": "new"}, At: "/update/0"},
			{Verb: record.Create, Form: "lab.deal", Data: map[string]any{"name": "y", "stage": "open"}, At: "/create/0"}}, false, record.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range []string{"/update/0/data/stage", "/create/0/data/stage"} {
			if ps := problem.Of(got[i].Err); len(ps) != 1 || ps[0].Pointer != at {
				t.Errorf("%v, want it at %s", ps, at)
			}
		}
	})
}

// TestRowsOfARoleThatDependOnTheOrganisation: such filters are resolved while access is decided.
func TestRowsOfARoleThatDependOnTheOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		lead, anna, _, carl := w.team()
		east := anna.Department
		role := func(where string) string {
			return `{"kind":"role","key":"r","forms":[{"form":"deal","actions":["read"],"where":` + where + `,"fields":[{"field":"owner","access":"hidden"},{"field":"region","access":"hidden"}]}]}`
		}
		_ = lead
		w.publishApp("lab", secretForm, role(`{"field":"region","op":"under","value":"`+east+`"}`))
		w.create(admin(), "lab.deal", map[string]any{"name": "a", "region": east, "owner": anna.ID})
		w.create(admin(), "lab.deal", map[string]any{"name": "b", "region": carl.Department, "owner": carl.ID})
		for _, where := range []string{
			`{"field":"region","op":"under","value":"` + east + `"}`, `{"field":"owner.department","op":"under","value":"` + east + `"}`,
			`{"field":"owner.department","op":"eq","value":{"expr":"user.department"}}`, `{"field":"owner.department.name","op":"eq","value":"East"}`,
		} {
			w.publishApp("lab", secretForm, role(where))
			if n := w.count(w.as(anna, "r"), "lab.deal", "{}"); n != 1 {
				t.Errorf("%s: %d rows", where, n)
			}
		}
	})
}

func TestPathsThroughPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, anna, ben, carl := w.team()
		w.publishApp("lab", secretForm)
		for _, u := range []*org.User{anna, ben, carl, nil} {
			d := map[string]any{"name": "x", "owner": nil}
			if u != nil {
				d["owner"] = u.ID
			}
			w.create(admin(), "lab.deal", d)
		}
		for src, want := range map[string]int{
			`{"field":"owner.department.name","op":"eq","value":"East"}`:         2,
			`{"field":"owner.department.name","op":"ne","value":"East"}`:         2,
			`{"field":"owner.department.name","op":"nin","value":["East"]}`:      2,
			`{"field":"owner.department.name","op":"notEmpty"}`:                  3,
			`{"field":"owner.department.name","op":"empty"}`:                     1,
			`{"field":"owner.department","op":"empty"}`:                          1,
			`{"field":"owner.department","op":"eq","value":null}`:                1,
			`{"field":"owner.name","op":"ne","value":"anna"}`:                    3,
			`{"not":{"field":"owner.department.name","op":"ne","value":"East"}}`: 2,
		} {
			if n := w.count(admin(), "lab.deal", src); n != want {
				t.Errorf("%s: %d, want %d", src, n, want)
			}
		}
		for _, src := range []string{`{"field":"owner.department.leader.name","op":"eq","value":"x"}`, `{"field":"region.department","op":"empty"}`,
			`{"field":"owner.department","op":"under","value":"nowhere"}`, `{"field":"owner.password","op":"empty"}`} {
			if _, err := w.Query(ctx, admin(), "lab.deal", record.Query{Filter: filter(t, src)}); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", src, err)
			}
		}
		for _, src := range []string{`{"groupBy":[{"field":"owner.name","level":1}]}`, `{"groupBy":[{"field":"region.login"}]}`, `{"groupBy":[{"field":"name","level":1}]}`} {
			if _, err := w.Aggregate(ctx, admin(), "lab.deal", ask(t, src)); problem.KindOf(err) != problem.Invalid {
				t.Errorf("%s: %v", src, err)
			}
		}
	})
}

// TestNewRecordsAreHeldToWhatTheAuthorWrote: what coercion ensures is not checked again, the rest is.
func TestNewRecordsAreHeldToWhatTheAuthorWrote(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publish(`{"kind":"form","key":"thing","schema":{"type":"object","required":["a"],"properties":{"a":{"type":"string","x-field":{"type":"text"}},
			"b":{"type":"string","maxLength":2,"x-field":{"type":"text"}},"s":{"type":"string","x-field":{"type":"select","options":[{"value":"x"}]}},"e":{"type":"string","x-field":{"type":"email"}},
			"l":{"type":"array","items":{"type":"object","required":["q"],"properties":{"q":{"type":"number","maximum":5},"r":{"type":"number"}}},"x-field":{"type":"table"}}},
			"if":{"properties":{"a":{"const":"strict"}}},"then":{"required":["b"]}}}`)
		for want, data := range map[string]map[string]any{
			"required /data/a":       {"b": "x"},
			"max-length /data/b":     {"a": "1", "b": "xyz"},
			"unknown-option /data/s": {"a": "1", "s": "z"},
			"not-an-email /data/e":   {"a": "1", "e": "z"},
			"maximum /data/l/0/q":    {"a": "1", "l": []any{map[string]any{"q": 6.0}}},
			"required /data/l/0/q":   {"a": "1", "l": []any{map[string]any{"r": 6.0}}},
			"required /data/b":       {"a": "strict"},
			"max-length /data/a":     {"a": strings.Repeat("x", 2000), "b": "x"},
		} {
			_, _, err := w.Write(ctx, admin(), &record.Intent{Verb: record.Create, Form: "lab.thing", Data: data}, record.WriteOptions{})
			if ps := problem.Of(err); len(ps) != 1 || ps[0].Code+" "+ps[0].Pointer != want {
				t.Errorf("%v, want %s", ps, want)
			}
		}
	})
}
