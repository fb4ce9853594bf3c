package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"formwork/engine"
	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// designer refuses who may not change the app of the path. An app that is not there yet is for admins of the workspace.
func (x *call) designer() (app string, err error) {
	app = x.param("app")
	if engine.AppAdmin(x.caller().Subject, app) {
		return app, nil
	}
	if _, err := x.app(); err != nil {
		return "", err
	}
	return "", problem.Fail(problem.Forbidden, "designer-only", "", problem.P{"app": app})
}

// definition is kind and key of the path.
func (x *call) definition() (app string, kind definition.Kind, key string, err error) {
	if app, err = x.designer(); err != nil {
		return "", "", "", err
	}
	kind, key = definition.Kind(x.param("kind")), x.param("key")
	if !kind.Valid() {
		return "", "", "", problem.Fail(problem.NotFound, "unknown-kind", "", problem.P{"kind": string(kind)})
	}
	return app, kind, key, nil
}

// listDefinitions names everything that the app would be published with.
func (s *Server) listDefinitions(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	names, drafts, err := s.Engine.Catalog.Names(x.ctx, app)
	if err != nil {
		return err
	}
	if len(names) == 0 && len(drafts) == 0 {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"app": app})
	}
	type entry struct {
		Kind  definition.Kind `json:"kind"`
		Key   string          `json:"key"`
		Draft bool            `json:"draft,omitempty"`
	}
	out := make([]entry, len(names))
	for i, n := range names {
		kind, key := catalog.KindKey(n)
		out[i] = entry{kind, key, drafts[n]}
	}
	return list(x, out)
}

// getDefinition gives the draft where there is one, else what is published, as it was written.
func (s *Server) getDefinition(x *call) error {
	app, kind, key, err := x.definition()
	if err != nil {
		return err
	}
	source, draft, err := s.Engine.Catalog.Definition(x.ctx, app, kind, key)
	if err != nil {
		return err
	}
	if draft {
		x.fiber.Set("X-Formwork-Draft", "true")
	}
	x.fiber.Set("ETag", tagOf(source))
	return x.send(http.StatusOK, []byte(source))
}

func tagOf(source string) string {
	h := sha256.Sum256([]byte(source))
	return `"` + hex.EncodeToString(h[:12]) + `"`
}

// putDefinition saves a draft.
func (s *Server) putDefinition(x *call) error {
	app, kind, key, err := x.definition()
	if err != nil {
		return err
	}
	body, err := x.body()
	if err != nil {
		return err
	}
	if v, err := value.Decode(body); err != nil {
		return malformed(err)
	} else if _, ok := v.(map[string]any); !ok {
		return problem.Fail(problem.Malformed, "not-an-object", "", nil)
	}
	if want := strings.TrimSpace(x.fiber.Get("If-Match")); want != "" && want != "*" {
		source, _, err := s.Engine.Catalog.Definition(x.ctx, app, kind, key)
		if err != nil && problem.KindOf(err) != problem.NotFound {
			return err
		}
		if err != nil || tagOf(source) != want {
			return problem.Fail(problem.Stale, "stale", "", nil)
		}
	}
	if err := s.Engine.Catalog.Put(x.ctx, app, kind, key, body, x.id.User.ID); err != nil {
		return err
	}
	x.fiber.Set("ETag", tagOf(string(body)))
	return x.answer(http.StatusOK, map[string]any{"kind": kind, "key": key, "draft": true})
}

// deleteDefinition drafts the removal.
func (s *Server) deleteDefinition(x *call) error {
	app, kind, key, err := x.definition()
	if err != nil {
		return err
	}
	if err := s.Engine.Catalog.Remove(x.ctx, app, kind, key, x.id.User.ID); err != nil {
		return err
	}
	return x.nothing()
}

// lint says what publishing would complain about.
func (s *Server) lint(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	problems, err := s.Engine.Catalog.Lint(x.ctx, app)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, map[string]any{"problems": x.explain(problems)})
}

// discardDrafts throws the app's drafts away.
func (s *Server) discardDrafts(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	if err := s.Engine.Catalog.Discard(x.ctx, app); err != nil {
		return err
	}
	return x.nothing()
}
