package sheet

import (
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// rawCell is a <c> element as it stands.
type rawCell struct {
	kind    string
	style   numberStyle
	value   string
	inline  string
	formula bool
}

func (r *rowReader) rawCell(start xml.StartElement) (raw rawCell, err error) {
	raw.kind = attr(start, "t")
	if i, err := strconv.Atoi(attr(start, "s")); err == nil && i >= 0 && i < len(r.book.styles) {
		raw.style = r.book.styles[i]
	}
	for {
		t, err := r.Token()
		if err != nil {
			return raw, unexpected(err)
		}
		switch e := t.(type) {
		case xml.EndElement:
			return raw, nil
		case xml.StartElement:
			switch e.Name.Local {
			case "v":
				raw.value, err = r.text("")
			case "is":
				raw.inline, err = r.richText()
			case "f":
				raw.formula = true
				err = r.Skip()
			default:
				err = r.Skip()
			}
			if err != nil {
				return raw, unexpected(err)
			}
		}
	}
}

// value types a cell. A code is a warning that goes with it.
func (r *rowReader) value(raw rawCell) (Cell, Code, params) {
	switch raw.kind {
	case "inlineStr":
		if raw.inline == "" {
			return textCell(unescapeXString(raw.value)), "", nil
		}
		return textCell(raw.inline), "", nil
	case "str":
		return textCell(unescapeXString(raw.value)), "", nil
	}
	v := strings.TrimSpace(raw.value)
	if v == "" {
		if raw.formula {
			return Cell{Kind: KindEmpty}, WarnNoCachedValue, nil
		}
		return textCell(raw.inline), "", nil
	}
	switch raw.kind {
	case "s":
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(r.texts) {
			return Cell{Text: v, Kind: KindError}, WarnCellError, params{"value": v}
		}
		return textCell(r.texts[i]), "", nil
	case "b":
		return Cell{Text: strconv.FormatBool(v == "1" || strings.EqualFold(v, "true")), Kind: KindBool}, "", nil
	case "e":
		return Cell{Text: v, Kind: KindError}, WarnCellError, params{"value": v}
	case "d":
		return isoCell(v), "", nil
	}
	return r.numeric(v, raw.style)
}

func (r *rowReader) numeric(v string, style numberStyle) (Cell, Code, params) {
	text, ok := plainDecimal(v)
	if !ok {
		return Cell{Text: v, Kind: KindText}, WarnBadNumber, nil
	}
	number := Cell{Text: text, Kind: KindNumber, Hint: style.hint}
	if !style.temporal() {
		return number, "", nil
	}
	serial, _ := strconv.ParseFloat(text, 64)
	c, ok := serialCell(serial, r.book.is1904, style)
	if !ok {
		return number, WarnBadDate, params{"serial": text}
	}
	return c, "", nil
}

// isoCell is a cell of type "d", whose value is ISO 8601 text already (strict OOXML).
func isoCell(v string) Cell {
	v = strings.TrimSuffix(v, "Z")
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		return Cell{Text: t.Format(time.DateOnly), Kind: KindDate}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, v); err == nil {
			return Cell{Text: t.Format("2006-01-02T15:04:05.999"), Kind: KindDateTime}
		}
	}
	if t, err := time.Parse("15:04:05", v); err == nil {
		return Cell{Text: t.Format(time.TimeOnly), Kind: KindTime}
	}
	return Cell{Text: v, Kind: KindText}
}
