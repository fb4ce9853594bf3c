package api_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestPublishingOnlyWhatWasLookedAt(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	at := "/apps/depot/definitions/form/part"
	name := func(title string) string {
		return strings.Replace(depot["form/part"], `"key":"part"`, `"key":"part","description":"`+title+`"`, 1)
	}
	mine := r.put(at, name("mine")).want(200).header.Get("ETag")
	theirs := r.put(at, name("theirs")).want(200).header.Get("ETag")
	publish := func(drafts string) *answer { return r.post("/apps/depot/publish", `{"drafts":`+drafts+`}`) }
	refused := publish(fmt.Sprintf(`{"form/part":%q}`, mine)).problem(409, "draft-changed", "/drafts/form~1part")
	if !strings.Contains(refused.text("problems", 0, "message"), "changed “") || refused.text("problems", 0, "params", "by") == "" {
		t.Errorf("who changed what: %s", refused.body)
	}
	publish(`{}`).problem(409, "draft-changed", "/drafts/form~1part")
	publish(`{"form/part":7}`).problem(422, "invalid", "/drafts/form~1part")
	if got := r.get(at).want(200); got.header.Get("X-Formwork-Draft") != "true" || got.text("description") != "theirs" {
		t.Errorf("the refused draft is gone: %s", got.body)
	}
	publish(fmt.Sprintf(`{"form/part":%q}`, theirs)).want(200)
	if got := r.get(at).want(200); got.text("description") != "theirs" {
		t.Errorf("published: %s", got.body)
	}
}

func TestWhoEditsAnApp(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	beat := func(body string, headers ...string) *answer { return r.post("/live/presence", body, headers...) }
	got := beat(`{"form":"depot","state":"editing","field":"form/part","window":"1"}`).want(200)
	if got.text("people", 0, "state") != "editing" || got.text("people", 0, "field") != "form/part" {
		t.Errorf("at the editor: %s", got.body)
	}
	if got := beat(`{"form":"depot","state":"editing","field":"nonsense","window":"1"}`).want(200); got.at("people", 0, "field") != nil {
		t.Errorf("a field that is no definition: %s", got.body)
	}
	beat(`{"form":"depot","state":"viewing"}`, "Authorization", "Bearer "+r.clerk()).want(404)
	beat(`{"form":"depot","id":"x","state":"viewing"}`).want(404)
}
