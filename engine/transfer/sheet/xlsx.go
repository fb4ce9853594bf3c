package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"sync"
)

// workbook is an XLSX file. We read its parts ourselves, as a stream: the library we write with streams only the
// displayed strings of a sheet and needs the whole sheet in memory to tell a text from a number from a date.
type workbook struct {
	parts  map[string]*zip.File // by lower-case path without a leading slash
	opts   Options
	unzip  int64 // bytes of all parts as the directory has them
	is1904 bool

	styles  []numberStyle // by cell style index
	once    sync.Once     // of strings: most of the time of opening, and needed only when rows are read
	strings []string
	strErr  error
}

const (
	relDocument  = "/officeDocument"
	relWorksheet = "/worksheet"
	relStrings   = "/sharedStrings"
	relStyles    = "/styles"
)

func openXLSX(r io.ReaderAt, size int64, opts Options) (*Book, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged("zip", err)
	}
	w := &workbook{parts: map[string]*zip.File{}, opts: opts}
	for _, f := range zr.File {
		if f.Flags&1 != 0 {
			return nil, fail(CodeEncrypted, nil)
		}
		// The directory may lie; part counts again what really comes out.
		if f.UncompressedSize64 > uint64(opts.MaxUnzipBytes) || w.unzip > opts.MaxUnzipBytes-int64(f.UncompressedSize64) {
			return nil, fail(CodeUnzipTooLarge, params{"limit": opts.MaxUnzipBytes})
		}
		w.unzip += int64(f.UncompressedSize64)
		w.parts[partName(f.Name)] = f
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	return w.open(main)
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/"))
}

// mainPart finds the workbook, or says what else the zip is.
func (w *workbook) mainPart() (string, error) {
	if rels, err := w.relations(""); err == nil {
		for _, rel := range rels {
			if strings.HasSuffix(rel.kind, relDocument) && w.parts[rel.target] != nil {
				return rel.target, w.checkMain(rel.target)
			}
		}
	}
	for _, main := range []string{"xl/workbook.xml", "xl/workbook.bin"} {
		if w.parts[main] != nil {
			return main, w.checkMain(main)
		}
	}
	for part, format := range map[string]string{"content.xml": "ods", "word/document.xml": "docx", "ppt/presentation.xml": "pptx"} {
		if w.parts[part] != nil {
			return "", fail(CodeUnsupported, params{"format": format})
		}
	}
	return "", fail(CodeUnsupported, params{"format": "zip"})
}

func (w *workbook) checkMain(main string) error {
	switch {
	case strings.HasSuffix(main, ".bin"):
		return fail(CodeUnsupported, params{"format": "xlsb"})
	case strings.HasPrefix(main, "word/"):
		return fail(CodeUnsupported, params{"format": "docx"})
	case strings.HasPrefix(main, "ppt/"):
		return fail(CodeUnsupported, params{"format": "pptx"})
	}
	return nil
}

func (w *workbook) open(main string) (*Book, error) {
	rels, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	listed, err := w.readWorkbook(main)
	if err != nil {
		return nil, err
	}
	stringsPart := ""
	for _, rel := range rels {
		switch {
		case strings.HasSuffix(rel.kind, relStyles):
			if err := w.readStyles(rel.target); err != nil {
				return nil, err
			}
		case strings.HasSuffix(rel.kind, relStrings):
			stringsPart = rel.target
		}
	}
	b := &Book{Format: XLSX}
	for _, l := range listed {
		rel, ok := rels[l.rel]
		switch {
		case ok && !strings.HasSuffix(rel.kind, relWorksheet):
			continue // a chart or macro sheet has no cells
		case !ok || w.parts[rel.target] == nil:
			b.Warnings = append(b.Warnings, fail(WarnMissingSheet, params{"sheet": l.name}))
			continue
		}
		b.sheets = append(b.sheets, &Sheet{
			Name: l.name, Hidden: l.hidden, headerRow: w.opts.HeaderRow,
			src: &xlsxSheet{book: w, part: rel.target, stringsPart: stringsPart},
		})
	}
	if len(b.sheets) == 0 {
		return nil, damaged(main, errors.New("no worksheet"))
	}
	return b, nil
}

type relation struct{ kind, target string }

// relations of a part, by id; of the package for "". A part without any has none.
func (w *workbook) relations(part string) (map[string]relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	out := map[string]relation{}
	if w.parts[name] == nil {
		return out, nil
	}
	err := w.elements(name, func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		target := strings.ReplaceAll(attr(e, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		out[attr(e, "Id")] = relation{kind: attr(e, "Type"), target: partName(target)}
		return nil
	})
	return out, err
}

type listedSheet struct {
	name, rel string
	hidden    bool
}

func (w *workbook) readWorkbook(main string) (sheets []listedSheet, err error) {
	err = w.elements(main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			// Extensions repeat the element without the attribute.
			w.is1904 = w.is1904 || truth(attr(e, "date1904"))
		case "sheet":
			state := attr(e, "state")
			s := listedSheet{name: unescapeXString(attr(e, "name")), hidden: state == "hidden" || state == "veryHidden"}
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					s.rel = a.Value
				}
			}
			sheets = append(sheets, s)
		}
		return nil
	})
	return sheets, err
}

// elements walks the start tags of a part.
func (w *workbook) elements(name string, visit func(xml.StartElement) error) error {
	p, err := w.part(name)
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		t, err := p.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged(name, err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := visit(e); err != nil {
				return damaged(name, err)
			}
		}
	}
}
