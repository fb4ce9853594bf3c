package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"time"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

type ref struct {
	Ref string `json:"ref"`
}

type seedFile struct {
	Departments []struct {
		ref
		Name   string `json:"name"`
		Parent ref    `json:"parent"`
	} `json:"departments"`
	Users []struct {
		ref
		Login      string `json:"login"`
		Name       string `json:"name"`
		Email      string `json:"email"`
		Phone      string `json:"phone"`
		Department ref    `json:"department"`
		Leader     bool   `json:"leader"`
	} `json:"users"`
	Records []struct {
		Form  string `json:"form"`
		Items []struct {
			ref
			Data map[string]any `json:"data"`
			// Past are the stages that the record went through, the oldest first and the present one last.
			Past []struct {
				Stage   string `json:"stage"`
				DaysAgo int64  `json:"daysAgo"`
				Time    string `json:"time"`
			} `json:"past"`
		} `json:"items"`
	} `json:"records"`
}

// seeder writes demonstration data from top to bottom; a reference names something above it.
type seeder struct {
	*Installer
	ctx      context.Context
	template string
	ids      map[string]string
	today    int64
	out      *Result
}

func (i *Installer) seed(ctx context.Context, key string, out *Result) error {
	b, err := fs.ReadFile(i.FS, key+"/seed/demo.json")
	if err != nil {
		return err
	}
	var f seedFile
	if err := json.Unmarshal(b, &f); err != nil {
		return fmt.Errorf("seed of %s: %w", key, err)
	}
	s := &seeder{Installer: i, ctx: ctx, template: key, ids: map[string]string{}, out: out, today: value.DayIn(i.Now().UnixMilli(), i.Zone())}
	if err := s.people(&f); err != nil {
		return err
	}
	for _, r := range f.Records {
		var intents []*record.Intent
		pending := map[string]bool{}
		flush := func() error {
			err := s.write(intents)
			intents, pending = nil, map[string]bool{}
			return err
		}
		for n, item := range r.Items {
			id := s.id(fmt.Sprintf("%s/%d/%s", r.Form, n, item.Ref))
			needs := false
			data, err := s.values(item.Data, func(ref string) { needs = needs || pending[ref] })
			if err != nil {
				return err
			}
			if needs || len(intents) >= 100 {
				if err := flush(); err != nil {
					return err
				}
			}
			if item.Ref != "" {
				s.ids[item.Ref] = id
				pending[item.Ref] = true
			}
			in := &record.Intent{Verb: record.Create, Form: r.Form, ID: id, Data: data}
			for _, x := range item.Past {
				ms, err := value.ParseLocal(value.FormatDate(s.today-x.DaysAgo)+"T"+x.Time, s.Zone())
				if err != nil {
					return fmt.Errorf("seed of %s: past of %s: %w", key, item.Ref, err)
				}
				in.Past = append(in.Past, record.Past{Stage: x.Stage, At: time.UnixMilli(min(ms, i.Now().UnixMilli()))}) // today may be young
			}
			intents = append(intents, in)
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// id follows from the name, so that an interrupted installation continues instead of writing twice.
func (s *seeder) id(name string) string {
	h := sha256.Sum256([]byte(s.template + "\x00" + name))
	return hex.EncodeToString(h[:12])
}

func (s *seeder) people(f *seedFile) error {
	dir := s.Org.Directory()
	for _, d := range f.Departments {
		id := s.id(d.Ref)
		parent := s.ids[d.Parent.Ref]
		if roots := dir.Children(""); d.Parent.Ref == "" && len(roots) > 0 {
			s.ids[d.Ref] = roots[0] // the workspace has a root: that is the one
			continue
		}
		dir := s.Org.Directory()
		for _, c := range dir.Children(parent) {
			if c == id || value.Fold(dir.Departments[c].Name) == value.Fold(d.Name) { // ours, or one of the workspace by that name
				id = c
			}
		}
		s.ids[d.Ref] = id
		if dir.Departments[id] != nil {
			continue
		}
		if _, err := s.Org.CreateDepartment(s.ctx, org.Department{ID: id, Name: d.Name, Parent: parent}); err != nil {
			return err
		}
	}
	for _, u := range f.Users {
		id := s.id(u.Ref)
		dep := s.ids[u.Department.Ref]
		if have, ok := s.Org.Directory().ByLogin(u.Login); ok {
			s.ids[u.Ref] = have.ID
			if have.ID != id {
				continue // somebody of the workspace
			}
		} else {
			s.ids[u.Ref] = id
			_, err := s.Org.CreateUser(s.ctx, org.User{ID: id, Login: u.Login, Name: u.Name, Email: u.Email, Phone: u.Phone, Department: dep, Active: true})
			if err != nil {
				return err
			}
			s.out.Users++
		}
		if d := s.Org.Directory().Departments[dep]; u.Leader && d != nil && d.Leader == "" {
			if _, err := s.Org.UpdateDepartment(s.ctx, dep, 0, func(d *org.Department) error { d.Leader = id; return nil }); err != nil {
				return err
			}
		}
	}
	return nil
}

// values resolves {"ref": ...} and {"daysAgo": n, "time": "14:30"}.
func (s *seeder) values(data map[string]any, used func(ref string)) (map[string]any, error) {
	out := maps.Clone(data)
	for k, v := range out {
		m, ok := v.(map[string]any)
		if !ok {
			if list, ok := v.([]any); ok {
				rows, err := s.rows(list, used)
				if err != nil {
					return nil, err
				}
				out[k] = rows
			}
			continue
		}
		if name, ok := m["ref"].(string); ok {
			id, known := s.ids[name]
			if !known {
				return nil, fmt.Errorf("seed of %s: %s is not defined above its use", s.template, name)
			}
			used(name)
			out[k] = id
			continue
		}
		if n, ok := m["daysAgo"].(float64); ok {
			day := value.FormatDate(s.today - int64(n))
			if t, ok := m["time"].(string); ok {
				day += "T" + t
			}
			out[k] = day
		}
	}
	return out, nil
}

func (s *seeder) rows(list []any, used func(ref string)) ([]any, error) {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
		if row, ok := x.(map[string]any); ok {
			r, err := s.values(row, used)
			if err != nil {
				return nil, err
			}
			out[i] = r
		}
	}
	return out, nil
}

func (s *seeder) write(intents []*record.Intent) error {
	if len(intents) == 0 {
		return nil
	}
	caller := record.System("install")
	caller.Zone = s.Zone()
	results, err := s.Records.Bulk(s.ctx, caller, intents, false, record.WriteOptions{})
	if err != nil {
		return err
	}
	for n, r := range results {
		if r.Err != nil && !already(r.Err) {
			return fmt.Errorf("seed of %s: record %d of %s: %w", s.template, n, intents[n].Form, r.Err)
		}
		if r.Err == nil {
			s.out.Records++
		}
	}
	return nil
}

// already says whether a record is there from an earlier, interrupted installation.
func already(err error) bool {
	for _, p := range problem.Of(err) {
		if p.Code == "duplicate-id" {
			return true
		}
	}
	return false
}
