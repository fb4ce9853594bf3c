package install

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Content is one app of a template, as the gallery tells of it.
type Content struct {
	App         string          `json:"app"`
	Title       definition.Text `json:"title"`
	Description definition.Text `json:"description,omitempty"`
	Icon        string          `json:"icon,omitempty"`
	Color       string          `json:"color,omitempty"`
	// Forms are the titles of its forms; Counts how many definitions of each kind there are.
	Forms  []definition.Text       `json:"forms"`
	Counts map[definition.Kind]int `json:"counts"`
}

// contents tell what installing a template brings.
func (p *Package) contents() (out []Content, forms int) {
	for _, app := range p.Template.Apps {
		c := Content{App: app, Title: definition.Text{"": app}, Forms: []definition.Text{}, Counts: map[definition.Kind]int{}}
		names := make([]string, 0, len(p.Apps[app]))
		for name := range p.Apps[app] {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			kind, _, _ := strings.Cut(name, "/")
			c.Counts[definition.Kind(kind)]++
			def, err := definition.Decode([]byte(p.Apps[app][name]))
			if err != nil {
				continue // installing will say so
			}
			switch d := def.(type) {
			case *definition.App:
				c.Title, c.Description, c.Icon, c.Color = d.Title, d.Description, d.Icon, d.Color
			case *definition.Form:
				c.Forms = append(c.Forms, d.Title)
				forms++
			}
		}
		delete(c.Counts, definition.KindApp)
		out = append(out, c)
	}
	return out, forms
}

// pictureTypes are the media types of pictures, by the ends of their names.
var pictureTypes = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif"}

var pictureName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

func picturesIn(fsys fs.FS, key string) []string {
	out := []string{}
	entries, err := fs.ReadDir(fsys, path.Join(key, "pictures"))
	if err != nil {
		return out // there are none
	}
	for _, e := range entries {
		if !e.IsDir() && pictureTypes[path.Ext(e.Name())] != "" && pictureName.MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out
}

// Picture is a picture of a template and its media type. NotFound for any other name.
func (i *Installer) Picture(key, name string) ([]byte, string, error) {
	missing := problem.Fail(problem.NotFound, "not-found", "", problem.P{"template": key, "picture": name})
	if !definition.KeyPattern.MatchString(key) || !slices.Contains(picturesIn(i.FS, key), name) {
		return nil, "", missing
	}
	b, err := fs.ReadFile(i.FS, path.Join(key, "pictures", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", missing
	}
	return bytes.Clone(b), pictureTypes[path.Ext(name)], err
}
