package record_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

const firmForm = `{"kind":"form","key":"firm","title":"Firm","titleField":"name","schema":{"type":"object","required":["name"],"properties":{
"name":{"type":"string","x-field":{"type":"text"}},
"tel":{"type":"string","x-field":{"type":"phone"}},
"silentSince":{"type":"string","x-field":{"type":"date"}},
"secret":{"type":"string","x-field":{"type":"text"}},
"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}}}},
"limits":[{"key":"held","title":"Held","owner":"owner","max":9}],
"claims":[{"key":"take","field":"owner"}]}`

const visitForm = `{"kind":"form","key":"visit","title":"Visit","titleField":"what","schema":{"type":"object","required":["firm"],"properties":{
"firm":{"type":"string","x-field":{"type":"relation","form":"firm"}},
"what":{"type":"string","x-field":{"type":"text"}},
"on":{"type":"string","x-field":{"type":"date"}},
"worth":{"type":"number","x-field":{"type":"currency","currency":"CNY","scale":2}},
"done":{"type":"boolean","x-field":{"type":"switch"}},
"owner":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}}}}}`

const dayRep = `{"kind":"role","key":"rep","forms":[
 {"form":"firm","actions":["read","create","update"],"rows":"own","fields":[{"field":"secret","access":"hidden"}]},
 {"form":"firm","actions":["read"],"where":{"field":"owner","op":"empty"},"fields":[{"field":"secret","access":"hidden"}]},
 {"form":"visit","actions":["read","create","update"],"rows":"own"}]}`

const dayPage = `{"kind":"page","key":"today","title":"Today","roles":["rep"],"blocks":[
 {"key":"todo","type":"todo","done":[{"form":"visit","filter":{"and":[{"field":"done","op":"eq","value":true},{"field":"on","op":"within","value":"today"}]}}],"sources":[
  {"key":"late","form":"visit","weight":10,"about":"firm","due":"on","amount":"worth","phone":"firm.tel","tone":"danger","icon":"clock",
   "filter":{"and":[{"field":"owner","op":"eq","value":{"expr":"user.id"}},{"field":"done","op":"ne","value":true},{"field":"on","op":"lt","value":{"expr":"today()"}}]},"sort":["on"],
   "reason":{"en":"Visit {{ today() - on }} days late","zh-CN":"拜访逾期 {{ today() - on }} 天"},
   "actions":[{"type":"call"},{"type":"create","form":"visit","link":"firm"},{"type":"postpone","field":"on","days":[1,3]}]},
  {"key":"silent","form":"firm","weight":5,"due":"silentSince","phone":"tel",
   "filter":{"and":[{"field":"owner","op":"eq","value":{"expr":"user.id"}},{"field":"silentSince","op":"notEmpty"}]},"sort":["silentSince"],
   "reason":"Silent since {{ silentSince }}","actions":[{"type":"call"},{"type":"open"}]},
  {"key":"hush","form":"firm","filter":{"field":"owner","op":"eq","value":{"expr":"user.id"}},"weight":-1,"reason":"It says {{ secret }}"}]},
 {"key":"log","type":"form","form":"visit","link":"firm","fields":["firm","what"],"sources":[{"key":"mine","form":"firm","filter":{"field":"owner","op":"eq","value":{"expr":"user.id"}},"reason":"Yours"}]},
 {"key":"pool","type":"claim","form":"firm","claim":"take","limit":2,"fields":["name","secret"],"filter":{"field":"owner","op":"empty"},"sort":["name"]},
 {"key":"sum","type":"figures","figures":[{"key":"worth","title":"Worth","form":"visit","dateField":"on","period":"this-month","fn":"sum","field":"worth","goal":100}]},
 {"key":"boss","type":"list","form":"firm","roles":["lead"]}]}`

const dayLead = `{"kind":"role","key":"lead","forms":[{"form":"firm","actions":["read"]}]}`

func TestAPageOfTheDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.publishApp("lab", firmForm, visitForm, dayPage, dayRep, dayLead)
		u, v := w.user("u", org.User{}), w.user("v", org.User{})
		c, other := w.as(u, "rep"), w.as(v, "rep")
		acme := w.create(c, "lab.firm", map[string]any{"name": "Acme", "tel": "13800138000", "silentSince": "2026-01-01"}).Doc.ID
		bolt := w.create(c, "lab.firm", map[string]any{"name": "Bolt", "silentSince": "2026-02-01"}).Doc.ID
		for i := range 3 {
			w.create(admin(), "lab.firm", map[string]any{"name": fmt.Sprint("Free ", i), "owner": nil, "secret": "s"})
		}
		theirs := w.create(other, "lab.firm", map[string]any{"name": "Theirs"}).Doc.ID
		w.create(other, "lab.visit", map[string]any{"firm": theirs, "on": "2026-03-01", "worth": 999.0})
		w.create(c, "lab.visit", map[string]any{"firm": acme, "on": "2026-03-02", "worth": 30.5})
		w.create(c, "lab.visit", map[string]any{"firm": acme, "on": "2026-03-01", "worth": 10.0})
		w.create(c, "lab.visit", map[string]any{"firm": bolt, "on": "2026-03-05", "done": true})
		blocks := func(c record.Caller) map[string]record.BlockData {
			t.Helper()
			_, list, err := w.PageData(ctx, c, "lab", "today")
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]record.BlockData{}
			for _, b := range list {
				if len(b.Problems) > 0 {
					t.Errorf("%s: %v", b.Def.Key, b.Problems)
				}
				out[b.Def.Key] = b
			}
			return out
		}
		got := blocks(c)
		var lines []string
		for _, x := range got["todo"].Todos {
			var why, can []string
			for _, r := range x.Reasons {
				why = append(why, r.Text.In("en"))
			}
			for _, a := range x.Actions {
				can = append(can, a.Type)
			}
			lines = append(lines, fmt.Sprintf("%s %v %s [%s] %v", x.Title, x.Amount, x.Phone, strings.Join(why, "; "), can))
		}
		want := "Acme 10 13800138000 [Visit 4 days late; Visit 3 days late; Silent since 2026-01-01; ] [call create postpone]\n" +
			"Bolt <nil>  [Silent since 2026-02-01; ] [open]"
		if s := strings.Join(lines, "\n"); s != want {
			t.Errorf("to do:\n%s\nwant\n%s", s, want)
		}
		if x := got["todo"].Todos[0]; x.About == nil || x.About.ID != acme || x.Currency != "CNY" || x.Reasons[0].Text.In("zh-CN") != "拜访逾期 4 天" {
			t.Errorf("%+v", x)
		}
		if got["todo"].Done != 1 || got["todo"].More {
			t.Errorf("done %d, more %v", got["todo"].Done, got["todo"].More)
		}
		if n := len(got["log"].Todos); n != 2 || got["log"].Todos[0].Title == "Theirs" {
			t.Errorf("%d suggested", n)
		}
		pool := got["pool"]
		if len(pool.Items) != 2 || !pool.More || strings.Contains(string(pool.Items[0]), "secret") || len(pool.Usage) != 1 || pool.Usage[0].Used != 2 || pool.Usage[0].Max != 9 {
			t.Errorf("the pool: %s %+v", pool.Items, pool.Usage)
		}
		if f := got["sum"].Figures; len(f) != 1 || fmt.Sprint(f[0].Value) != "40.5" || *f[0].Goal != 100 || f[0].From != "2026-03-01" {
			t.Errorf("figures: %+v", f)
		}
		if _, there := got["boss"]; there {
			t.Error("a block for others is shown")
		}
		if n := len(blocks(other)["todo"].Todos); n != 1 {
			t.Errorf("somebody else has %d things to do", n)
		}
		if _, _, err := w.PageData(ctx, w.as(w.user("x", org.User{}), "lead"), "lab", "today"); problem.KindOf(err) != problem.NotFound {
			t.Errorf("who has none of its roles: %v", err)
		}
		if got := blocks(admin()); len(got) != 5 {
			t.Errorf("an admin sees %d blocks", len(got))
		}
	})
}

