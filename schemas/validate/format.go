package validate

import "github.com/santhosh-tekuri/jsonschema/v5"

// Format says whether a format is checked; JSON Schema lets unknown ones pass anything.
func Format(name string) bool {
	switch name {
	case "period", "ip-address", "uriref": // the library's own, not JSON Schema's
		return false
	}
	_, ok := jsonschema.Formats[name]
	return ok
}
