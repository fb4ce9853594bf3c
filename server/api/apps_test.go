package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"formwork/engine/formula"
)

// depot is an app in which clerks may not know what things cost.
var depot = map[string]string{
	"app/depot":      `{"kind":"app","key":"depot","title":"Depot","menu":[{"form":"part"},{"form":"audit"},{"view":"dear"}]}`,
	"optionset/size": `{"kind":"optionset","key":"size","title":"Sizes","options":[{"value":"s","title":{"en":"Small","zh-CN":"小"},"color":"blue"},{"value":"l"}]}`,
	"form/maker": `{"kind":"form","key":"maker","title":"Maker","titleField":"name","schema":{"type":"object","properties":{
		"name":{"type":"string","x-field":{"type":"text","search":true}},"size":{"type":"string","x-field":{"type":"select","optionSet":"size"}}}}}`,
	"form/audit": `{"kind":"form","key":"audit","title":"Audit","schema":{"type":"object","properties":{"note":{"type":"string","x-field":{"type":"text"}}}}}`,
	"form/part": `{"kind":"form","key":"part","title":"Part","titleField":"name","schema":{"type":"object","properties":{
		"name":{"type":"string","x-field":{"type":"text","search":true}},
		"zone":{"type":"string","x-field":{"type":"text"}},
		"price":{"type":"number","x-field":{"type":"currency","scale":2,"currency":"CNY"}},
		"cost":{"type":"number","x-field":{"type":"number","scale":2}},
		"gross":{"type":"number","x-field":{"type":"formula","expr":"price * 1.19","scale":2,"result":"currency","currency":"CNY"}},
		"margin":{"type":"number","x-field":{"type":"formula","expr":"price - cost","scale":2}},
		"maker":{"type":"string","x-field":{"type":"relation","form":"maker"}},
		"makerSize":{"x-field":{"type":"lookup","via":"maker","field":"size"}},
		"buyer":{"type":"string","x-field":{"type":"user","default":{"expr":"user.id"}}},
		"stage":{"type":"string","x-field":{"type":"select"}},
		"lines":{"type":"array","items":{"type":"object","properties":{"qty":{"type":"number"},"from":{"type":"string","x-field":{"type":"relation","form":"maker"}},"twice":{"x-field":{"type":"formula","expr":"qty * 2","scale":1}},"size":{"type":"string","x-field":{"type":"select","optionSet":"size"}}}},"x-field":{"type":"table"}}}},
		"layout":[{"key":"money","section":"Money","fields":["cost"]},
			{"key":"main","section":"Main","fields":["name","price","cost"],"visible":{"expr":"price > 0"}},
			{"key":"more","section":"More","fields":["maker"],"visible":{"expr":"cost > 0"}}],
		"rules":[{"key":"secret","when":{"expr":"cost > price"},"refuse":"Too dear"},{"key":"open","when":{"expr":"price > 100"},"require":["maker"]}],
		"stages":{"field":"stage","initial":"new","states":[{"key":"new","title":"New","color":"blue","percent":10},{"key":"kept"},{"key":"gone","category":"failed","hidden":true}],
			"transitions":[{"key":"keep","from":["new"],"to":"kept","guard":{"expr":"price > 0"},"refuse":"No price"},
				{"key":"back","from":["kept"],"to":"new","roles":["boss"],"guard":{"expr":"cost > 0"},"require":["cost"]},{"key":"drop","from":["*"],"to":"gone"}]}}`,
	"view/dear": `{"kind":"view","key":"dear","title":"Dear","form":"part","filter":{"field":"cost","op":"gt","value":5}}`,
	"view/all":  `{"kind":"view","key":"all","title":"All","form":"part","fields":["name","cost"],"sort":["-cost"]}`,
	"role/clerk": `{"kind":"role","key":"clerk","title":"Clerk","members":{"default":true},"forms":[{"form":"maker","actions":["read"]},
		{"form":"part","actions":["read","create","update","transition"],"fields":[{"field":"cost","access":"hidden"},{"field":"zone","access":"masked"}]}]}`,
	"role/boss": `{"kind":"role","key":"boss","title":{"en":"Boss"},"admin":true}`,
}

