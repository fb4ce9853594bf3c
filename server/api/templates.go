package api

import "net/http"

// listTemplates is the gallery.
func (s *Server) listTemplates(x *call) error {
	templates, err := s.Engine.Installer.List(x.ctx)
	if err != nil {
		return err
	}
	return list(x, templates)
}

// installTemplate publishes a template's apps, and writes its demonstration data when asked.
func (s *Server) installTemplate(x *call) error {
	if err := x.admin(); err != nil {
		return err
	}
	f, err := x.object(true)
	if err != nil {
		return err
	}
	demo := f.bool("demo")
	if err := f.err(); err != nil {
		return err
	}
	result, err := s.Engine.Installer.Install(x.ctx, x.id.User.ID, x.param("key"), demo)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, result)
}
