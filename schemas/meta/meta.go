package meta

import (
	"embed"
	"fmt"
	"maps"
	"sync"

	"formwork/schemas/definition"
	"formwork/schemas/validate"
)

//go:embed *.schema.json
var files embed.FS

// kinds are those that have a meta-schema, in the order of their names.
var kinds = []definition.Kind{
	definition.KindApp, definition.KindAutomation, definition.KindCalendar, definition.KindDashboard, definition.KindForm, definition.KindOptionSet, definition.KindPage, definition.KindRole,
	definition.KindTemplate, definition.KindView,
}

// All gives the meta-schemas as published, by kind.
func All() map[string][]byte {
	return maps.Clone(sources())
}

var sources = sync.OnceValue(func() map[string][]byte {
	out := make(map[string][]byte, len(kinds))
	for _, k := range kinds {
		b, err := files.ReadFile(string(k) + ".schema.json")
		if err != nil {
			panic(err)
		}
		out[string(k)] = b
	}
	return out
})

// compiled is made once, when the first definition is checked.
var compiled = sync.OnceValue(func() map[definition.Kind]*validate.Schema {
	out := make(map[definition.Kind]*validate.Schema, len(kinds))
	for _, k := range kinds {
		s, err := validate.Compile(string(k)+".schema.json", sources()[string(k)])
		if err != nil {
			panic(fmt.Sprintf("meta-schema of %s: %v", k, err))
		}
		out[k] = s
	}
	return out
})
