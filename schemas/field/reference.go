package field

import (
	"regexp"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

// idPattern is what ids of records, users, departments and files look like.
const idPattern = `^[0-9a-f]{24}$`

var anID = regexp.MustCompile(idPattern)

// user, department and relation hold the id of what they point to. That it exists is the engine's question.
var (
	user       = reference("user", nil, fine)
	department = reference("department", nil, fine)
	relation   = reference("relation", []string{"form", "onDelete"}, func(f *definition.Field) problem.List {
		return append(required("form", f.Form),
			oneOf("onDelete", string(f.OnDelete), string(definition.Restrict), string(definition.Unlink), string(definition.Cascade))...)
	})
)

func reference(key string, settings []string, more func(*definition.Field) problem.List) Type {
	operators := []string{"eq", "ne", "in", "nin", "empty", "notEmpty"}
	if key == "department" {
		operators = append([]string{"under"}, operators...)
	}
	return checked(Type{
		Key:       key,
		Settings:  append([]string{"unique"}, settings...),
		Expr:      "text",
		Storage:   always(Storage{Kind: "text"}),
		Schema:    func(*definition.Field) map[string]any { return idSchema() },
		Coerce:    func(_ *definition.Field, v any, _ Env) (any, problem.List) { return coerceID(v) },
		Operators: operators,
	}, more)
}

func idSchema() map[string]any { return map[string]any{"type": "string", "pattern": idPattern} }

func coerceID(v any) (any, problem.List) {
	s, ok, p := plain(v)
	if !ok {
		return nil, p
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	if !anID.MatchString(s) {
		return nil, bad("not-an-id", problem.P{"value": shown(s)})
	}
	return s, nil
}
