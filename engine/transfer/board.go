package transfer

import (
	"context"
	"io"
	"time"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/transfer/sheet"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// boardWords are what a dashboard's file says beside titles of definitions.
var boardWords = map[string]map[string]string{
	"en": {"about": "About", "dashboard": "Dashboard", "period": "Period", "all": "All time", "department": "Department", "made": "Made on", "by": "By",
		"target": "Target", "before": "before", "count": "Count", "problem": "No figures"},
	"zh-CN": {"about": "说明", "dashboard": "仪表盘", "period": "周期", "all": "全部时间", "department": "部门", "made": "导出时间", "by": "导出人",
		"target": "目标", "before": "对比期", "count": "数量", "problem": "没有数据"},
}

// boarding is one dashboard on its way into a file.
type boarding struct {
	*Transfer
	app    *catalog.App
	locale string
	words  map[string]string
	book   *sheet.BookWriter
}

// ExportBoard writes a dashboard as the caller sees it: a sheet that says what it is, and one for each card. It is computed
// before the file begins, so that what is wrong with the question is an error and not half a file.
func (t *Transfer) ExportBoard(ctx context.Context, c record.Caller, app, key string, p record.BoardParams, locale string, w io.Writer) error {
	board, err := t.Records.Board(ctx, c, app, key, p)
	if err != nil {
		return err
	}
	words, ok := boardWords[locale]
	if !ok {
		words = boardWords["en"]
	}
	e := boarding{Transfer: t, app: t.Records.Catalog.Snapshot().Apps[app], locale: locale, words: words}
	if e.book, err = sheet.NewBookWriter(w); err != nil {
		return err
	}
	if err := e.about(c, board, p); err != nil {
		return err
	}
	for i := range board.Cards {
		if err := e.card(&board.Def.Cards[i], board.Cards[i]); err != nil {
			return err
		}
	}
	return e.book.Close()
}

// BoardTitle is what a dashboard is called in a language.
func BoardTitle(d *definition.Dashboard, locale string) string {
	return titleOr(d.Title, d.Key, locale)
}

func titleOr(t definition.Text, otherwise, locale string) string {
	if s := t.In(locale); s != "" {
		return s
	}
	return otherwise
}

func plainCell(s string) sheet.Cell { return sheet.Cell{Text: s, Kind: sheet.KindText} }

func (e *boarding) about(c record.Caller, board record.Board, p record.BoardParams) error {
	out, err := e.book.Sheet(e.words["about"], []sheet.OutColumn{{Name: e.words["dashboard"], Width: 20}, {Name: BoardTitle(board.Def, e.locale), Width: 40}})
	if err != nil {
		return err
	}
	period := e.words["all"]
	if board.Span != nil {
		period = value.FormatDate(board.Span.From) + " – " + value.FormatDate(board.Span.To)
	}
	zone := c.Zone
	if zone == nil {
		zone = e.Records.Zone()
	}
	lines := [][2]string{{e.words["period"], period}}
	if d := e.Org.Directory().Departments[p.Department]; d != nil {
		lines = append(lines, [2]string{e.words["department"], d.Name})
	}
	lines = append(lines, [2]string{e.words["made"], e.Records.Now().In(zone).Format(time.DateTime)})
	if u := e.Org.Directory().Users[c.User]; u != nil {
		lines = append(lines, [2]string{e.words["by"], u.Name})
	}
	for _, l := range lines {
		if err := out.Write([]sheet.Cell{plainCell(l[0]), plainCell(l[1])}); err != nil {
			return err
		}
	}
	return nil
}

// boardColumn is a column of a card: a group or a figure.
type boardColumn struct {
	as     string
	before bool // of the period that the card compares with
	names  map[string]string
	format string
}

func (e *boarding) card(card *definition.Card, data record.CardData) error {
	columns, header := e.columns(card, data)
	if len(data.Problems) > 0 {
		out, err := e.book.Sheet(titleOr(card.Title, card.Key, e.locale), []sheet.OutColumn{{Name: e.words["problem"], Width: 60}})
		if err != nil {
			return err
		}
		for _, p := range data.Problems {
			if err := out.Write([]sheet.Cell{plainCell(e.Say(e.locale, p))}); err != nil {
				return err
			}
		}
		return nil
	}
	out, err := e.book.Sheet(titleOr(card.Title, card.Key, e.locale), header)
	if err != nil {
		return err
	}
	for i, row := range data.Rows {
		cells := make([]sheet.Cell, 0, len(header))
		for _, c := range columns {
			from := row
			if c.before {
				from = data.Previous[i]
			}
			cells = append(cells, c.cell(from[c.as]))
		}
		if data.Target != nil {
			cells = append(cells, sheet.Cell{Text: value.Text(*data.Target), Kind: sheet.KindNumber})
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

// columns are those of a card: its groups, its figures, those of the period before, the target.
func (e *boarding) columns(card *definition.Card, data record.CardData) (columns []boardColumn, header []sheet.OutColumn) {
	ask, _ := catalog.AskOf(card, "")
	f := e.Records.Catalog.Snapshot().Forms[data.Form]
	name := func(as string) string {
		if as == "count" {
			return titleOr(card.Titles[as], e.words["count"], e.locale)
		}
		return titleOr(card.Titles[as], as, e.locale)
	}
	add := func(c boardColumn, name string) {
		columns = append(columns, c)
		header = append(header, sheet.OutColumn{Name: name, Width: 18})
	}
	for _, g := range ask.GroupBy {
		names := map[string]string{}
		for id, n := range data.Labels[g.As] {
			names[id] = n
		}
		if x := optionsOf(f, g); x != nil {
			for _, o := range x.AsDef.Options {
				names[o.Value] = titleOr(o.Title, o.Value, e.locale)
			}
		}
		add(boardColumn{as: g.As, names: names}, name(g.As))
	}
	for _, m := range ask.Measures {
		add(boardColumn{as: m.As, format: card.Format[m.As]}, name(m.As)+unitOf(card.Format[m.As]))
	}
	if data.Then != nil {
		for _, m := range ask.Measures {
			add(boardColumn{as: m.As, before: true, format: card.Format[m.As]}, name(m.As)+unitOf(card.Format[m.As])+" ("+e.words["before"]+" "+
				value.FormatDate(data.Then.From)+" – "+value.FormatDate(data.Then.To)+")")
		}
	}
	if data.Target != nil {
		header = append(header, sheet.OutColumn{Name: e.words["target"], Width: 18})
	}
	return columns, header
}

// unitOf stands behind the name of a figure.
func unitOf(format string) string {
	if format == "percent" {
		return " (%)"
	}
	return ""
}

// optionsOf is the field whose options a group's values are; through a relation too.
func optionsOf(f *catalog.Form, g query.GroupBy) *catalog.Field {
	for f != nil {
		path := catalog.Path(g.Field)
		x := f.ByKey[path[0]]
		if x == nil || len(path) == 1 {
			return x
		}
		f, g.Field = x.Relation, g.Field[len(path[0])+1:]
	}
	return nil
}

func (c boardColumn) cell(v any) sheet.Cell {
	var hint sheet.Hint
	if c.format == "currency" {
		hint = sheet.HintCurrency
	}
	switch v := v.(type) {
	case nil:
		return sheet.Cell{Kind: sheet.KindEmpty}
	case string:
		if n, ok := c.names[v]; ok && n != "" {
			v = n
		}
		return plainCell(v)
	case float64:
		return sheet.Cell{Text: value.Text(v), Kind: sheet.KindNumber, Hint: hint}
	case bool:
		if v {
			return sheet.Cell{Text: "true", Kind: sheet.KindBool}
		}
		return sheet.Cell{Text: "false", Kind: sheet.KindBool}
	}
	return sheet.Cell{Text: string(value.AppendJSON(nil, v)), Kind: sheet.KindNumber, Hint: hint}
}