// app publishes an app.
func (r *rig) app(key string, definitions map[string]string) {
	r.t.Helper()
	for name, source := range definitions {
		r.put("/apps/"+key+"/definitions/"+name, source).want(200)
	}
	r.post("/apps/"+key+"/publish", `{}`).want(200)
}

// formOf is a form of GET /apps/{app}.
func formOf(a *answer, key string) map[string]any {
	a.t.Helper()
	list, _ := a.at("forms").([]any)
	for _, f := range list {
		if m := f.(map[string]any); m["key"] == key {
			return m
		}
	}
	a.t.Fatalf("no form %s in %s", key, a.body)
	return nil
}

// dig finds a value by keys and indexes; nil when it is not there.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func programsOf(f map[string]any) (pointers []string) {
	m, _ := f["programs"].(map[string]any)
	for k := range m {
		pointers = append(pointers, k)
	}
	slices.Sort(pointers)
	return pointers
}

func TestClientsGetEverythingOfAForm(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	a := r.get("/apps/depot").want(200)
	part := formOf(a, "part")
	want := []string{"/layout/1/visible/expr", "/layout/2/visible/expr", "/rules/0/when/expr", "/rules/1/when/expr",
		"/schema/properties/buyer/x-field/default/expr", "/schema/properties/gross/x-field/expr", "/schema/properties/lines/items/properties/twice/x-field/expr", "/schema/properties/margin/x-field/expr",
		"/stages/transitions/0/guard/expr", "/stages/transitions/1/guard/expr"}
	if got := programsOf(part); !slices.Equal(got, want) {
		t.Errorf("programs %q", got)
	}
	for at, p := range part["programs"].(map[string]any) {
		b, _ := json.Marshal(p)
		if _, err := formula.FromJSON(b); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	if got := dig(part, "schema", "properties", "lines", "items", "properties", "size", "x-field", "options", 0, "title", "zh-CN"); got != "小" {
		t.Errorf("a column's options: %v", got)
	}
	if got := dig(part, "results", "makerSize", "options", 0, "color"); got != "blue" {
		t.Errorf("options of a lookup: %v", got)
	}
	if got := dig(part, "results", "gross", "currency"); got != "CNY" {
		t.Errorf("currency of a formula: %v", got)
	}
	if got := dig(part, "targets", "maker", "form"); got != "depot.maker" || dig(part, "targets", "maker", "titleField") != "name" {
		t.Errorf("target %v", dig(part, "targets"))
	}
	if dig(part, "targets", "lines.from", "titleField") != "name" || dig(part, "results", "lines.twice", "scale") != 1.0 {
		t.Errorf("of columns: %v %v", dig(part, "targets"), dig(part, "results"))
	}
	if dig(part, "stages", "states", 0, "percent") != 10.0 || dig(part, "stages", "states", 0, "title") != "New" {
		t.Errorf("states %v", dig(part, "stages", "states"))
	}
	if dig(part, "stages", "transitions", 1, "allowed") != true || dig(part, "stages", "transitions", 2, "reason") != "stage-retired" {
		t.Errorf("transitions %v", dig(part, "stages", "transitions"))
	}
	if again := r.get("/apps/depot", "If-None-Match", a.header.Get("ETag")).want(304); len(again.body) > 0 {
		t.Errorf("304 with %s", again.body)
	}
}

func TestWhatIsHiddenIsNowhereInAForm(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	a := r.get("/apps/depot", "Authorization", "Bearer "+r.clerk()).want(200)
	if strings.Contains(string(a.body), "cost") {
		t.Errorf("the hidden field shows: %s", a.body)
	}
	part := formOf(a, "part")
	want := []string{"/layout/0/visible/expr", "/rules/0/when/expr", "/schema/properties/buyer/x-field/default/expr", "/schema/properties/gross/x-field/expr", "/schema/properties/lines/items/properties/twice/x-field/expr", "/stages/transitions/0/guard/expr"}
	if got := programsOf(part); !slices.Equal(got, want) {
		t.Errorf("programs %q", got)
	}
	if dig(part, "rules", 0, "key") != "open" || dig(part, "layout", 0, "key") != "main" || dig(part, "layout", 1, "key") != "more" {
		t.Errorf("rules and layout: %v %v", part["rules"], part["layout"])
	}
	if dig(part, "access", "zone") != "masked" || dig(part, "results", "margin", "type") != "number" {
		t.Errorf("access %v, results %v", part["access"], part["results"])
	}
	back := dig(part, "stages", "transitions", 1)
	if dig(back, "allowed") != false || dig(back, "reason") != "transition-role" || dig(back, "roles", 0, "title", "en") != "Boss" || dig(back, "guard") != nil {
		t.Errorf("a move of another role: %v", back)
	}
	if got := a.at("menu"); len(got.([]any)) != 1 {
		t.Errorf("menu %v", got)
	}
	if got := a.at("views").([]any); len(got) != 1 || dig(got, 0, "key") != "all" || len(dig(got, 0, "fields").([]any)) != 1 {
		t.Errorf("views %v", got)
	}
	if got := dig(part, "targets", "maker", "creatable"); got != false {
		t.Errorf("target %v", dig(part, "targets", "maker"))
	}
	if i := strings.Index(string(a.body), `"zone":{`); i < 0 || i > strings.Index(string(a.body), `"gross":{"type"`) {
		t.Errorf("the order of the fields is lost: %s", a.body)
	}
}

func TestRecordsComeWithTheNamesOfWhatTheyHold(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	const parts = "/apps/depot/forms/part/records"
	maker := r.post("/apps/depot/forms/maker/records", `{"data":{"name":"匠"}}`).want(201).text("id")
	gone := r.post("/apps/depot/forms/maker/records", `{"data":{}}`).want(201).text("id")
	id := r.post(parts, `{"data":{"name":"a","price":3,"maker":"`+maker+`"}}`).want(201).text("id")
	r.post(parts, `{"data":{"name":"b","maker":"`+gone+`"}}`).want(201)
	a := r.post("/apps/depot/forms/part/query", `{"titles":true,"sort":["name"]}`).want(200)
	if a.text("labels", "maker", maker) != "匠" || a.at("labels", "maker", gone) != nil || a.text("labels", "buyer", r.admin.ID) != r.admin.Name || a.text("labels", "createdBy", r.admin.ID) != r.admin.Name {
		t.Errorf("labels %v", a.at("labels"))
	}
	if r.get(parts).want(200).at("labels") != nil {
		t.Error("labels come unasked")
	}
	if got := r.get(parts + "?titles=true&fields=name").want(200); got.at("labels", "maker") != nil {
		t.Errorf("labels of a field that was not asked for: %s", got.body)
	}
	clerk := r.clerk()
	got := r.get(parts+"/"+id+"?detail=true", "Authorization", "Bearer "+clerk).want(200)
	if got.text("labels", "maker", maker) != "匠" || got.text("actions") != "[read update transition]" && got.text("actions") != "[read create update transition]" || got.text("moves") != "[keep]" {
		t.Errorf("detail %s", got.body)
	}
	if got.header.Get("ETag") != r.get(parts+"/"+id).header.Get("ETag") {
		t.Error("the detail has another tag")
	}
	related := r.get("/apps/depot/forms/maker/records/"+maker+"/related", "Authorization", "Bearer "+clerk).want(200)
	if related.at("items", 0, "create") != true || related.text("items", 0, "count") != "1" {
		t.Errorf("related %s", related.body)
	}
	// Without the right to read makers there are no names of them.
	r.put("/apps/depot/definitions/role/clerk", strings.Replace(depot["role/clerk"], `{"form":"maker","actions":["read"]},`, "", 1)).want(200)
	r.post("/apps/depot/publish", `{}`).want(200)
	if got := r.get(parts+"?titles=true", "Authorization", "Bearer "+clerk).want(200); got.at("labels", "maker") != nil {
		t.Errorf("names of records that the caller may not read: %s", got.body)
	}
}
