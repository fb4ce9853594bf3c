package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"formwork/engine"
	"formwork/engine/record"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/server/live"
)

// live is the stream of events, see server/live. It outlives the request. ?after= is a mark that a document carries.
func (s *Server) live(x *call) error {
	stream := s.Hub.Subscribe(s.reader(x.id.User.ID, cmp.Or(x.id.Session, x.id.Token)), x.fiber.Query("after"))
	x.fiber.Status(http.StatusOK)
	x.fiber.Set("Content-Type", "text/event-stream")
	x.fiber.Set("X-Accel-Buffering", "no") // proxies must not hold events back
	x.fiber.Context().SetBodyStreamWriter(stream.Write)
	return nil
}

// reader is what a stream may tell a user. It asks anew every time: rights change while a stream is open.
func (s *Server) reader(user, session string) live.Who {
	ctx := context.Background()
	caller := func() record.Caller { return s.Engine.Caller(user, "api") }
	return live.Who{
		User: user, Session: session,
		MayRead: func(form string) bool {
			if app, ok := editorOf(form); ok {
				return engine.AppAdmin(caller().Subject, app)
			}
			_, d, err := s.Engine.Records.Decision(ctx, caller(), form)
			return err == nil && d.Can(definition.Read)
		},
		MaySee: func(form, id string) bool {
			if _, ok := editorOf(form); ok {
				return false // the editor of an app is one place
			}
			titles, err := s.Engine.Records.Titles(ctx, caller(), form, []string{id})
			_, ok := titles[id]
			return err == nil && ok
		},
		Hides: func(form, field string) bool {
			if _, ok := editorOf(form); ok {
				return false
			}
			_, d, err := s.Engine.Records.Decision(ctx, caller(), form)
			return err != nil || d.Field(field) == definition.Hidden
		},
	}
}

// editorOf is the app whose editor a place is: an app's key stands where elsewhere a form's name, app.form, does.
func editorOf(place string) (app string, ok bool) {
	return place, !strings.Contains(place, ".")
}

// maxWindow is how long the name of a window may be.
const maxWindow = 64

// beat says where the caller is and answers who else is there: {form, id?, state, field?, window?}.
func (s *Server) beat(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("form", "state")
	b := live.Beat{Place: live.Place{Form: f.text("form"), ID: f.text("id")}, User: x.id.User.ID, Name: x.id.User.Name, Window: f.text("window"),
		State: f.text("state"), Field: f.text("field")}
	if err := f.err(); err != nil {
		return err
	}
	if !slices.Contains([]string{live.Viewing, live.Editing, live.Left}, b.State) {
		return problem.Fail(problem.Invalid, "wrong-value", "/state", problem.P{"value": b.State})
	}
	if len(b.Window) > maxWindow {
		return problem.Fail(problem.Invalid, "max-length", "/window", problem.P{"limit": maxWindow, "actual": len(b.Window)})
	}
	who := s.reader(b.User, "")
	if !who.MayRead(b.Form) || b.ID != "" && !who.MaySee(b.Form, b.ID) {
		if b.State == live.Left { // one may always go: from a record that was deleted, or taken out of one's sight
			s.presence.Beat(b)
			return x.answer(http.StatusOK, object{"people": []live.Person{}, "every": int(live.BeatEvery / time.Second)})
		}
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"form": b.Form, "record": b.ID})
	}
	if _, editor := editorOf(b.Form); editor {
		if kind, key, ok := strings.Cut(b.Field, "/"); b.State != live.Editing || !ok || !definition.Kind(kind).Valid() || len(key) > maxWindow {
			b.Field = ""
		}
	} else if form := s.Engine.Catalog.Snapshot().Forms[b.Form]; b.State != live.Editing || form.ByKey[b.Field] == nil || who.Hides(b.Form, b.Field) {
		b.Field = ""
	}
	if !s.presence.Beat(b) {
		return problem.Fail(problem.Unavailable, "too-many-present", "", nil)
	}
	people := slices.DeleteFunc(s.presence.At(b.Place), func(p live.Person) bool {
		return b.ID == "" && p.ID != "" && p.User != b.User && !who.MaySee(b.Form, p.ID)
	})
	return x.answer(http.StatusOK, object{"people": live.Shown(people, func(field string) bool { return who.Hides(b.Form, field) }),
		"every": int(live.BeatEvery / time.Second)})
}
