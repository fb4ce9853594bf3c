package catalog

import (
	"fmt"
	"strings"
	"testing"

	"formwork/schemas/value"
)

const orderForm = `{"kind":"form","key":"order","title":"Order","schema":{"properties":{
	"name":{"x-field":{"type":"text"}},"total":{"x-field":{"type":"number","scale":2}},"twice":{"x-field":{"type":"formula","expr":"total * 2"}},
	"due":{"x-field":{"type":"date"}},"owner":{"x-field":{"type":"user"}},"stage":{"x-field":{"type":"select"}}}},
	"stages":{"field":"stage","initial":"new","states":[{"key":"new"},{"key":"won"}],"transitions":[{"key":"win","from":["new"],"to":"won"}]}}`

// compileAutomation compiles an app of one form, one role, one calendar and an automation with this body.
func compileAutomation(body string) (*Automation, string) {
	snap, ps := Compile(1, []Release{{App: "shop", Version: 1, Sources: Sources{
		"app/shop": `{"kind":"app","key":"shop"}`, "form/order": orderForm, "role/rep": `{"kind":"role","key":"rep"}`,
		"calendar/cn":  `{"kind":"calendar","key":"cn","holidays":[{"from":"2026-10-01","to":"2026-10-07"}],"workdays":[{"from":"2026-10-10"}]}`,
		"automation/a": `{"kind":"automation","key":"a",` + body + `}`,
	}}})
	var out []string
	for _, p := range ps {
		out = append(out, p.Code+" "+strings.TrimPrefix(p.Pointer, "/shop/automation/a"))
	}
	if snap == nil {
		return nil, strings.Join(out, "; ")
	}
	return snap.Automations["shop.a"], strings.Join(out, "; ")
}

func TestAutomationsAreChecked(t *testing.T) {
	steps := `"steps":[{"key":"s","type":"stop"}]`
	created := `"form":"order","trigger":{"on":"created"},`
	one := func(typ, config string) string {
		return created + `"steps":[{"key":"s","type":"` + typ + `","config":` + config + `}]`
	}
	for _, c := range []struct{ body, want string }{
		{created + steps, ""},
		{`"trigger":{"on":"created"},` + steps, "required /form"},
		{`"form":"odrer","trigger":{"on":"created"},` + steps, "unknown-form /form"},
		{`"form":"order","trigger":{"on":"created","cron":"* * * * *"},` + steps, "not-for-trigger /trigger/cron"},
		{`"form":"order","trigger":{"on":"changed","fields":["totl"]},` + steps, "unknown-field /trigger/fields/0"},
		{`"form":"order","trigger":{"on":"changed","fields":["total","name"],"to":["1"]},` + steps, "one-field /trigger/fields"},
		{`"form":"order","trigger":{"on":"stage","to":["lost"]},` + steps, "unknown-stage /trigger/to/0"},
		{`"form":"order","trigger":{"on":"date"},` + steps, "required /trigger/field"},
		{`"form":"order","trigger":{"on":"date","field":"name"},` + steps, "not-a-date /trigger/field"},
		{`"form":"order","trigger":{"on":"date","field":"due","offset":{"amount":-2,"unit":"workday"}},` + steps, "required /trigger/calendar"},
		{`"form":"order","trigger":{"on":"date","field":"due","calendar":"us"},` + steps, "unknown-calendar /trigger/calendar"},
		{`"form":"order","trigger":{"on":"idle"},` + steps, "required /trigger/offset"},
		{`"trigger":{"on":"schedule","cron":"0 9 * *"},` + steps, "wrong-cron /trigger/cron"},
		{`"trigger":{"on":"schedule","cron":"0 9 31 2 *"},` + steps, "wrong-cron /trigger/cron"},
		{`"trigger":{"on":"schedule","cron":"0 9 * * 1-5","timezone":"Asia/Shanghia"},` + steps, "unknown-timezone /trigger/timezone"},
		{`"trigger":{"on":"schedule","cron":"0 9 * * 1-5","timezone":"Asia/Shanghai","calendar":"cn","days":"working"},` + steps, ""},
		{`"form":"order","trigger":{"on":"button","roles":["boss"]},` + steps, "unknown-role /trigger/roles/0"},
		{created + `"when":{"expr":"record.totl > 1"},` + steps, "unknown-name /when/expr"},
		{created + `"when":{"expr":"record.total"},` + steps, "type-mismatch /when/expr"},
		{created + `"steps":[{"key":"s","type":"stpo"}]`, "unknown-step /steps/0/type"},
		{created + `"steps":[{"key":"s","type":"stop"},{"key":"s","type":"stop"}]`, "repeated /steps/1/key"},
		{one("find", `{"form":"order","filter":{"field":"nmae","op":"eq","value":1}}`), "unknown-field /steps/0/config/filter/field"},
		{one("find", `{"form":"order","filter":{"field":"total","op":"gt","value":"much"}}`), "wrong-value /steps/0/config/filter/value"},
		{one("find", `{"form":"order","filter":{"field":"name","op":"in","value":["a",{"expr":"record.nmae"}]}}`), "unknown-name /steps/0/config/filter/value/1/expr"},
		{one("update", `{"data":{"twice":1}}`), "computed /steps/0/config/data/twice"},
		{one("update", `{"data":{"total":{"expr":"record.due"}}}`), "formula-type /steps/0/config/data/total/expr"},
		{one("update", `{"data":{"total":"much"}}`), "not-a-number /steps/0/config/data/total"},
		{one("update", `{"data":{"name":{"expr":"item.name + before.name"}}}`), ""},
		{one("transition", `{"to":"lost"}`), "unknown-stage /steps/0/config/to"},
		{one("notify", `{"to":[{"role":"rep"},{"field":"owner"}],"title":{"en":"{{ record.name }} is due {{ record.deu }}"}}`), "unknown-name /steps/0/config/title/en"},
		{one("assign", `{"field":"name","by":"first","rules":[{"among":{"role":"rep"}}]}`), "unknown-field /steps/0/config/field"},
		{one("branch", `{"cases":[{"when":{"expr":"true"},"steps":[{"key":"t","type":"stop","config":{"reason":5}}]}]}`), "type /steps/0/config/cases/0/steps/0/config/reason"},
		{one("calculate", `{"lines":[{"key":"a","value":{"expr":"1"}},{"key":"b","value":{"expr":"lines.a + lines.b"}}]}`), "unknown-name /steps/0/config/lines/1/value/expr"},
		{created + `"steps":[{"key":"f","type":"find","config":{"form":"order"}},{"key":"u","type":"update","when":{"expr":"steps.f.found"},"config":{"data":{"name":{"expr":"steps.f.record.name"}}}}]`, ""},
		{created + `"steps":[{"key":"u","type":"update","config":{"data":{"name":{"expr":"steps.f.record.name"}}}},{"key":"f","type":"find","config":{"form":"order"}}]`, "unknown-name /steps/0/config/data/name/expr"},
		{created + `"steps":[{"key":"e","type":"each","config":{"form":"order","steps":[{"key":"u","type":"update","config":{"form":"order","record":{"expr":"item.id"},"data":{"name":{"expr":"item.nam"}}}}]}}]`, "unknown-name /steps/0/config/steps/0/config/data/name/expr"},
		{created + `"steps":[{"key":"v","type":"set","config":{"values":{"n":1}}},{"key":"u","type":"update","config":{"data":{"total":{"expr":"vars.n + 1"}}}}]`, ""},
	} {
		if _, got := compileAutomation(c.body); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.body, got, c.want)
		}
	}
}

