package file

import (
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// headSize is how much of the beginning tells the type: what mimetype looks at.
const headSize = 3072

// finer lists the types that a content of a coarser type may be: its beginning does not show the difference, and none of
// them does more in a browser than the coarser one. The sender's word, or the ending of the name, chooses among them.
var finer = map[string]map[string]string{
	"text/plain": {
		".csv": "text/csv", ".tsv": "text/tab-separated-values", ".md": "text/markdown", ".json": "application/json",
		".jsonl": "application/x-ndjson", ".ndjson": "application/x-ndjson", ".ics": "text/calendar", ".vcf": "text/vcard",
		".log": "text/plain", ".txt": "text/plain", ".yaml": "application/yaml", ".yml": "application/yaml",
	},
	"text/csv":                  {".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown"}, // a text with commas
	"text/tab-separated-values": {".txt": "text/plain", ".log": "text/plain"},
	"application/json":          {".jsonl": "application/x-ndjson", ".ndjson": "application/x-ndjson"},
	"application/zip": {
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		".ods":  "application/vnd.oasis.opendocument.spreadsheet", ".odt": "application/vnd.oasis.opendocument.text",
		".odp": "application/vnd.oasis.opendocument.presentation", ".ofd": "application/ofd",
	},
	"application/x-ole-storage": {
		".xls": "application/vnd.ms-excel", ".doc": "application/msword", ".ppt": "application/vnd.ms-powerpoint",
		".msg": "application/vnd.ms-outlook", ".wps": "application/vnd.ms-works",
	},
}

// kindOf is the media type, without parameters, of a content that begins with head (headSize bytes of it, or all).
func kindOf(head []byte, said, name string) string {
	found := bare(mimetype.Detect(head).String())
	choices, said := finer[found], bare(said)
	for _, kind := range choices {
		if kind == said {
			return kind
		}
	}
	if kind, ok := choices[strings.ToLower(path.Ext(name))]; ok {
		return kind
	}
	return found
}

// bare is a media type without parameters.
func bare(kind string) string {
	kind, _, _ = strings.Cut(kind, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
