package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// assets are the files of the UI.
type assets struct {
	files fs.FS
	mu    sync.Mutex
	tags  map[string]string
}

func newAssets(files fs.FS) *assets { return &assets{files: files, tags: map[string]string{}} }

// notBuilt is what a browser sees where the UI was left out.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Formwork</title>
<h1>Formwork</h1><p>This server was built without its user interface (<code>make build</code> builds it).
The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></html>`

// static serves the UI. Addresses that are no file are pages: those under /m belong to m.html, the others to index.html.
func (s *Server) static(c *fiber.Ctx) error {
	c.Status(http.StatusOK)
	name := strings.TrimPrefix(path.Clean("/"+c.Path()), "/")
	if name == "api" || strings.HasPrefix(name, "api/") {
		return fiber.ErrNotFound
	}
	if path.Ext(name) == "" || strings.HasSuffix(name, ".html") {
		name = "index.html"
		if p := c.Path(); p == "/m" || strings.HasPrefix(p, "/m/") {
			name = "m.html"
		}
	}
	if s.assets.files == nil {
		return s.unbuilt(c, name)
	}
	body, err := fs.ReadFile(s.assets.files, name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			return s.unbuilt(c, name)
		}
		return err
	}
	return s.asset(c, name, body)
}

func (s *Server) unbuilt(c *fiber.Ctx, name string) error {
	if name != "index.html" && name != "m.html" {
		return fiber.ErrNotFound
	}
	c.Set("Content-Type", "text/html; charset=utf-8")
	c.Set("Cache-Control", "no-store")
	return c.SendString(notBuilt)
}

// asset answers with a file: for ever under assets/, whose names carry a hash, asked for anew otherwise.
func (s *Server) asset(c *fiber.Ctx, name string, body []byte) error {
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".webmanifest") {
		kind = "application/manifest+json"
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	c.Set("Content-Type", kind)
	if strings.HasPrefix(name, "assets/") {
		c.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Set("Cache-Control", "no-cache")
	}
	tag := s.assets.tag(name, body)
	c.Set("ETag", tag)
	if strings.TrimPrefix(c.Get("If-None-Match"), "W/") == tag {
		return c.SendStatus(http.StatusNotModified)
	}
	if packed, err := fs.ReadFile(s.assets.files, name+".gz"); err == nil && strings.Contains(c.Get("Accept-Encoding"), "gzip") {
		c.Set("Content-Encoding", "gzip")
		body = packed
	}
	c.Set("Vary", "Accept-Encoding")
	c.Context().Response.SetBodyRaw(body)
	return nil
}

func (a *assets) tag(name string, body []byte) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	t, ok := a.tags[name]
	if !ok {
		h := sha256.Sum256(body)
		t = `"` + hex.EncodeToString(h[:12]) + `"`
		a.tags[name] = t
	}
	return t
}
