package file

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the longest name in bytes: what disks take. It is within the characters that schemas/field takes.
const maxName = 255

// clean makes a name fit to show and to save under: the last part of a path, without control characters and those that
// turn the writing direction (which hide an ending), cut in the middle where it is too long so that the ending stays.
// Where nothing is left it is "file".
func clean(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, name))
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	if len(name) <= maxName {
		return name
	}
	ending := path.Ext(name)
	if len(ending) > 20 {
		ending = "" // that is no ending
	}
	at := maxName - len(ending)
	for !utf8.RuneStart(name[at]) {
		at--
	}
	return strings.TrimSpace(name[:at]) + ending
}
