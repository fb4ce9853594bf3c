package transfer

import (
	"slices"

	"formwork/engine/transfer/sheet"
	"formwork/schemas/problem"
)

// MaxColumns is how many columns a mapping may name.
const MaxColumns = 500

// check finds what is wrong with a mapping in itself.
func (m *Mapping) check() problem.List {
	var out problem.List
	bad := func(code, pointer string, p problem.P) { out = append(out, problem.New(code, pointer, p)) }
	switch {
	case m.Form == "" && m.Target == "":
		bad("required", "/form", nil)
	case m.Form != "" && m.Target != "":
		bad("form-or-target", "/target", nil)
	case m.Target != "" && m.Target != Users && m.Target != Departments:
		bad("unknown-value", "/target", problem.P{"value": string(m.Target), "allowed": []string{string(Users), string(Departments)}})
	}
	if m.Mode == "" {
		if m.Mode = Upsert; len(m.Key) == 0 && m.Target == "" {
			m.Mode = Create
		}
	}
	if !m.Mode.Valid() {
		bad("unknown-value", "/mode", problem.P{"value": string(m.Mode), "allowed": []string{string(Upsert), string(Create), string(Update)}})
	} else if m.Mode != Create && len(m.Key) == 0 && m.Target == "" {
		bad("key-needed", "/key", problem.P{"mode": string(m.Mode)})
	}
	if m.Encoding != "" && !m.Encoding.Valid() {
		bad("unknown-value", "/encoding", problem.P{"value": string(m.Encoding)})
	}
	if len(m.Delimiter) > 1 {
		bad("unknown-value", "/delimiter", problem.P{"value": m.Delimiter})
	}
	if m.Target == "" && (len(m.DepartmentPath) > 0 || m.Leader != "") {
		bad("only-for-users", "/departmentPath", nil)
	}
	if m.Leader != "" && len(m.DepartmentPath) == 0 {
		bad("required", "/departmentPath", nil)
	}
	if len(m.Columns) > MaxColumns {
		bad("max-items", "/columns", problem.P{"limit": MaxColumns, "actual": len(m.Columns)})
		return out
	}
	fields := map[string]bool{}
	for i := range m.Columns {
		c := &m.Columns[i]
		out = append(out, c.check().At(problem.Pointer("columns", i))...)
		if c.Field != "" && fields[c.Field] {
			bad("repeated", problem.Pointer("columns", i, "field"), problem.P{"value": c.Field})
		}
		fields[c.Field] = fields[c.Field] || c.Field != ""
	}
	for i, w := range m.When {
		if w.Column == "" {
			bad("required", problem.Pointer("when", i, "column"), nil)
		}
	}
	return out
}

func (c *Column) check() problem.List {
	var out problem.List
	bad := func(code, pointer string, p problem.P) { out = append(out, problem.New(code, pointer, p)) }
	if c.Column == "" {
		bad("required", "/column", nil)
	}
	if c.Field == "" && !c.Ignore {
		bad("required", "/field", problem.P{"column": c.Column})
	}
	if c.Format != "" && !c.Format.Valid() {
		formats := sheet.DateFormats()
		names := make([]string, len(formats))
		for i, f := range formats {
			names[i] = string(f)
		}
		bad("unknown-value", "/format", problem.P{"value": string(c.Format), "allowed": append(names, string(sheet.DateSerial))})
	}
	if c.Decimal != "" && !slices.Contains([]sheet.NumberStyle{sheet.PointDecimal, sheet.CommaDecimal}, c.Decimal) {
		bad("unknown-value", "/decimal", problem.P{"value": string(c.Decimal), "allowed": []string{string(sheet.PointDecimal), string(sheet.CommaDecimal)}})
	}
	if c.Match != nil && !c.Match.Missing.Valid() {
		bad("unknown-value", "/match/missing", problem.P{"value": string(c.Match.Missing),
			"allowed": []string{string(MissingError), string(MissingEmpty), string(MissingWarn), string(MissingCreate)}})
	}
	return out
}
