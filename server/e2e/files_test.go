package e2e

import "testing"

// A file belongs to who sent it until a record holds it; nobody opens another's by putting its id into a record.
func TestFilesOfRecords(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *server) {
		s.must(200, "PUT", "/apps/lab/definitions/app/lab", []byte(`{"kind":"app","key":"lab","title":"Lab"}`))
		s.must(200, "PUT", "/apps/lab/definitions/form/note", []byte(`{"kind":"form","key":"note","title":"Note","schema":{"type":"object","properties":{
			"papers":{"type":"array","x-field":{"type":"file"}}}}}`))
		s.must(200, "PUT", "/apps/lab/definitions/role/all", []byte(`{"kind":"role","key":"all","title":"All","members":{"default":true},
			"forms":[{"form":"note","actions":["read","create","update"]}]}`))
		s.must(200, "POST", "/apps/lab/publish", map[string]any{})
		up := s.upload("/files", "合同.txt", "hello", nil)
		if up.status != 201 {
			t.Fatalf("upload: %d %s", up.status, up.raw)
		}
		id := up.body["id"].(string)
		paper := func(id string) map[string]any {
			return map[string]any{"data": map[string]any{"papers": []any{map[string]any{"id": id, "name": "lie.exe", "size": 1, "type": "image/png"}}}}
		}
		rec := s.must(201, "POST", "/apps/lab/forms/note/records", paper(id))
		got := rec["data"].(map[string]any)["papers"].([]any)[0].(map[string]any)
		if got["name"] != "合同.txt" || got["size"] != 5.0 || got["type"] != "text/plain" {
			t.Errorf("the record holds %v", got)
		}
		a := s.call("POST", "/apps/lab/forms/note/records", paper("0123456789abcdef01234567"))
		if a.status != 422 {
			t.Errorf("a file that is not there: %d %s", a.status, a.raw)
		}
		s.must(201, "POST", "/users", map[string]any{"login": "other", "name": "Other", "password": "another long secret"})
		admin := s.token
		s.signInAs("other", "another long secret")
		second := s.upload("/files", "x.txt", "mine", nil).body["id"].(string)
		if a := s.call("GET", "/files/"+id, nil); a.status != 404 {
			t.Errorf("another's file without its record: %d", a.status)
		}
		if a := s.call("POST", "/apps/lab/forms/note/records", paper(id)); a.status != 422 {
			t.Errorf("another's file in a record of one's own: %d %s", a.status, a.raw)
		}
		if a := s.call("GET", "/files/"+id+"?form=lab.note&record="+rec["id"].(string), nil); a.status != 200 || string(a.raw) != "hello" {
			t.Errorf("through a record that one may read: %d %s", a.status, a.raw)
		}
		s.must(201, "POST", "/apps/lab/forms/note/records", paper(second))
		s.token = admin
	})
}
