package api_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"formwork/schemas/validate"
	"formwork/schemas/value"
)

// contract holds requests and answers against the OpenAPI document that the server gives.
type contract struct {
	t       *testing.T
	paths   map[string]map[string]operation
	schemas map[string]json.RawMessage
	matches []pathMatch
	covered map[string]bool
}

type pathMatch struct {
	pattern *regexp.Regexp
	path    string
}

type operation struct {
	OperationID string `json:"operationId"`
	RequestBody struct {
		Content map[string]media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Ref     string           `json:"$ref"`
		Content map[string]media `json:"content"`
	} `json:"responses"`
}

type media struct {
	Schema json.RawMessage `json:"schema"`
}

func newContract(t *testing.T, document []byte) *contract {
	t.Helper()
	var d struct {
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	c := &contract{t: t, paths: d.Paths, schemas: d.Components.Schemas, covered: map[string]bool{}}
	c.schemas["ProgramNode"] = json.RawMessage(`{"type":"object"}`) // recursive, which forms' schemas may not be
	for path := range d.Paths {
		p := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`)
		p = regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(p, `[^/]+`)
		c.matches = append(c.matches, pathMatch{regexp.MustCompile("^" + p + "$"), path})
	}
	return c
}

// operation finds what a request is, the most literal path first.
func (c *contract) operation(method, path string) (operation, bool) {
	path, _, _ = strings.Cut(path, "?")
	best, found := operation{}, ""
	for _, m := range c.matches {
		if o, ok := c.paths[m.path][strings.ToLower(method)]; ok && m.pattern.MatchString(path) && (found == "" || strings.Count(m.path, "{") < strings.Count(found, "{")) {
			best, found = o, m.path
		}
	}
	return best, found != ""
}

func (c *contract) check(what string, schema json.RawMessage, body []byte) {
	c.t.Helper()
	if len(schema) == 0 {
		return
	}
	root := map[string]json.RawMessage{"$defs": nil}
	defs, err := json.Marshal(c.schemas)
	if err != nil {
		c.t.Fatal(err)
	}
	root["$defs"] = defs
	root["allOf"] = json.RawMessage("[" + string(schema) + "]")
	whole, err := json.Marshal(root)
	if err != nil {
		c.t.Fatal(err)
	}
	compiled, err := validate.Compile("answer", []byte(strings.ReplaceAll(string(whole), "#/components/schemas/", "#/$defs/")))
	if err != nil {
		c.t.Fatalf("%s: %v", what, err)
	}
	v, err := value.Decode(body)
	if err != nil {
		c.t.Errorf("%s: %v", what, err)
		return
	}
	for _, p := range compiled.Validate(v) {
		c.t.Errorf("%s: %s in %.400s", what, p, body)
	}
}

// exchange sends a request that must go well and holds both sides against the document.
func (c *contract) exchange(r *rig, status int, method, path, body string) *answer {
	c.t.Helper()
	full := path
	if !strings.HasPrefix(path, "/healthz") && !strings.HasPrefix(path, "/readyz") {
		full = "/api/v1" + path
	}
	o, ok := c.operation(method, full)
	if !ok {
		c.t.Fatalf("%s %s is not documented", method, path)
	}
	c.covered[o.OperationID] = true
	if body != "" && status < 400 {
		schema := o.RequestBody.Content["application/json"].Schema
		if len(schema) == 0 {
			c.t.Errorf("%s %s has no body in the document", method, path)
		}
		c.check(method+" "+path+" request", schema, []byte(body))
	}
	a := r.do(method, full, strings.NewReader(body)).want(status)
	response, ok := o.Responses[strconv.Itoa(status)]
	if !ok {
		c.check(method+" "+path+" refusal", json.RawMessage(`{"$ref":"#/components/schemas/ProblemDocument"}`), a.body)
		return a
	}
	if m, ok := response.Content["application/json"]; ok {
		c.check(method+" "+path, m.Schema, a.body)
	} else if len(a.body) > 0 && len(response.Content) == 0 {
		c.t.Errorf("%s %s answers %s where the document says nothing", method, path, a.body)
	}
	return a
}

func TestRequestsAndAnswersAreAsDocumented(t *testing.T) {
	r := newRig(t)
	c := newContract(t, r.get("/openapi.json", "Authorization", "").want(200).body)
	do := func(status int, method, path, body string) *answer {
		t.Helper()
		return c.exchange(r, status, method, path, body)
	}

	do(200, "GET", "/healthz", "")
	do(200, "GET", "/readyz", "")
	do(200, "GET", "/setup", "")
	do(409, "POST", "/setup", `{"login":"a","password":"0123456789"}`)
	do(200, "POST", "/auth/login", `{"login":"admin","password":"`+adminPassword+`"}`)
	do(200, "GET", "/me", "")
	do(200, "PATCH", "/me", `{"name":"Ada","locale":"en"}`)
	do(200, "GET", "/workspace", "")
	do(200, "PATCH", "/workspace", `{"rev":1,"name":"Acme"}`)
	token := do(201, "POST", "/tokens", `{"name":"t"}`).text("id")
	do(200, "GET", "/tokens", "")
	do(204, "DELETE", "/tokens/"+token, "")

	unit := do(201, "POST", "/departments", `{"name":"Sales","order":1}`).text("id")
	do(200, "GET", "/departments", "")
	do(200, "GET", "/departments/"+unit, "")
	do(200, "PATCH", "/departments/"+unit, `{"name":"Sales North"}`)
	user := do(201, "POST", "/users", `{"login":"ann","name":"Ann","department":"`+unit+`","roles":{"shop":["clerk"]}}`).text("id")
	do(200, "GET", "/users?search=an", "")
	do(200, "GET", "/users?ids="+user, "")
	do(204, "PUT", "/apps/shop/roles/clerk/members/"+user, "")
	do(200, "GET", "/apps/shop/roles", "")
	do(204, "DELETE", "/apps/shop/roles/clerk/members/"+user, "")
	do(200, "GET", "/users/"+user, "")
	do(200, "PATCH", "/users/"+user, `{"department":null,"active":true}`)
	do(204, "PUT", "/users/"+user+"/password", `{"password":"a long password"}`)
	do(204, "DELETE", "/users/"+user+"/sessions", "")
	do(204, "DELETE", "/departments/"+unit, "")

	do(200, "GET", "/templates", "")
	do(200, "POST", "/templates/starter/install", `{"demo":false}`)
	do(200, "GET", "/apps", "")
	do(200, "GET", "/apps/shop", "")
	do(200, "GET", "/apps/tasks", "")
	do(200, "GET", "/apps/shop/openapi.json", "")
	do(200, "GET", "/schemas/form", "")
	do(200, "GET", "/apps/shop/definitions", "")
	do(200, "GET", "/apps/shop/definitions/form/item", "")
	do(200, "PUT", "/apps/shop/definitions/view/all", `{"kind":"view","key":"all","title":"All","form":"item"}`)
	do(200, "GET", "/apps/shop/lint", "")
	do(200, "GET", "/apps/shop/preview", "")
	do(200, "GET", "/apps/shop/uses?form=item&field=price", "")
	do(200, "POST", "/apps/shop/publish", `{"message":"view"}`)
	do(204, "DELETE", "/apps/shop/definitions/view/all", "")
	do(204, "DELETE", "/apps/shop/drafts", "")
	do(200, "GET", "/apps/shop/versions", "")
	do(200, "GET", "/apps/shop/versions/1", "")
	do(200, "POST", "/apps/shop/rollback", `{"version":1}`)

	const form = "/apps/shop/forms/item"
	id := do(201, "POST", items, `{"data":{"name":"a","price":2}}`).text("id")
	do(422, "POST", items, `{"data":{}}`)
	do(200, "GET", items+"?limit=1", "")
	do(200, "GET", items+"/"+id, "")
	do(200, "PATCH", items+"/"+id, `{"data":{"price":null}}`)
	do(200, "POST", items+"/"+id+"/transition", `{"to":"sold","comment":"x","data":{"price":1}}`)
	do(200, "GET", items+"/"+id+"/history", "")
	do(200, "GET", items+"/"+id+"/related", "")
	comment := do(201, "POST", items+"/"+id+"/comments", `{"text":"hello","mentions":["`+user+`"]}`).text("id")
	do(200, "PATCH", items+"/"+id+"/comments/"+comment, `{"text":"better"}`)
	do(200, "GET", items+"/"+id+"/comments", "")
	do(200, "GET", items+"/"+id+"/timeline", "")
	do(200, "POST", items+"/"+id+"/revert", `{"rev":1}`)
	do(204, "DELETE", items+"/"+id+"/comments/"+comment, "")
	do(200, "GET", items+"/"+id+"/transitions", "")
	do(200, "GET", items+"/"+id+"/stages", "")
	view := do(201, "POST", form+"/views", `{"title":"mine","type":"table","fields":["name"],"widths":{"name":120},"filter":{"field":"price","op":"gt","value":1},"summaries":[{"field":"price","fn":"sum"}]}`).text("id")
	do(200, "PATCH", form+"/views/"+view, `{"filter":null,"shared":true}`)
	do(200, "GET", form+"/views", "")
	do(204, "DELETE", form+"/views/"+view, "")
	do(200, "GET", "/search?q=a", "")
	do(200, "POST", "/live/presence", `{"form":"shop.item","state":"viewing"}`)
	do(200, "PATCH", "/me/preferences", `{"theme":"dark"}`)
	do(200, "GET", "/me/preferences", "")
	do(204, "PUT", "/me/favourites/shop.item/"+id, "")
	do(200, "GET", "/me/favourites", "")
	do(204, "DELETE", "/me/favourites/shop.item/"+id, "")
	do(200, "GET", items+"/"+id+"/claims", "")
	do(404, "POST", items+"/"+id+"/claims/none", "")
	do(404, "POST", items+"/"+id+"/claims/none/release", `{}`)
	do(200, "GET", "/apps/shop/forms/item/limits", "")
	do(200, "POST", "/apps/shop/forms/item/moves/aggregate", `{"groupBy":[{"field":"to"}],"measures":[{"fn":"count","as":"n"}]}`)
	do(200, "POST", "/apps/shop/forms/item/duplicates", `{"data":{"name":"a"}}`)
	do(204, "DELETE", items+"/"+id, "")
	do(200, "POST", items+"/"+id+"/restore", "")
	do(200, "POST", form+"/query", `{"filter":{"field":"price","op":"gt","value":0},"sort":["-updatedAt"],"limit":5,"count":true}`)
	do(200, "POST", form+"/evaluate", `{"data":{"price":2}}`)
	do(200, "POST", form+"/aggregate", `{"groupBy":[{"field":"stage"}],"measures":[{"fn":"sum","field":"price","as":"total"}]}`)
	do(200, "POST", form+"/bulk", `{"create":[{"name":"b"},{}],"update":[{"id":"`+id+`","data":{"price":3}}],"delete":["`+id+`"],"atomic":false}`)

	changed := strings.Replace(shop["form/item"], "price * 2", "price * 3", 1)
	do(200, "PUT", "/apps/shop/definitions/form/item", changed)
	job := do(202, "POST", "/apps/shop/publish", `{}`).text("job")
	do(200, "GET", "/jobs", "")
	do(200, "GET", "/jobs/"+job, "")
	do(200, "POST", "/jobs/"+job+"/cancel", "")
	do(404, "GET", "/jobs/nothing", "")

	do(200, "PUT", "/apps/shop/definitions/page/today", `{"kind":"page","key":"today","title":"Today","blocks":[
		{"key":"t","type":"todo","sources":[{"key":"a","form":"item","reason":"why {{ name }}","actions":[{"type":"open"}]}]},{"key":"l","type":"list","form":"item"},
		{"key":"f","type":"figures","figures":[{"key":"n","title":"N","form":"item","fn":"count"}]},{"key":"s","type":"shortcuts","items":[{"key":"n","form":"item"}]}]}`)
	do(200, "POST", "/apps/shop/publish", `{}`)
	do(200, "GET", "/apps/shop", "")
	do(200, "GET", "/pages/shop.today/data", "")
	r.tell("something", "")
	do(200, "GET", "/notifications", "")
	do(200, "POST", "/notifications/read", `{"all":true}`)

	tryAutomations(r, do)

	elsewhere := map[string]string{ // tested where their wire is no plain JSON
		"metrics": "", "openAPI": "", "live": "", "saveFile": "", "getFile": "", "importRecords": "", "importUsers": "", "importDepartments": "", "exportRecords": "", "exportQuery": "",
		"undoJob": "", "logout": "", "changePassword": "", "endSessions": "", "dashboardData": "", "exportDashboard": "", "templatePicture": "",
	}
	for path, item := range c.paths {
		for method, o := range item {
			if _, ok := elsewhere[o.OperationID]; !ok && !c.covered[o.OperationID] {
				t.Errorf("%s %s (%s) was not tried", method, path, o.OperationID)
			}
		}
	}
}
