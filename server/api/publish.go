package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"

	"formwork/engine/catalog"
	"formwork/engine/outbox"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// publish makes the drafts the next version: 200, or 202 while stored records are still being converted.
func (s *Server) publish(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	f, err := x.object(true)
	if err != nil {
		return err
	}
	message, seen := f.text("message"), f.object("drafts")
	for name, tag := range seen {
		if _, ok := tag.(string); !ok {
			f.problems = append(f.problems, problem.New("type", problem.Pointer("drafts", name), problem.P{"expected": "string"}))
		}
	}
	if err := f.err(); err != nil {
		return err
	}
	var fits func([]catalog.Draft) error
	if seen != nil {
		fits = func(drafts []catalog.Draft) error { return x.looked(drafts, seen) }
	}
	plan, jobs, err := s.Engine.Publish(x.ctx, app, x.id.User.ID, message, fits)
	if err != nil {
		return err
	}
	return x.published(app, plan, jobs)
}

// looked refuses drafts that are not those that the caller looked at, by the ETag of each; a removal has none.
func (x *call) looked(drafts []catalog.Draft, seen map[string]any) error {
	var others problem.List
	for _, d := range drafts {
		tag := ""
		if !d.Removed {
			tag = tagOf(d.Source)
		}
		if was, ok := seen[d.Name]; ok && was == tag {
			continue
		}
		title := ""
		if h, err := definition.Peek([]byte(d.Source)); err == nil {
			title = h.Title.In(x.language())
		}
		by := ""
		if u, ok := x.Engine.Org.Directory().Users[d.By]; ok {
			by = u.Name
		}
		others = append(others, problem.New("draft-changed", problem.Pointer("drafts", d.Name),
			problem.P{"definition": d.Name, "title": cmp.Or(title, d.Name), "by": by, "at": d.At}))
	}
	if len(others) == 0 {
		return nil
	}
	return &problem.Failure{Kind: problem.Conflict, Problems: others}
}

// rollback publishes an earlier version again, as a new one.
func (s *Server) rollback(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	f, err := x.object(false)
	if err != nil {
		return err
	}
	f.required("version")
	version := f.integer("version")
	if err := f.err(); err != nil {
		return err
	}
	plan, jobs, err := s.Engine.Rollback(x.ctx, app, version, x.id.User.ID)
	if err != nil {
		return err
	}
	return x.published(app, plan, jobs)
}

func (x *call) published(app string, plan catalog.Plan, jobs []outbox.Job) error {
	out := map[string]any{"version": plan.Versions[app]}
	if len(plan.Warnings) > 0 {
		out["warnings"] = x.explain(plan.Warnings)
	}
	if len(jobs) == 0 {
		return x.answer(http.StatusOK, out)
	}
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
	}
	out["job"], out["jobs"] = ids[0], ids
	return x.answer(http.StatusAccepted, out)
}

// maxVersions is how many of an app's versions are listed.
const maxVersions = 200

// listVersions lists an app's versions, the newest first.
func (s *Server) listVersions(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	versions, err := s.Engine.Catalog.Versions(x.ctx, app, maxVersions)
	if err != nil {
		return err
	}
	return list(x, versions)
}

// getVersion gives the definitions of a version as they were written, to compare with others.
func (s *Server) getVersion(x *call) error {
	app, err := x.designer()
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(x.param("version"), 10, 64)
	if err != nil {
		return problem.Fail(problem.NotFound, "unknown-version", "", problem.P{"version": x.param("version")})
	}
	sources, err := s.Engine.Catalog.VersionSources(x.ctx, app, version)
	if err != nil {
		return err
	}
	definitions := make(map[string]json.RawMessage, len(sources))
	for name, source := range sources {
		definitions[name] = json.RawMessage(source)
	}
	return x.answer(http.StatusOK, map[string]any{"version": version, "definitions": definitions})
}