func TestAPageIsCheckedWhenItIsPublished(t *testing.T) {
	w := open(t, storetest.NewMemory())
	for name, c := range map[string]struct{ old, new, code, at string }{
		"a form":           {`"form":"visit","weight":10`, `"form":"visits","weight":10`, "unknown-form", "/blocks/0/sources/0/form"},
		"a reason":         {`{{ today() - on }} days`, `{{ today() - om }} days`, "unknown-name", "/blocks/0/sources/0/reason/en"},
		"an open brace":    {`{{ secret }}`, `{{ secret`, "syntax", "/blocks/0/sources/2/reason"},
		"a filter":         {`{"field":"silentSince","op":"notEmpty"}`, `{"field":"silent","op":"notEmpty"}`, "unknown-field", "/blocks/0/sources/1/filter/and/1/field"},
		"a phone":          {`"firm.tel"`, `"firm.phone"`, "unknown-field", "/blocks/0/sources/0/phone"},
		"what it is about": {`"about":"firm"`, `"about":"what"`, "unknown-field", "/blocks/0/sources/0/about"},
		"a claim":          {`"claim":"take"`, `"claim":"grab"`, "unknown-claim", "/blocks/2/claim"},
		"a role":           {`"roles":["lead"]`, `"roles":["boss"]`, "unknown-role", "/blocks/4/roles/0"},
		"a period":         {`"this-month"`, `"some-day"`, "wrong-period", "/blocks/3/figures/0/period"},
		"a date to move":   {`"type":"postpone","field":"on"`, `"type":"postpone","field":"what"`, "unknown-field", "/blocks/0/sources/0/actions/2/field"},
		"nothing to show":  {`"sources":[{"key":"mine"`, `"items":[],"sources":[{"key":"mine"`, "", ""},
	} {
		broken := strings.Replace(dayPage, c.old, c.new, 1)
		if broken == dayPage {
			t.Fatalf("%s: nothing was replaced", name)
		}
		_, err := w.tryApp("lab", firmForm, visitForm, broken, dayRep, dayLead)
		ps := problem.Of(err)
		if c.code == "" {
			if ps.Blocks() {
				t.Errorf("%s: %v", name, ps)
			}
			continue
		}
		if len(ps) == 0 || ps[0].Code != c.code || ps[0].Pointer != "/lab/page/today"+c.at {
			t.Errorf("%s: %v, want %s at %s", name, ps, c.code, c.at)
		}
	}
}

// Before something is taken out of a form, people can be told which pages, limits and claims use it.
func TestUsesOfPagesAndOwnership(t *testing.T) {
	w := open(t, storetest.NewMemory())
	w.publishApp("lab", firmForm, visitForm, dayPage, dayRep, dayLead)
	for _, c := range []struct{ form, field, want string }{
		{"lab.firm", "silentSince", "/blocks/0/sources/1/due"}, {"lab.firm", "secret", "/blocks/0/sources/2/reason"}, {"lab.visit", "firm", "/blocks/0/sources/0/about"},
		{"lab.visit", "on", "/blocks/0/sources/0/actions/2/field"}, {"lab.firm", "tel", "/blocks/0/sources/0/phone"}, {"lab.firm", "owner", "/claims/0/field"},
		{"lab.firm", "owner", "/limits/0/owner"}, {"lab.firm", "", "/blocks/2/form"},
	} {
		var at []string
		for _, u := range w.cat.Snapshot().Uses(c.form, c.field, "") {
			at = append(at, u.Pointer)
		}
		if !slices.Contains(at, c.want) {
			t.Errorf("%s %s is used at %v, not %s", c.form, c.field, at, c.want)
		}
	}
}
