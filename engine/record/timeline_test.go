package record_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/problem"
)

// club is an app with members, and visits that tell when they were.
var club = []string{
	`{"kind":"form","key":"member","title":"Member","titleField":"name","schema":{"type":"object","properties":{
		"name":{"type":"string","x-field":{"type":"text"}},"fee":{"type":"number","x-field":{"type":"number","scale":2}},
		"tutor":{"type":"string","x-field":{"type":"user"}},"friend":{"type":"string","x-field":{"type":"relation","form":"member","onDelete":"unlink"}},
		"double":{"type":"number","x-field":{"type":"formula","expr":"fee * 2"}},"no":{"type":"string","x-field":{"type":"serial","pattern":"M-{000}"}},
		"stage":{"type":"string","x-field":{"type":"select"}}}},
		"stages":{"field":"stage","initial":"in","states":[{"key":"in"},{"key":"out"}],"transitions":[{"key":"leave","from":["in"],"to":"out"}]}}`,
	`{"kind":"form","key":"visit","title":"Visit","titleField":"what","schema":{"type":"object","properties":{
		"what":{"type":"string","x-field":{"type":"text"}},"at":{"type":"string","x-field":{"type":"datetime"}},
		"member":{"type":"string","x-field":{"type":"relation","form":"member"}}}}}`,
	`{"kind":"role","key":"all","forms":[{"form":"member","actions":["read","create","update","delete","transition"]},{"form":"visit","actions":["read","create"]}]}`,
	`{"kind":"role","key":"few","forms":[{"form":"member","actions":["read","update"],"fields":[{"field":"fee","access":"hidden"},{"field":"tutor","access":"read"}]}]}`,
	`{"kind":"role","key":"none","forms":[{"form":"visit","actions":["read"]}]}`,
}

func (w *world) timeline(c record.Caller, id string, q record.TimelineQuery) record.Timeline {
	w.t.Helper()
	t, err := w.Timeline(ctx, c, "club.member", id, q)
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// said writes entries short.
func said(t record.Timeline) (out []string) {
	for _, e := range t.Items {
		switch {
		case e.Change != nil:
			out = append(out, string(e.Change.Verb))
		case e.Comment != nil:
			out = append(out, e.Comment.Text)
		case e.Related != nil:
			out = append(out, e.Related.Title)
		}
	}
	return out
}

func (w *world) comment(c record.Caller, id, text string, mentions ...string) record.Comment {
	w.t.Helper()
	got, err := w.AddComment(ctx, c, "club.member", id, text, mentions, record.WriteOptions{})
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

func (w *world) club() (rich, poor, stranger record.Caller) {
	w.t.Helper()
	w.publishApp("club", club...)
	a, b, c := w.user("a", org.User{Name: "Ann"}), w.user("b", org.User{Name: "Bob"}), w.user("c", org.User{})
	return w.as(a, "all"), w.as(b, "few"), w.as(c, "none")
}

func TestTimelineMergesWhatHappened(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rich, poor, stranger := w.club()
		step := func() { w.now = w.now.Add(time.Minute) }
		m := w.create(rich, "club.member", map[string]any{"name": "安", "fee": 3.0, "tutor": rich.User})
		id := m.Doc.ID
		step()
		w.comment(poor, id, "你好", rich.User)
		step()
		m, err := w.patch(rich, m, map[string]any{"fee": 4.0, "tutor": poor.User})
		if err != nil {
			t.Fatal(err)
		}
		step()
		w.create(rich, "club.visit", map[string]any{"what": "first", "member": id, "at": w.now.Add(-90 * time.Second).Format(time.RFC3339)})
		w.create(rich, "club.visit", map[string]any{"what": "no time", "member": id})
		w.create(rich, "club.member", map[string]any{"name": "friend", "friend": id})
		want := []string{"friend", "update", "first", "你好", "create"}
		all := w.timeline(rich, id, record.TimelineQuery{})
		if got := said(all); !slices.Equal(got, want) || all.Cursor != "" {
			t.Errorf("%q, want %q", got, want)
		}
		if all.Names[rich.User] != "a" || all.Names[poor.User] != "b" || all.Names[id] != "安" {
			t.Errorf("names %v", all.Names)
		}
		if e := all.Items[2]; e.Related.Data["what"] != "first" || !e.Related.Happened || e.By != rich.User {
			t.Errorf("%+v", e)
		}
		var paged []string
		for q := (record.TimelineQuery{Limit: 2}); ; {
			page := w.timeline(rich, id, q)
			paged = append(paged, said(page)...)
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
		if !slices.Equal(paged, want) {
			t.Errorf("in pages %q, want %q", paged, want)
		}
		if got := said(w.timeline(rich, id, record.TimelineQuery{Kinds: []string{"comment", "change"}})); !slices.Equal(got, []string{"update", "你好", "create"}) {
			t.Errorf("of two kinds: %q", got)
		}
		less := w.timeline(poor, id, record.TimelineQuery{})
		if got := said(less); !slices.Equal(got, []string{"friend", "update", "你好", "create"}) {
			t.Errorf("who may not read visits sees %q", got)
		}
		if d := less.Items[1].Change.Diff; d["fee"] != [2]any{} || d["double"] == [2]any{} {
			t.Errorf("hidden values show: %v", d)
		}
		if _, hidden := less.Items[0].Related.Data["fee"]; hidden {
			t.Errorf("hidden values of related records show: %v", less.Items[0].Related.Data)
		}
		_, err = w.Timeline(ctx, stranger, "club.member", id, record.TimelineQuery{})
		wantKind(t, err, problem.NotFound, "not-found")
		_, err = w.Timeline(ctx, rich, "club.member", id, record.TimelineQuery{Cursor: "x"})
		wantKind(t, err, problem.Invalid, "wrong-cursor")
		_, err = w.Timeline(ctx, rich, "club.member", id, record.TimelineQuery{Kinds: []string{"gossip"}})
		wantKind(t, err, problem.Invalid, "wrong-value")
	})
}

// TestManyAtOneMoment: entries of one millisecond are neither lost nor repeated between pages.
func TestManyAtOneMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rich, _, _ := w.club()
		m := w.create(rich, "club.member", map[string]any{"name": "x"})
		for i := range 7 {
			w.comment(rich, m.Doc.ID, fmt.Sprint("c", i))
			w.create(rich, "club.visit", map[string]any{"what": fmt.Sprint("v", i), "member": m.Doc.ID, "at": w.now.Format(time.RFC3339)})
		}
		seen := map[string]int{}
		for q := (record.TimelineQuery{Limit: 3}); ; {
			page := w.timeline(rich, m.Doc.ID, q)
			for _, s := range said(page) {
				seen[s]++
			}
			if q.Cursor = page.Cursor; q.Cursor == "" {
				break
			}
		}
		if len(seen) != 15 {
			t.Errorf("%d of 15 entries: %v", len(seen), seen)
		}
		for s, n := range seen {
			if n != 1 {
				t.Errorf("%s came %d times", s, n)
			}
		}
	})
}

