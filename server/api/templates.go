package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// listTemplates is the gallery.
func (s *Server) listTemplates(x *call) error {
	templates, err := s.Engine.Installer.List(x.ctx)
	if err != nil {
		return err
	}
	return list(x, templates)
}

// templatePicture gives a picture of a template.
func (s *Server) templatePicture(x *call) error {
	body, kind, err := s.Engine.Installer.Picture(x.param("key"), x.param("name"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	x.fiber.Set("ETag", tag)
	x.fiber.Set("Cache-Control", "private, max-age=3600")
	if x.noneMatch(tag) {
		x.fiber.Status(http.StatusNotModified)
		return nil
	}
	x.fiber.Status(http.StatusOK)
	x.fiber.Set("Content-Type", kind)
	x.fiber.Context().Response.SetBodyRaw(body)
	return nil
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
