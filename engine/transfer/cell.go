package transfer

import (
	"strconv"
	"strings"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// text is a cell's text after the mapping's replacements, and whether that leaves anything.
func (c *column) text(cell sheet.Cell) (string, bool) {
	s := strings.TrimSpace(cell.Text)
	if v, ok := c.Values[s]; ok {
		s = strings.TrimSpace(v)
	}
	if c.match != nil {
		s = c.match.meant(s)
	}
	return s, s != ""
}

// read turns a cell into what its field can be given; references are another matter (see line). A problem's pointer is
// relative to the cell.
func (c *column) read(cell sheet.Cell) (any, *problem.Problem) {
	s, ok := c.text(cell)
	if !ok {
		return nil, nil
	}
	if cell.Kind == sheet.KindError {
		return nil, complaint("cell-error", problem.P{"value": shown(s)})
	}
	switch c.field.Type.Key {
	case "number", "percent", "currency":
		return c.number(cell, s)
	case "date", "datetime":
		return c.date(cell, s)
	case "switch":
		if cell.Kind == sheet.KindBool {
			return s == "true", nil
		}
		return s, nil
	case "select":
		return c.option(s)
	case "multiselect":
		return c.several(s)
	}
	return s, nil
}

func complaint(code string, p problem.P) *problem.Problem {
	out := problem.New(code, "", p)
	return &out
}

// number reads a number. A percent field holds what people see: 25 for 25 %, whatever the cell stores.
func (c *column) number(cell sheet.Cell, s string) (any, *problem.Problem) {
	style := c.style
	if cell.Kind == sheet.KindNumber {
		style = sheet.PointDecimal
	}
	n, ok := sheet.ParseNumber(s, style)
	f, err := strconv.ParseFloat(n.Text, 64)
	if !ok || err != nil {
		return nil, complaint("not-a-number", problem.P{"value": shown(s)})
	}
	if c.field.Type.Key == "percent" && (n.Percent || cell.Hint == sheet.HintPercent) {
		scale := definitionScale(c.field.Def, 2)
		f = value.Round(f*100, max(scale, 2)+2)
	}
	return f, nil
}

func definitionScale(d *definition.Field, scale int) int {
	if d.Scale != nil {
		return *d.Scale
	}
	return scale
}

func plainNumber(s string) (float64, bool) {
	n, ok := sheet.ParseNumber(s, sheet.PointDecimal)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

func (c *column) date(cell sheet.Cell, s string) (any, *problem.Problem) {
	if cell.Kind == sheet.KindDate || cell.Kind == sheet.KindDateTime {
		return s, nil
	}
	d, ok := sheet.ParseDate(s, c.format)
	if !ok {
		return nil, complaint("not-a-date", problem.P{"value": shown(s), "format": string(c.format)})
	}
	return d.Text, nil
}

func (c *column) option(s string) (any, *problem.Problem) {
	v, suggestion, near := c.options.find(s)
	switch {
	case v == "":
		c.report.unmatched(s, suggestion)
		params := problem.P{"value": shown(s)}
		if suggestion != "" {
			params["suggestion"] = suggestion
		}
		return nil, complaint("unknown-option", params)
	case near:
		c.report.reread(s, v)
	}
	return v, nil
}

func (c *column) several(s string) (any, *problem.Problem) {
	if v, _, near := c.options.find(s); v != "" && !near {
		return []any{v}, nil
	}
	var out []any
	for _, part := range parts(s, c.Separator) {
		if v, ok := c.Values[part]; ok {
			part = v
		}
		v, p := c.option(part)
		if p != nil {
			return nil, p
		}
		out = append(out, v)
	}
	return out, nil
}
