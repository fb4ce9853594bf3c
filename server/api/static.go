package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
)

// assets are the files of the UI.
type assets struct {
	files fs.FS
	mu    sync.Mutex
	tags  map[string]string
	early map[string]*early // by document
}

func newAssets(files fs.FS) (*assets, error) {
	a := &assets{files: files, tags: map[string]string{}, early: map[string]*early{}}
	if files == nil {
		return a, nil
	}
	for document := range earlyFiles {
		e, err := readEarly(files, document)
		if err != nil {
			return nil, err
		}
		a.early[document] = e
	}
	return a, nil
}

// notBuilt is what a browser sees where the UI was left out.
const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Formwork</title>
<h1>Formwork</h1><p>This server was built without its user interface (<code>make build</code> builds it).
The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></html>`

// static serves the UI. Addresses that are no file are pages: those under /m belong to m.html, the others to index.html.
// Under assets/ there are only files.
func (s *Server) static(c *fiber.Ctx) error {
	c.Status(http.StatusOK)
	name := strings.TrimPrefix(path.Clean("/"+c.Path()), "/")
	if name == "api" || strings.HasPrefix(name, "api/") {
		return fiber.ErrNotFound
	}
	if page := pageOf(name); page != "" {
		if s.earlyDocument(c, page) {
			return nil
		}
		name = page
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

// pageOf is the document that an address is a page of; "" for a file. The last step of a page may hold a dot, as
// app.form does: what decides is whether it ends like a file of the UI.
func pageOf(name string) string {
	switch {
	case strings.HasPrefix(name, assetsFolder), mediaType(name) != "" && path.Ext(name) != ".html":
		return ""
	case name == "m" || name == "m.html" || strings.HasPrefix(name, "m/"):
		return "m.html"
	}
	return "index.html"
}

func (s *Server) unbuilt(c *fiber.Ctx, name string) error {
	if name != "index.html" && name != "m.html" {
		return fiber.ErrNotFound
	}
	c.Set("Content-Type", "text/html; charset=utf-8")
	c.Set("Cache-Control", "no-store")
	return c.SendString(notBuilt)
}

// assetsFolder holds files whose names carry a hash of their content.
const assetsFolder = "assets/"

// mediaTypes are those of the files of the UI, the same on every machine.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf",
	".txt": "text/plain; charset=utf-8", ".xml": "application/xml", ".wasm": "application/wasm",
}

func mediaType(name string) string { return mediaTypes[strings.ToLower(path.Ext(name))] }

// asset answers with a file: for ever under assets/, asked for anew otherwise.
func (s *Server) asset(c *fiber.Ctx, name string, body []byte) error {
	kind := mediaType(name)
	if kind == "" {
		kind = "application/octet-stream"
	}
	c.Set("Content-Type", kind)
	if strings.HasPrefix(name, assetsFolder) {
		c.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Set("Cache-Control", "no-cache")
	}
	c.Set("Vary", "Accept-Encoding")
	packed, encoding := s.assets.packed(name, c.Get("Accept-Encoding"))
	tag := s.assets.tag(name, body, encoding)
	c.Set("ETag", tag)
	if matches(c.Get("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	if encoding != "" {
		c.Set("Content-Encoding", encoding)
		body = packed
	}
	if c.Method() == http.MethodHead {
		c.Context().Response.SkipBody = true
		c.Context().Response.Header.SetContentLength(len(body))
		return nil
	}
	c.Context().Response.SetBodyRaw(body)
	return nil
}

// encodings are those that files may stand beside the plain ones in, the smallest first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// packed is a file as it was compressed when the UI was built, in the encoding that the browser likes best; "" for the
// plain one.
func (a *assets) packed(name, accept string) (body []byte, encoding string) {
	best := 0.0
	for _, e := range encodings {
		q := weight(accept, e.name)
		if q <= best {
			continue
		}
		if b, err := fs.ReadFile(a.files, name+e.suffix); err == nil {
			body, encoding, best = b, e.name, q
		}
	}
	if best < weight(accept, "identity") && strings.Contains(accept, "identity") {
		return nil, ""
	}
	return body, encoding
}

// weight is how much a browser wants an encoding, by its Accept-Encoding: 0 when it does not.
func weight(accept, encoding string) float64 {
	other := 0.0
	for _, part := range strings.Split(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(strings.TrimSpace(v), 64); err != nil {
				q = 0
			}
		}
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, encoding):
			return q
		case name == "*":
			other = q
		}
	}
	return other
}

// tag is of the content and the encoding: what is packed is another representation.
func (a *assets) tag(name string, body []byte, encoding string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := name + "|" + encoding
	t, ok := a.tags[key]
	if !ok {
		h := sha256.Sum256(append(body[:len(body):len(body)], encoding...))
		t = `"` + hex.EncodeToString(h[:12]) + `"`
		a.tags[key] = t
	}
	return t
}
