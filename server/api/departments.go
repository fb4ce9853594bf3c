package api

import (
	"net/http"

	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/problem"
)

// revOf is the rev of If-Match, or what else says it; 0 for any.
func revOf(r *record.Rev, other int64) int64 {
	if r != nil {
		return r.Rev
	}
	return other
}

func (s *Server) listDepartments(x *call) error { return list(x, s.Engine.Org.Directory().Tree()) }

func (s *Server) getDepartment(x *call) error {
	d, ok := s.Engine.Org.Directory().Departments[x.param("id")]
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"department": x.param("id")})
	}
	return x.answer(http.StatusOK, d)
}

func (s *Server) createDepartment(x *call) error {
	f, err := x.departmentBody()
	if err != nil {
		return err
	}
	f.required("name")
	id := f.text("id")
	change := f.department()
	if err := f.err(); err != nil {
		return err
	}
	d := org.Department{ID: id}
	_ = change(&d)
	created, err := s.Engine.Org.CreateDepartment(x.ctx, d)
	if err != nil {
		return err
	}
	x.fiber.Set("Location", prefix+"/departments/"+created.ID)
	return x.answer(http.StatusCreated, created)
}

func (s *Server) patchDepartment(x *call) error {
	f, err := x.departmentBody()
	if err != nil {
		return err
	}
	change := f.department()
	if err := f.err(); err != nil {
		return err
	}
	rev, err := x.ifMatch()
	if err != nil {
		return err
	}
	d, err := s.Engine.Org.UpdateDepartment(x.ctx, x.param("id"), revOf(rev, 0), change)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, d)
}

func (s *Server) deleteDepartment(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	if err := s.Engine.Org.DeleteDepartment(x.ctx, x.param("id")); err != nil {
		return err
	}
	return x.nothing()
}

func (x *call) departmentBody() (*fields, error) {
	if err := x.admin(); err != nil {
		return nil, err
	}
	return x.object(false)
}

// department reads the members of a department and gives the change that they ask for.
func (f *fields) department() func(*org.Department) error {
	name, parent, leader, order := f.text("name"), f.text("parent"), f.text("leader"), f.integer("order")
	return func(d *org.Department) error {
		for key, set := range map[string]func(){
			"name":   func() { d.Name = name },
			"parent": func() { d.Parent = parent },
			"leader": func() { d.Leader = leader },
			"order":  func() { d.Order = int(order) },
		} {
			if _, there := f.m[key]; there {
				set()
			}
		}
		return nil
	}
}
