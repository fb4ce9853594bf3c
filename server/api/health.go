package api

import (
	"net/http"

	"formwork/schemas/meta"
	"formwork/schemas/problem"
)

// health says that the process answers.
func (s *Server) health(x *call) error {
	return x.answer(http.StatusOK, map[string]any{"status": "ok", "version": s.Version})
}

// ready says that requests can be served: the store answers.
func (s *Server) ready(x *call) error {
	if err := s.store.Ping(x.ctx); err != nil {
		s.Log.Warn("store does not answer", "error", err)
		return problem.Fail(problem.Unavailable, "store-unavailable", "", nil)
	}
	return x.answer(http.StatusOK, map[string]any{"status": "ready"})
}

// metaSchema publishes the schema that definitions of a kind are held against.
func (s *Server) metaSchema(x *call) error {
	b, ok := meta.All()[x.param("kind")]
	if !ok {
		return problem.Fail(problem.NotFound, "not-found", "", problem.P{"kind": x.param("kind")})
	}
	return x.send(http.StatusOK, b)
}