func TestAutomationKnowsWhatItReads(t *testing.T) {
	a, ps := compileAutomation(`"form":"order","trigger":{"on":"changed"},"when":{"expr":"before.total < record.total"},"steps":[
		{"key":"f","type":"find","config":{"form":"order"}},
		{"key":"u","type":"update","config":{"data":{"name":{"expr":"steps.f.record.name"}}}}]`)
	if ps != "" {
		t.Fatal(ps)
	}
	if got := fmt.Sprint(a.Before, a.Keep, a.Forms); got != "[total] map[f:[name]] [shop.order]" {
		t.Error(got)
	}
}

// The make-up day of a holiday is worked, the holiday and the weekend are not.
func TestCalendar(t *testing.T) {
	snap, ps := Compile(1, []Release{{App: "shop", Version: 1, Sources: Sources{"app/shop": `{"kind":"app","key":"shop"}`,
		"calendar/cn": `{"kind":"calendar","key":"cn","holidays":[{"from":"2026-10-01","to":"2026-10-07"}],"workdays":[{"from":"2026-10-10"}]}`}}})
	if ps.Blocks() {
		t.Fatal(ps)
	}
	c := snap.Apps["shop"].Calendars[0]
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-09-30", 1, "2026-10-08"}, {"2026-09-30", 3, "2026-10-10"}, {"2026-10-09", 1, "2026-10-10"}, {"2026-10-10", 1, "2026-10-12"},
		{"2026-10-12", -1, "2026-10-10"}, {"2026-10-08", -1, "2026-09-30"}, {"2026-10-03", 0, "2026-10-03"},
	} {
		from, _ := value.ParseDate(x.from)
		day, ok := c.Add(from, x.n)
		if got := value.FormatDate(day); !ok || got != x.want {
			t.Errorf("%s and %d workdays is %s, want %s", x.from, x.n, got, x.want)
		}
	}
}
