package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"formwork/engine/catalog"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// Package is a template as read from its folder.
type Package struct {
	definition.Template
	Apps map[string]catalog.Sources
	// Demo says whether there is demonstration data.
	Demo bool
}

// Read reads a template's folder. NotFound when there is none.
func Read(fsys fs.FS, key string) (*Package, error) {
	if !definition.KeyPattern.MatchString(key) {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"template": key})
	}
	head, err := fs.ReadFile(fsys, key+"/template.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"template": key})
	}
	if err != nil {
		return nil, err
	}
	p := &Package{Apps: map[string]catalog.Sources{}}
	if err := json.Unmarshal(head, &p.Template); err != nil {
		return nil, fmt.Errorf("template %s: %w", key, err)
	}
	for _, app := range p.Template.Apps {
		sources := catalog.Sources{}
		err := fs.WalkDir(fsys, path.Join(key, "apps", app), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".json") {
				return err
			}
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			h, err := definition.Peek(b)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			sources[string(h.Kind)+"/"+h.Key] = string(b)
			return nil
		})
		if err != nil {
			return nil, err
		}
		p.Apps[app] = sources
	}
	_, err = fs.Stat(fsys, key+"/seed/demo.json")
	p.Demo = err == nil
	return p, nil
}