func TestComments(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rich, poor, stranger := w.club()
		var told []record.Mention
		w.Mentioned = func(_ context.Context, _ store.Tx, m record.Mention) error { told = append(told, m); return nil }
		id := w.create(rich, "club.member", map[string]any{"name": "x"}).Doc.ID
		add := func(c record.Caller, text string, o record.WriteOptions, mentions ...string) (record.Comment, error) {
			return w.AddComment(ctx, c, "club.member", id, text, mentions, o)
		}
		first, err := add(rich, "  see @Bob ", record.WriteOptions{Key: "k", Hash: "h"}, poor.User, rich.User, poor.User)
		if err != nil || len(first.Mentions) != 2 || !first.Mine {
			t.Fatalf("%+v %v", first, err)
		}
		if len(told) != 1 || !slices.Equal(told[0].Users, []string{poor.User}) || told[0].Title != "x" {
			t.Errorf("told %+v", told)
		}
		again, err := add(rich, "see @Bob", record.WriteOptions{Key: "k", Hash: "h"}, poor.User)
		if err != nil || again.ID != first.ID || len(told) != 1 {
			t.Errorf("the same request again: %+v %v, told %d times", again, err, len(told))
		}
		_, err = add(rich, "other", record.WriteOptions{Key: "k", Hash: "other"})
		wantKind(t, err, problem.Invalid, "idempotency-key-reused")
		for text, code := range map[string]string{"": "required", " \n ": "required", strings.Repeat("長", record.MaxCommentText+1): "max-length"} {
			_, err = add(rich, text, record.WriteOptions{})
			wantKind(t, err, problem.Invalid, code)
		}
		_, err = add(rich, "x", record.WriteOptions{}, "nobody")
		wantKind(t, err, problem.Invalid, "unknown-user")
		_, err = add(stranger, "x", record.WriteOptions{})
		wantKind(t, err, problem.NotFound, "not-found")

		_, err = w.EditComment(ctx, poor, "club.member", id, first.ID, "mine now", nil)
		wantKind(t, err, problem.Forbidden, "forbidden")
		w.now = w.now.Add(time.Hour)
		edited, err := w.EditComment(ctx, rich, "club.member", id, first.ID, "better", []string{poor.User})
		if err != nil || edited.Text != "better" || edited.EditedAt == "" || edited.At != first.At || len(told) != 1 {
			t.Errorf("%+v %v, told %d times", edited, err, len(told))
		}
		list, _, names, err := w.Comments(ctx, poor, "club.member", id, "", 0)
		if err != nil || len(list) != 1 || list[0].Text != "better" || list[0].Mine || names[rich.User] != "a" {
			t.Errorf("%+v %v %v", list, names, err)
		}
		wantKind(t, w.RemoveComment(ctx, poor, "club.member", id, first.ID), problem.Forbidden, "forbidden")
		other := w.create(rich, "club.member", map[string]any{"name": "y"}).Doc.ID
		wantKind(t, w.RemoveComment(ctx, rich, "club.member", other, first.ID), problem.NotFound, "not-found")
		if err := w.RemoveComment(ctx, admin(), "club.member", id, first.ID); err != nil {
			t.Error(err)
		}
		wantKind(t, w.RemoveComment(ctx, rich, "club.member", id, first.ID), problem.NotFound, "not-found")

		// What tells others fails: nothing was said.
		w.Mentioned = func(context.Context, store.Tx, record.Mention) error { return fmt.Errorf("full") }
		if _, err := add(rich, "x", record.WriteOptions{}, poor.User); err == nil {
			t.Error("a comment was kept although nobody could be told")
		}
		if list, _, _, _ := w.Comments(ctx, rich, "club.member", id, "", 0); len(list) != 0 {
			t.Errorf("left behind: %+v", list)
		}
	})
}

