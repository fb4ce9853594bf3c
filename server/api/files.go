package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// fileEntry is what is known of a file, and what a field of a record holds of it.
type fileEntry struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Type   string `json:"type"`
	SHA256 string `json:"sha256"`
	At     string `json:"at"`
}

// saveFile takes one file: a multipart form with a part "file", or the bytes as they are with ?name=.
func (s *Server) saveFile(x *call) error {
	name, kind, r, err := x.upload("file")
	if err != nil {
		return err
	}
	m, err := s.Engine.Files.Save(x.ctx, x.id.User.ID, name, kind, r, fileLimit)
	if err != nil {
		return cutOff(err)
	}
	x.fiber.Set("Location", prefix+"/files/"+m.ID)
	return x.answer(http.StatusCreated, fileEntry{ID: m.ID, Name: m.Name, Size: m.Size, Type: m.Type, SHA256: m.SHA256, At: moment(m.At)})
}

// cutOff makes an upload that ended early a mistake of who sent it.
func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) && problem.KindOf(err) == "" {
		return &problem.Failure{Kind: problem.Malformed, Problems: problem.List{problem.New("body-cut-off", "", nil)}, Cause: err}
	}
	return err
}

// upload finds the one file of a request.
func (x *call) upload(part string) (name, kind string, r io.Reader, err error) {
	body, err := x.stream()
	if err != nil {
		return "", "", nil, err
	}
	kind, params, err := mime.ParseMediaType(x.fiber.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return x.fiber.Query("name", "file"), kind, body, nil
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if problem.KindOf(err) != "" {
			return "", "", nil, err
		}
		if err != nil {
			return "", "", nil, problem.Fail(problem.Malformed, "no-file", "", problem.P{"part": part})
		}
		if p.FormName() == part && p.FileName() != "" {
			return p.FileName(), p.Header.Get("Content-Type"), p, nil
		}
	}
}

// inline are the types that browsers may show in place; everything else is downloaded.
func inline(kind string) bool {
	return slices.Contains([]string{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}, kind)
}

// getFile gives a file to who sent it, to admins, and to who may read a record that holds it: ?form=app.form&record=id.
func (s *Server) getFile(x *call) error {
	id := x.param("id")
	if err := x.mayReadFile(id); err != nil {
		return err
	}
	// The content is sent after the handler returned, in a time of its own.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	content, m, err := s.Engine.Files.Read(ctx, id)
	if err != nil {
		cancel()
		return err
	}
	tag := `"` + m.SHA256 + `"`
	x.fiber.Set("ETag", tag)
	if x.noneMatch(tag) {
		cancel()
		x.fiber.Status(http.StatusNotModified)
		return content.Close()
	}
	how := "attachment"
	if inline(m.Type) {
		how = "inline"
	}
	x.fiber.Set("Content-Type", m.Type)
	x.fiber.Set("Content-Disposition", how+"; filename*=UTF-8''"+url.PathEscape(m.Name))
	x.fiber.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	x.fiber.Set("Cache-Control", "private, max-age=86400, immutable")
	x.fiber.Context().SetBodyStream(&closing{io.NewSectionReader(content, 0, m.Size), content, cancel}, int(m.Size))
	return nil
}

// closing ends what a response reads from when it was sent.
type closing struct {
	io.Reader
	content io.Closer
	cancel  context.CancelFunc
}

func (c *closing) Close() error {
	defer c.cancel()
	return c.content.Close()
}

func (x *call) mayReadFile(id string) error {
	m, err := x.Engine.Files.Get(x.ctx, id)
	if err != nil {
		return err
	}
	if m.By == x.id.User.ID || x.id.User.Admin {
		return nil
	}
	missing := problem.Fail(problem.NotFound, "not-found", "", problem.P{"file": id})
	form, rec := x.fiber.Query("form"), x.fiber.Query("record")
	if form == "" || rec == "" {
		return missing
	}
	body, _, err := x.Engine.Records.Get(x.ctx, x.caller(), form, rec)
	if problem.KindOf(err) == problem.NotFound {
		return missing
	}
	if err != nil {
		return err
	}
	v, err := value.Decode(body)
	if err != nil {
		return err
	}
	if tree, _ := v.(map[string]any); !holds(tree["data"], id) {
		return missing
	}
	return nil
}

// holds says whether a value names a file anywhere.
func holds(v any, id string) bool {
	switch v := v.(type) {
	case string:
		return v == id
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return holds(x, id) })
	case map[string]any:
		for _, x := range v {
			if holds(x, id) {
				return true
			}
		}
	}
	return false
}
