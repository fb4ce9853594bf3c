package transfer

import (
	"strings"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/store"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

type zone = *time.Location

// name finds the names of the records that a page's relations point to, one question a form.
func (e *exporting) name(x *catalog.Field, rows []map[string]any) error {
	to := e.target(x)
	if to == nil || to.Title() == nil {
		return nil
	}
	names := e.names[to.Name]
	if names == nil {
		names = map[string]string{}
		e.names[to.Name] = names
	}
	var ask []string
	for _, r := range rows {
		if id, ok := r[x.Key].(string); ok {
			if _, known := names[id]; !known {
				names[id] = ""
				ask = append(ask, id)
			}
		}
	}
	if len(ask) == 0 {
		return nil
	}
	_, d, err := e.Records.Decision(e.ctx, e.caller, to.Name)
	if problem.KindOf(err) == problem.NotFound || err == nil && !d.Askable(to.Title().Key) {
		return nil // the reference stays nameless
	}
	if err != nil {
		return err
	}
	return e.Store.View(e.ctx, func(r store.Reader) error {
		docs, err := r.GetMany(e.ctx, to.Collection.Name, ask)
		for _, doc := range docs {
			if d.Covers(definition.Read, to.Columns, doc.Tree()) {
				data, _ := doc.Tree()["data"].(map[string]any)
				names[doc.ID] = plainText(data[to.Title().Key])
			}
		}
		return err
	})
}

// target is the form that a relation points to, a looked-up relation's too.
func (e *exporting) target(x *catalog.Field) *catalog.Form {
	if x.Relation != nil {
		return x.Relation
	}
	return e.Records.Catalog.Snapshot().Forms[catalog.Qualify(e.form.App, x.AsDef.Form)]
}

// cell writes a value as people read it.
func (e *exporting) cell(x *catalog.Field, v any) sheet.Cell {
	if e.d.Field(x.Key) == definition.Masked || v == nil {
		return sheet.Cell{Text: plainText(v), Kind: sheet.KindText}
	}
	switch v := v.(type) {
	case float64:
		return sheet.Cell{Text: value.Text(v), Kind: sheet.KindNumber}
	case bool:
		text := "false"
		if v {
			text = "true"
		}
		return sheet.Cell{Text: text, Kind: sheet.KindBool}
	case string:
		return e.text(x, v)
	case []any:
		return sheet.Cell{Text: e.list(x, v), Kind: sheet.KindText}
	}
	return sheet.Cell{Text: plainText(v), Kind: sheet.KindText}
}

func (e *exporting) text(x *catalog.Field, s string) sheet.Cell {
	switch x.As.Key {
	case "date":
		return sheet.Cell{Text: s, Kind: sheet.KindDate}
	case "datetime":
		if ms, err := value.ParseInstant(s); err == nil {
			return sheet.Cell{Text: time.UnixMilli(ms).In(e.zone).Format("2006-01-02T15:04:05"), Kind: sheet.KindDateTime}
		}
	case "user":
		name := ""
		if u := e.Org.Directory().Users[s]; u != nil {
			name = u.Name
		}
		return sheet.Cell{Text: name, Kind: sheet.KindText}
	case "department":
		name := ""
		if p := e.Org.Directory().Departments[s]; p != nil {
			name = p.Name
		}
		return sheet.Cell{Text: name, Kind: sheet.KindText}
	case "relation":
		name := ""
		if to := e.target(x); to != nil {
			name = e.names[to.Name][s]
		}
		return sheet.Cell{Text: name, Kind: sheet.KindText}
	}
	return sheet.Cell{Text: e.named(x, s), Kind: sheet.KindText}
}

// named is an option by its title, any other text as it is.
func (e *exporting) named(x *catalog.Field, s string) string {
	if title, ok := e.titles[x][s]; ok {
		return title
	}
	return s
}

// list joins options and files; rows of a sub-table are JSON.
func (e *exporting) list(x *catalog.Field, list []any) string {
	var out []string
	for _, v := range list {
		switch v := v.(type) {
		case string:
			out = append(out, e.named(x, v))
		case map[string]any:
			if name, ok := v["name"].(string); ok && (x.As.Key == "file" || x.As.Key == "image") {
				out = append(out, name)
				continue
			}
			return string(value.AppendJSON(nil, list))
		default:
			out = append(out, plainText(v))
		}
	}
	return strings.Join(out, ", ")
}

func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return value.Text(v)
	}
	return string(value.AppendJSON(nil, v))
}