func TestRevert(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rich, poor, _ := w.club()
		r := w.create(rich, "club.member", map[string]any{"name": "one", "fee": 1.0, "tutor": rich.User})
		id := r.Doc.ID
		write := func(data map[string]any) {
			t.Helper()
			var err error
			if r, err = w.patch(rich, r, data); err != nil {
				t.Fatal(err)
			}
		}
		write(map[string]any{"name": "two", "fee": nil})
		write(map[string]any{"name": "three", "fee": 3.0, "tutor": poor.User})
		if _, _, err := w.Write(ctx, rich, &record.Intent{Verb: record.Move, Form: "club.member", ID: id, To: "out"}, record.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		back, warnings, err := w.Revert(ctx, rich, "club.member", id, 2, nil, record.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d := back.Data()
		if d["name"] != "two" || d["fee"] != nil || d["tutor"] != rich.User || d["double"] != 0.0 || d["no"] != "M-001" || d["stage"] != "out" {
			t.Errorf("%v", d)
		}
		if len(warnings) != 1 || warnings[0].Code != "stage-by-transition" || warnings[0].Pointer != "/data/stage" {
			t.Errorf("warnings %v", warnings)
		}
		h, _ := w.History(ctx, rich, "club.member", id, 0, 1)
		if h[0].Rev != 5 || h[0].Reverts != 2 || h[0].Diff["name"] != [2]any{"three", "two"} {
			t.Errorf("history %+v", h[0])
		}
		// Who may write less brings less back, and learns nothing of what is hidden.
		back, warnings, err = w.Revert(ctx, poor, "club.member", id, 3, nil, record.WriteOptions{})
		if err != nil || back.Data()["name"] != "three" || back.Data()["fee"] != nil || back.Data()["tutor"] != rich.User {
			t.Errorf("%v %v", back, err)
		}
		if len(warnings) != 2 || warnings[0].Pointer != "/data/tutor" || warnings[0].Code != "not-writable" {
			t.Errorf("warnings %v", warnings)
		}
		for _, rev := range []int64{0, 99} {
			_, _, err = w.Revert(ctx, rich, "club.member", id, rev, nil, record.WriteOptions{})
			wantKind(t, err, problem.Invalid, "unknown-rev")
		}
		_, _, err = w.Revert(ctx, rich, "club.member", id, 1, &record.Rev{Rev: 1, Crev: -1}, record.WriteOptions{})
		wantKind(t, err, problem.Stale, "stale")
		first, _, err := w.Revert(ctx, rich, "club.member", id, 1, nil, record.WriteOptions{Key: "k", Hash: "h"})
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := w.Revert(ctx, rich, "club.member", id, 1, nil, record.WriteOptions{Key: "k", Hash: "h"})
		if err != nil || again.Rev() != first.Rev() {
			t.Errorf("the same request again: %v", err)
		}
	})
}
