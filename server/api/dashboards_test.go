package api_test

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// books is a dashboard over the depot.
const books = `{"kind":"dashboard","key":"books","title":{"en":"Books","zh-CN":"账目"},"cards":[
	{"key":"total","title":{"en":"Total","zh-CN":"合计"},"type":"kpi","form":"part","dateField":"createdAt","measures":[{"fn":"sum","field":"price","as":"sum"}],
		"titles":{"sum":{"en":"Value","zh-CN":"金额"}},"format":{"sum":"currency"},"compare":"previous","target":{"value":100,"per":"day"}},
	{"key":"stages","title":"=Stages","type":"bar","form":"part","groupBy":[{"field":"stage","as":"stage"},{"field":"maker","as":"maker"}],"measures":[{"fn":"count","as":"count"}]},
	{"key":"costs","title":"Costs","type":"kpi","form":"part","measures":[{"fn":"sum","field":"cost","as":"sum"}]}]}`

func TestDashboards(t *testing.T) {
	r := newRig(t)
	depot := maps.Clone(depot)
	depot["dashboard/books"] = books
	depot["role/clerk"] = strings.Replace(depot["role/clerk"], `"members":{"default":true}`, `"members":{"default":true},"dashboards":["books"]`, 1)
	r.app("depot", depot)
	maker := r.post("/apps/depot/forms/maker/records", `{"data":{"name":"+Acme"}}`).want(201).text("id")
	for _, d := range []string{`{"name":"a","price":10.5,"cost":3,"maker":"` + maker + `"}`, `{"name":"b","price":2}`} {
		r.post("/apps/depot/forms/part/records", `{"data":`+d+`}`).want(201)
	}
	c := newContract(t, r.get("/openapi.json", "Authorization", "").want(200).body)
	a := c.exchange(r, 200, "GET", "/dashboards/depot.books/data?period=today", "")
	if a.text("cards", 0, "rows", 0, "sum") != "12.5" || a.text("cards", 0, "target") != "100" || a.at("cards", 0, "then", "from") == nil || a.text("range", "days") != "1" || a.text("range", "elapsed") != "1" {
		t.Errorf("%s", a.body)
	}
	r.get("/dashboards/depot.books/export?format=pdf").problem(400, "wrong-parameter", "")
	r.get("/dashboards/depot.nothing/export").want(404)
	r.get("/dashboards/depot.books/export?period=soon").problem(422, "invalid", "/period")
	clerk := "Bearer " + r.clerk()
	seen := r.get("/apps/depot", "Authorization", clerk).want(200)
	if cards := seen.at("dashboards", 0, "cards").([]any); len(cards) != 2 || strings.Contains(string(seen.body), "cost") {
		t.Errorf("cards of a hidden field: %v", cards)
	}
	file := r.get("/dashboards/depot.books/export?period=today", "Authorization", clerk, "Accept-Language", "zh-CN").want(200)
	if got := file.header.Get("Content-Disposition"); !strings.HasSuffix(got, "''%E8%B4%A6%E7%9B%AE.xlsx") {
		t.Errorf("name %s", got)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file.body))
	r.must(err)
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ","); got != "说明,合计,=Stages,Costs" {
		t.Errorf("sheets %s", got)
	}
	rows := func(name string) [][]string {
		t.Helper()
		rows, err := f.GetRows(name)
		r.must(err)
		return rows
	}
	if got := rows("合计"); got[0][0] != "金额" || got[1][0] != "12.50" || !strings.Contains(got[0][1], "对比期") || got[0][2] != "目标" || got[1][2] != "100" {
		t.Errorf("%q", got)
	}
	if got := rows("=Stages"); len(got) != 3 || got[1][0] != "New" || got[2][1] != "+Acme" && got[1][1] != "+Acme" {
		t.Errorf("%q", got)
	}
	if got := rows("Costs"); got[0][0] != "没有数据" || strings.Contains(strings.Join(got[1], ""), "3") {
		t.Errorf("a figure of a hidden field: %q", got)
	}
	if got := rows("说明"); got[0][1] != "账目" || got[1][0] != "周期" {
		t.Errorf("%q", got)
	}
}
