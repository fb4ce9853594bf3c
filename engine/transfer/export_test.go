package transfer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

func TestExportAndBack(t *testing.T) {
	r := newRig(t, memory(), shop())
	r.run(goodsCSV, r.mapping(goods))
	var b bytes.Buffer
	r.must(r.t.Export(r.ctx, r.caller(boss), "shop.good", record.Query{Sort: []string{"name"}}, ExportOptions{Format: sheet.CSV, Locale: "zh-CN"}, &b))
	want := "\ufeff品名,kind,parent,price,tags\r\nCup,食品,,3,\r\nDesk,食品,,1200,\r\nPen,科技,Desk,1.5,\"Alpha, Beta\"\r\n"
	for _, line := range strings.Split(strings.TrimSpace(want), "\r\n")[1:] {
		cells := strings.Split(line, ",")
		if !strings.Contains(b.String(), cells[0]) {
			t.Errorf("no %s in %q", cells[0], b.String())
		}
	}
	// What was exported is what is there: guessed and previewed, nothing would change.
	id := r.upload("out.csv", b.String())
	_, columns, err := Profile(r.open(id), Mapping{}, 0)
	r.must(err)
	m := Guess(r.cat.Snapshot().Forms["shop.good"], columns)
	p, err := r.t.Preview(r.ctx, r.caller(boss), r.open(id), m)
	r.must(err)
	if p.Unchanged != 3 || p.Rows != 3 || fieldsOf(m)["tags"] != "tags" || fieldsOf(m)["品名"] != "name" {
		t.Errorf("guess %+v\npreview %+v", m, p)
	}
}

func TestExportRights(t *testing.T) {
	r := newRig(t, memory(), shop())
	c := r.clerk()
	csv := "no,secret\n1,x\n2,=1+1\n"
	r.run(csv, r.mapping(`{"form": "shop.order", "columns": [{"column": "no", "field": "no"}, {"column": "secret", "field": "secret"}]}`))
	out := func(who record.Caller, form string, q record.Query, o ExportOptions) (string, error) {
		var b bytes.Buffer
		err := r.t.Export(r.ctx, who, form, q, o, &b)
		return b.String(), err
	}
	s, err := out(c, "shop.order", record.Query{}, ExportOptions{Format: sheet.JSONL, Keys: true})
	r.must(err)
	if strings.Contains(s, "secret") || strings.Count(s, "\n") != 2 {
		t.Errorf("the clerk sees %q", s)
	}
	s, err = out(r.caller(boss), "shop.order", record.Query{}, ExportOptions{Format: sheet.CSV, Keys: true, Fields: []string{"no", "secret"}, IDs: true})
	r.must(err)
	if !strings.HasPrefix(s, "\ufeffid,no,secret\r\n") || strings.Contains(s, ",=1+1") {
		t.Errorf("%q", s)
	}
	if _, err = out(c, "shop.order", record.Query{}, ExportOptions{Format: sheet.CSV, Fields: []string{"secret"}}); problem.KindOf(err) != problem.Invalid {
		t.Errorf("a hidden field: %v", err)
	}
	if _, err = out(c, "shop.good", record.Query{}, ExportOptions{Format: sheet.CSV}); problem.KindOf(err) != problem.Forbidden {
		t.Errorf("without the right: %v", err)
	}
	if s, err = out(c, "shop.order", record.Query{Filter: query.Filter{Field: "secret", Op: "eq", Value: "x"}}, ExportOptions{Format: sheet.CSV}); problem.KindOf(err) != problem.Invalid || s != "" {
		t.Errorf("a filter on a hidden field: %v %q", err, s)
	}
}

func TestExportPages(t *testing.T) {
	r := newRig(t, memory(), shop())
	var in strings.Builder
	in.WriteString("no\n")
	for i := range 1203 {
		fmt.Fprintf(&in, "%04d\n", i)
	}
	r.run(in.String(), r.mapping(`{"form": "shop.order", "columns": [{"column": "no", "field": "no"}]}`))
	var b bytes.Buffer
	r.must(r.t.Export(r.ctx, r.caller(boss), "shop.order", record.Query{Sort: []string{"-no"}}, ExportOptions{Format: sheet.CSV, Fields: []string{"no"}}, &b))
	lines := strings.Split(strings.TrimSpace(b.String()), "\r\n")
	if len(lines) != 1204 || lines[1] != "1202" || lines[1203] != "0000" {
		t.Errorf("%d lines, %q to %q", len(lines), lines[1], lines[len(lines)-1])
	}
}
