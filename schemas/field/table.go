package field

import (
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Rows of a sub-table: as many as this unless maxRows says otherwise, and never more than MaxRows.
const (
	DefaultRows = 500
	MaxRows     = 5_000
)

// table is a list of rows, each an object of the columns and `_id`, which stays with a row for its life.
var table = checked(Type{
	Key:      "table",
	Settings: []string{"maxRows"},
	Expr:     "list",
	Storage:  nothing,
	Schema: func(f *definition.Field) map[string]any {
		return map[string]any{"type": "array", "maxItems": rowLimit(f)}
	},
	Coerce:    coerceRows,
	Operators: []string{"empty", "notEmpty"},
}, checkTable)

func rowLimit(f *definition.Field) int {
	if f.MaxRows > 0 {
		return min(f.MaxRows, MaxRows)
	}
	return DefaultRows
}

// coerceRows coerces every cell. Rows without any value are left out; pointers count the rows as they came.
func coerceRows(f *definition.Field, v any, env Env) (any, problem.List) {
	if value.IsEmpty(v) {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, wrongType("list", v)
	}
	if limit := rowLimit(f); len(list) > limit {
		return nil, bad("max-items", problem.P{"limit": limit, "actual": len(list)})
	}
	var out problem.List
	var rows []any
	ids := make(map[string]bool, len(list))
	for i, x := range list {
		if len(out) >= mostProblems {
			break
		}
		row, p := coerceRow(f, x, env)
		out = append(out, p.At(problem.Pointer(i))...)
		if len(row) == 0 {
			continue
		}
		id, p := rowID(x, ids, env)
		out = append(out, p.At(problem.Pointer(i, "_id"))...)
		if id != "" {
			ids[id] = true
			row["_id"] = id
		}
		rows = append(rows, row)
	}
	if len(out) > 0 || len(rows) == 0 {
		return nil, out
	}
	return rows, nil
}

// coerceRow coerces the cells of one row; `_id` is not among them.
func coerceRow(f *definition.Field, x any, env Env) (map[string]any, problem.List) {
	if value.IsEmpty(x) {
		return nil, nil
	}
	cells, ok := x.(map[string]any)
	if !ok {
		return nil, wrongType("object", x)
	}
	row := make(map[string]any, len(f.Fields)+1)
	var out problem.List
	known := 0
	for i := range f.Fields {
		c := &f.Fields[i]
		cell, have := cells[c.Key]
		if !have {
			continue
		}
		known++
		t, ok := find(columns, c.Type)
		if !ok {
			out = append(out, problem.New("unknown-field-type", problem.Pointer(c.Key), problem.P{"type": c.Type}))
			continue
		}
		if t.Computed { // by the engine, from the row as it will be
			continue
		}
		v, p := t.Coerce(c, cell, env)
		out = append(out, p.At(problem.Pointer(c.Key))...)
		if v != nil {
			row[c.Key] = v
		}
	}
	if _, have := cells["_id"]; have {
		known++
	}
	if known < len(cells) {
		out = append(out, strangers(f, cells)...)
	}
	return row, out
}

// strangers lists the cells that belong to no column, in byte order.
func strangers(f *definition.Field, cells map[string]any) problem.List {
	names := make([]string, 0, len(f.Fields))
	for i := range f.Fields {
		names = append(names, f.Fields[i].Key)
	}
	return UnknownMembers(cells, append(names, "_id"))
}

// rowID gives a row the id it came with, else a new one. An id that is malformed or taken by a row before is refused:
// history and comments hang on it.
func rowID(x any, taken map[string]bool, env Env) (string, problem.List) {
	v, p := coerceID(x.(map[string]any)["_id"])
	if len(p) > 0 {
		return "", p
	}
	id, _ := v.(string)
	switch {
	case id != "" && taken[id]:
		return "", bad("repeated", problem.P{"value": id})
	case id == "" && env.NewID != nil:
		id = env.NewID()
	}
	return id, nil
}

// checkTable checks the columns too. A column may compute from the others of its row; nothing from elsewhere.
func checkTable(f *definition.Field) problem.List {
	var out problem.List
	if f.MaxRows < 0 || f.MaxRows > MaxRows {
		out = append(out, problem.New("out-of-range", "/x-field/maxRows", problem.P{"min": 1, "max": MaxRows, "actual": f.MaxRows}))
	}
	if len(f.Default) > 0 {
		out = append(out, problem.New("unknown-setting", "/x-field/default", problem.P{"setting": "default", "type": "table"}))
	}
	if len(f.Fields) == 0 {
		out = append(out, problem.New("no-columns", "/items/properties", nil))
	}
	for i := range f.Fields {
		c := &f.Fields[i]
		at := problem.Pointer("items", "properties", c.Key)
		if t, ok := find(columns, c.Type); ok {
			out = append(out, t.Check(c).At(at)...)
			if t.Computed && (c.Live || c.Search) { // rows are stored whole, and not searched
				setting := "live"
				if c.Search {
					setting = "search"
				}
				out = append(out, problem.New("unknown-setting", at+"/x-field/"+setting, problem.P{"setting": setting, "type": c.Type}))
			}
			continue
		}
		params := problem.P{"type": shown(c.Type)}
		if near := value.Nearest(c.Type, keys(columns)); near != "" {
			params["suggestion"] = near
		}
		out = append(out, problem.New("unknown-field-type", at+"/x-field/type", params))
	}
	return out
}
