package mongo

import (
	"fmt"
	"regexp"
	"strings"
)

// Collections of the driver itself. Mapped names never start so: they are safe ones, which do not start with "_", or
// start with "_c_".
const (
	declarations = "_collections"
	counters     = "_counters"
)

var validName = regexp.MustCompile(`^[a-z0-9_.-]{1,100}$`)

// physicalName maps a collection's name to MongoDB's, one to one. Most names are themselves; those that MongoDB reserves
// or refuses (system., leading, trailing and double dots) are spelt with "._" for every dot behind a prefix.
func physicalName(name string) (string, error) {
	if !validName.MatchString(name) {
		return "", fmt.Errorf("mongo: %q is not a collection name", name)
	}
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, "system.") || strings.HasPrefix(name, ".") ||
		strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return "_c_" + strings.ReplaceAll(name, ".", "._"), nil
	}
	return name, nil
}

var (
	keyEscape   = strings.NewReplacer("%", "%25", ".", "%2E", "\x00", "%00")
	keyUnescape = strings.NewReplacer("%25", "%", "%2E", ".", "%00", "\x00", "%24", "$")
)

// escapeKey makes any JSON key a field name that a path can address: no dot, no leading $, no NUL, not empty.
func escapeKey(k string) string {
	if k == "" {
		return "%"
	}
	if strings.ContainsAny(k, "%.\x00") {
		k = keyEscape.Replace(k)
	}
	if k[0] == '$' {
		return "%24" + k[1:]
	}
	return k
}

// unescapeKey is the inverse of escapeKey.
func unescapeKey(k string) string {
	if strings.IndexByte(k, '%') < 0 {
		return k
	}
	if k == "%" {
		return ""
	}
	return keyUnescape.Replace(k)
}

func escapePath(path []string) string {
	parts := make([]string, len(path))
	for i, k := range path {
		parts[i] = escapeKey(k)
	}
	return strings.Join(parts, ".")
}
