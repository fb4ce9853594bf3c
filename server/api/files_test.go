package api_test

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

// form sends a multipart form: name, value pairs; a name that starts with @ is a file, called as what stands behind it.
func (r *rig) form(path string, parts ...string) *answer {
	r.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		if name, ok := strings.CutPrefix(parts[i], "@"); ok {
			f, err := w.CreateFormFile("file", name)
			r.must(err)
			_, err = f.Write([]byte(parts[i+1]))
			r.must(err)
			continue
		}
		r.must(w.WriteField(parts[i], parts[i+1]))
	}
	r.must(w.Close())
	return r.do("POST", path, &b, "Content-Type", w.FormDataContentType())
}

const papers = `{"kind":"form","key":"paper","title":"Paper","schema":{"type":"object","properties":{"scan":{"type":"array","x-field":{"type":"file"}}}}}`

func TestFiles(t *testing.T) {
	r := newRig(t)
	clerk := "Bearer " + r.clerk()
	a := r.form("/files", "@../../etc/报告 \"1\".html", "<script>alert(1)</script>").want(201)
	id := a.text("id")
	if strings.ContainsAny(a.text("name"), `/\`) || a.header.Get("Location") != "/api/v1/files/"+id {
		t.Errorf("%v %s", a.header, a.body)
	}
	got := r.get("/files/" + id).want(200)
	if string(got.body) != "<script>alert(1)</script>" {
		t.Errorf("came back as %s", got.body)
	}
	for name, want := range map[string]string{"Content-Disposition": "attachment;", "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "Cache-Control": "private"} {
		if !strings.Contains(got.header.Get(name), want) {
			t.Errorf("%s: %s", name, got.header.Get(name))
		}
	}
	r.get("/files/"+id, "If-None-Match", got.header.Get("ETag")).want(304)
	r.post("/files?name=raw.txt", "as it is", "Content-Type", "text/plain").want(201)
	r.post("/files?name=empty.txt", "", "Content-Type", "text/plain").want(422)
	r.form("/files", "other", "x").problem(400, "no-file", "")
	r.post("/files", "--x\r\ncut off", "Content-Type", "multipart/form-data; boundary=x").want(400)
	r.get("/files/nothing").want(404)

	// Somebody else may read it through a record that holds it and that they may read.
	r.get("/files/"+id, "Authorization", clerk).want(404)
	r.put("/apps/shop/definitions/form/paper", papers).want(200)
	r.put("/apps/shop/definitions/role/clerk", strings.Replace(shop["role/clerk"], `"forms":[`, `"forms":[{"form":"paper","actions":["read","create"],"rows":"all"},`, 1)).want(200)
	r.post("/apps/shop/publish", `{}`).want(200)
	const records = "/apps/shop/forms/paper/records"
	rec := r.post(records, `{"data":{"scan":[{"id":"`+id+`"}]}}`).want(201).text("id")
	r.get("/files/"+id+"?form=shop.paper&record="+rec, "Authorization", clerk).want(200)
	r.get("/files/"+id+"?form=shop.item&record="+rec, "Authorization", clerk).want(404)
	// ... and not by putting its id into a record of their own.
	r.post(records, `{"data":{"scan":[{"id":"`+id+`"}]}}`, "Authorization", clerk).problem(422, "invalid", "/data/scan/0/id")
}

func TestImportAndExport(t *testing.T) {
	r := newRig(t)
	const form = "/apps/shop/forms/item"
	const table = "Name,Code,Price\nPen,c1,1.50\nInk,c2,x\n=1+1,c3,3\n"
	const mapping = `{"columns":[{"column":"Name","field":"name"},{"column":"Code","field":"code"},{"column":"Price","field":"price"}]}`
	preview := r.form(form+"/import", "@items.csv", table, "mapping", mapping, "key", "code", "preview", "true").want(200)
	if preview.text("create") != "2" || preview.text("refused") != "1" || preview.text("refusedRows", 0, "problems", 0, "message") == "" {
		t.Fatalf("preview: %s", preview.body)
	}
	if got := r.get(items).want(200); got.at("items", 0) != nil {
		t.Fatalf("a preview wrote: %s", got.body)
	}
	if preview.text("table", "top", 1, "cells", 2) != "1.50" || preview.text("table", "columns", 1, "samples", 0) != "c1" || preview.text("table", "columns", 1, "guesses", 0, "field") != "code" {
		t.Errorf("the table as it stands: %s", preview.body)
	}
	// Without columns they are guessed, below the header that the mapping names.
	guess := r.form(form+"/import", "@items.csv", "Stock list,,\n"+table, "mapping", `{"headerRow":2}`, "preview", "true").want(200)
	if guess.text("headerRow") != "2" || guess.text("mapping", "columns", 1, "field") != "code" || guess.text("mapping", "headerRow") != "2" {
		t.Errorf("guess: %s", guess.body)
	}
	job := r.form(form+"/import", "fileId", preview.text("fileId"), "mapping", mapping, "key", "code").want(202).text("job")
	r.must(r.engine.Outbox.Drain(r.ctx))
	done := r.get("/jobs/" + job).want(200)
	if done.text("about", "file") != "items.csv" || done.text("about", "form") != "shop.item" {
		t.Errorf("what the job is about: %s", done.body)
	}
	if done.text("state") != "done" || done.text("result", "created") != "2" || done.text("result", "refused") != "1" {
		t.Fatalf("job: %s", done.body)
	}
	csv := r.get(form + "/export?format=csv&keys=true&fields=name,code&sort=code").want(200)
	if want := "name,code\r\nPen,c1\r\n'=1+1,c3\r\n"; strings.TrimPrefix(string(csv.body), "\ufeff") != want || !strings.HasPrefix(csv.header.Get("Content-Type"), "text/csv") {
		t.Errorf("export: %q %v", csv.body, csv.header)
	}
	if x := r.get(form + "/export?format=xlsx").want(200); !bytes.HasPrefix(x.body, []byte("PK")) {
		t.Errorf("xlsx: %.40q", x.body)
	}
	r.get(form + "/export?format=pdf").want(400)

	// Only the picked ones, however many ids that are; too many are refused before a file begins.
	pen := r.get(items+`?filter={"field":"code","op":"eq","value":"c1"}`).want(200).text("items", 0, "id")
	others := strings.Repeat(`"gone",`, 998)
	picked := r.post(form+"/export", `{"format":"csv","keys":true,"fields":["name"],"filter":{"field":"id","op":"in","value":[`+others+`"`+pen+`"]}}`).want(200)
	if want := "name\r\nPen\r\n"; strings.TrimPrefix(string(picked.body), "\ufeff") != want {
		t.Errorf("export of picked records: %q", picked.body)
	}
	r.post(form+"/export", `{"filter":{"field":"id","op":"in","value":[`+others+`"a","b","c"]}}`).problem(422, "invalid", "/filter/value")
	r.post(form+"/export", `{"format":"csv","filter":{"field":"id","op":"contains","value":"x"}}`).problem(422, "invalid", "/filter/op")
	r.post(form+"/export", `{"format":7}`).problem(422, "invalid", "/format")
	r.post(form+"/export", `{"limit":7}`).problem(422, "invalid", "/limit")
	if rest := r.post(form+"/query", `{"filter":{"field":"id","op":"nin","value":["`+pen+`"]},"count":true}`).want(200); rest.text("total") != "1" || rest.text("items", 0, "data", "code") != "c3" {
		t.Errorf("all but the picked one: %s", rest.body)
	}
	r.post(form+"/query", `{"filter":{"field":"id","op":"eq","value":null}}`).problem(422, "invalid", "/filter/value")
	r.get(form + `/export?filter={"field":"nothing","op":"empty"}`).want(422)
	r.get(form+"/export", "Authorization", "Bearer "+r.clerk()).problem(403, "forbidden", "")

	// What somebody touched since stays, and says why.
	touched := r.get(items+"?sort=code").want(200).text("items", 0, "id")
	r.patch(items+"/"+touched, `{"data":{"price":2}}`).want(200)
	undo := r.post("/jobs/"+job+"/undo", "").want(202).text("job")
	r.must(r.engine.Outbox.Drain(r.ctx))
	undone := r.get("/jobs/" + undo).want(200)
	if undone.text("state") != "done" || undone.text("result", "removed") != "1" || undone.text("result", "conflictList", 0, "record") != touched {
		t.Errorf("undo: %s", undone.body)
	}
	if undone.text("result", "conflictList", 0, "problems", 0, "message") == "" || undone.text("about", "job") != job {
		t.Errorf("a conflict without a reason: %s", undone.body)
	}
	if got := r.get(items).want(200); got.text("items", 0, "id") != touched || got.at("items", 1) != nil {
		t.Errorf("undone: %s", got.body)
	}
	r.post("/jobs/"+undo+"/undo", "").problem(409, "cannot-undo", "")
}
