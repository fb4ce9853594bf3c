package api_test

import (
	"strings"
	"testing"
)

func TestPreviewIsTheAppAsItWouldBe(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	r.put("/apps/depot/definitions/form/part", strings.Replace(depot["form/part"], `"zone":`, `"born":{"type":"string","x-field":{"type":"date","title":"Born"}},"zone":`, 1)).want(200)
	r.put("/apps/depot/definitions/view/broken", `{"kind":"view","key":"broken","title":"Broken","form":"part","fields":["nothing"]}`).want(200)
	a := r.get("/apps/depot/preview").want(200)
	part := formOf(a, "part")
	if dig(part, "schema", "properties", "born", "x-field", "type") != "date" || dig(part, "targets", "maker", "creatable") != true || len(programsOf(part)) == 0 {
		t.Errorf("%s", a.body)
	}
	if a.text("left") != "[view/broken]" || a.text("problems", 0, "pointer") != "/depot/view/broken/fields/0" || a.text("problems", 0, "message") == "" {
		t.Errorf("left %v, problems %v", a.at("left"), a.at("problems"))
	}
	if a.text("changes", 0, "key") != "part" || a.text("changes", 0, "details", 0, "what") != "field" || a.text("changes", 1, "change") != "added" {
		t.Errorf("changes %v", a.at("changes"))
	}
	if formNow := formOf(r.get("/apps/depot").want(200), "part"); dig(formNow, "schema", "properties", "born") != nil {
		t.Error("a draft shows to everybody")
	}
	r.get("/apps/depot/preview", "Authorization", "Bearer "+r.clerk()).problem(403, "designer-only", "")
	r.get("/apps/nothing/preview").want(404)
}

func TestUsesOfAField(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	a := r.get("/apps/depot/uses?form=part&field=cost").want(200)
	kinds := map[string]int{}
	for _, u := range a.at("items").([]any) {
		kinds[dig(u, "kind").(string)]++
	}
	if kinds["form"] != 7 || kinds["view"] != 3 || kinds["role"] != 1 {
		t.Errorf("%v in %s", kinds, a.body)
	}
	if a := r.get("/apps/depot/uses?form=depot.maker").want(200); !strings.Contains(string(a.body), `"/schema/properties/maker/x-field/form"`) {
		t.Errorf("%s", a.body)
	}
	if a := r.get("/apps/depot/uses?form=part&field=stage&option=kept").want(200); len(a.at("items").([]any)) != 2 {
		t.Errorf("%s", a.body)
	}
	r.get("/apps/depot/uses").problem(400, "wrong-parameter", "")
	r.get("/apps/depot/uses?form=nothing").want(404)
	r.get("/apps/depot/uses?form=part", "Authorization", "Bearer "+r.clerk()).want(403)
	// A field that is used cannot go.
	r.put("/apps/depot/definitions/form/maker", strings.Replace(depot["form/maker"], `,"size":{"type":"string","x-field":{"type":"select","optionSet":"size"}}`, "", 1)).want(200)
	refused := r.post("/apps/depot/publish", `{}`).want(422)
	if !strings.Contains(string(refused.body), "/depot/form/part/schema/properties/makerSize") {
		t.Errorf("%s", refused.body)
	}
	lint := r.get("/apps/depot/lint").want(200)
	if !strings.Contains(string(lint.body), `cannot be removed: Part still use`) {
		t.Errorf("%s", lint.body)
	}
}
