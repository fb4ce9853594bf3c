package field

import (
	"path"
	"regexp"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Files of one field: how many, and how large each may be in bytes unless maxSize says otherwise.
const (
	MaxFiles    = 100
	DefaultSize = 20 << 20
	LargestSize = 1 << 30
)

// file and image hold a list of {id, name, size, type}; the bytes are kept by engine/file under the id.
var (
	file  = attachment("file", []string{"maxSize", "accept"})
	image = attachment("image", []string{"maxSize"})
)

var (
	mediaType   = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$`)
	mediaAccept = regexp.MustCompile(`^([a-z0-9][a-z0-9!#$&^_.+-]{0,63}/(\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})|\.[a-z0-9]{1,10})$`)
)

func attachment(key string, settings []string) Type {
	return checked(Type{
		Key:      key,
		Settings: settings,
		Expr:     "list",
		Storage:  nothing,
		Schema: func(f *definition.Field) map[string]any {
			return map[string]any{"type": "array", "maxItems": MaxFiles, "items": map[string]any{
				"type": "object", "required": []any{"id"}, "additionalProperties": false,
				"properties": map[string]any{
					"id":   idSchema(),
					"name": map[string]any{"type": "string", "maxLength": 255},
					"size": map[string]any{"type": "integer", "minimum": 0, "maximum": sizeLimit(f)},
					"type": map[string]any{"type": "string", "maxLength": 192},
				},
			}}
		},
		Coerce: func(f *definition.Field, v any, _ Env) (any, problem.List) {
			return coerceFiles(f, v, accepted(f, key))
		},
		Operators: []string{"empty", "notEmpty"},
	}, checkFile)
}

func sizeLimit(f *definition.Field) int64 {
	if f.MaxSize > 0 {
		return min(f.MaxSize, LargestSize)
	}
	return DefaultSize
}

func accepted(f *definition.Field, key string) []string {
	if key == "image" {
		return []string{"image/*"}
	}
	return f.Accept
}

func coerceFiles(f *definition.Field, v any, accept []string) (any, problem.List) {
	if value.IsEmpty(v) {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) > MaxFiles {
		return nil, bad("max-items", problem.P{"limit": MaxFiles, "actual": len(list)})
	}
	var out problem.List
	var files []any
	for i, x := range list {
		if value.IsEmpty(x) {
			continue
		}
		one, p := coerceFile(f, x, accept)
		out = append(out, p.At(problem.Pointer(i))...)
		files = append(files, one)
	}
	if len(out) > 0 || len(files) == 0 {
		return nil, out
	}
	return files, nil
}

func coerceFile(f *definition.Field, x any, accept []string) (any, problem.List) {
	m, ok := x.(map[string]any)
	if !ok {
		return nil, wrongType("object", x)
	}
	out := UnknownMembers(m, []string{"id", "name", "size", "type"})
	one := map[string]any{}
	keep := func(key string, v any, p problem.List) {
		out = append(out, p.At("/"+key)...)
		if v != nil {
			one[key] = v
		}
	}
	id, p := coerceID(m["id"])
	keep("id", id, p)
	if id == nil && len(p) == 0 {
		keep("id", nil, bad("required", nil))
	}
	name, p := line(m["name"], 255, "wrong-file-name", isFileName)
	keep("name", name, p)
	size, p := coerceNumber(m["size"], 0, false)
	if n, ok := size.(float64); ok && n < 0 {
		size, p = nil, bad("minimum", problem.P{"limit": 0, "actual": n})
	} else if ok && n > float64(sizeLimit(f)) {
		size, p = nil, bad("file-too-large", problem.P{"limit": sizeLimit(f), "actual": n})
	}
	keep("size", size, p)
	kind, p := line(m["type"], 192, "not-a-media-type", mediaType.MatchString)
	if s, ok := kind.(string); ok && !acceptable(s, name, accept) {
		kind, p = nil, bad("file-type", problem.P{"value": s, "allowed": accept})
	}
	keep("type", kind, p)
	return one, out
}

func isFileName(s string) bool {
	return s != "." && s != ".." && !strings.ContainsAny(s, "/\\\t\r\n")
}

// acceptable says whether a media type, or the ending of the name, is among those accepted.
func acceptable(kind string, name any, accept []string) bool {
	if len(accept) == 0 {
		return true
	}
	s, _ := name.(string)
	for _, a := range accept {
		prefix, wild := strings.CutSuffix(a, "*")
		switch {
		case a == kind, wild && strings.HasPrefix(kind, prefix), a == strings.ToLower(path.Ext(s)):
			return true
		}
	}
	return false
}

func checkFile(f *definition.Field) problem.List {
	var out problem.List
	if f.MaxSize < 0 || f.MaxSize > LargestSize {
		out = append(out, problem.New("out-of-range", "/x-field/maxSize", problem.P{"min": 1, "max": LargestSize, "actual": f.MaxSize}))
	}
	for i, a := range f.Accept {
		if !mediaAccept.MatchString(a) {
			out = append(out, problem.New("not-a-media-type", "/x-field/accept"+problem.Pointer(i), problem.P{"value": shown(a)}))
		}
	}
	if len(f.Default) > 0 {
		out = append(out, problem.New("unknown-setting", "/x-field/default", problem.P{"setting": "default", "type": f.Type}))
	}
	return out
}
