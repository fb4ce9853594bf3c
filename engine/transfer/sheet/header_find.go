package sheet

import (
	"strconv"
	"strings"
)

// findHeader returns the index of the header in rows, or -1. It is the first row that is mostly filled, mostly with text,
// and no data: a row like "Ann, Paris, 12" above "Bob, Rome, 13" is data, and below data nothing is a header any more.
func findHeader(rows []Row, merges []Range) int {
	width := 0
	for _, r := range rows {
		width = max(width, filled(r))
	}
	for i, r := range rows {
		wide := filled(spread(r, merges))*2 > width && (filled(r) > 1 || width == 1)
		switch {
		case !wide:
		case i+1 < len(rows) && isData(r, rows[i+1]):
			return -1
		case headings(r)*2 > filled(r):
			if grouped(r, merges) {
				return i
			}
			return fuller(rows, i, width)
		default:
			return -1 // a full row of numbers: data has begun
		}
	}
	return -1
}

// fuller returns i, or the row below it that is the real header because rows[i] is but one more title, spread over cells.
// That takes much: a title above, a gap in rows[i], nothing but text down to a row without gaps, and below that a column
// that holds data where the row has a name.
func fuller(rows []Row, i, width int) int {
	const near = 3
	for j := i + 1; i > 0 && filled(rows[i]) < width && j <= i+near && j+1 < len(rows); j++ {
		if rows[j].Number != rows[j-1].Number+1 || !allText(rows[j]) {
			break
		}
		if filled(rows[j]) == width && headsData(rows[j+1:min(j+6, len(rows))]) {
			return j
		}
	}
	return i
}

// headsData: some column holds data in each of the rows.
func headsData(rows []Row) bool {
	for i := range rows[0].Cells {
		all := true
		for _, r := range rows {
			all = all && looksLikeData(r.Cell(i))
		}
		if all {
			return true
		}
	}
	return false
}

// isData: a column whose cell here is a number, a date or a yes, and the cell below as well. Years head columns.
func isData(r, below Row) bool {
	for i, c := range r.Cells {
		if looksLikeData(c) && looksLikeData(below.Cell(i)) && looksLikeYear(c) == looksLikeYear(below.Cell(i)) {
			return true
		}
	}
	return false
}

func looksLikeData(c Cell) bool {
	switch c.Kind {
	case KindEmpty, KindError:
		return false
	case KindText:
		s := normalise(c.Text)
		if _, ok := ParseNumber(s, PointDecimal); ok {
			return true
		}
		_, ok := anyDate(s)
		return ok
	}
	return true
}

func looksLikeYear(c Cell) bool {
	n, err := strconv.Atoi(strings.TrimSpace(c.Text))
	return err == nil && n >= 1900 && n <= 2200
}

func filled(r Row) int {
	n := 0
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" {
			n++
		}
	}
	return n
}

func texts(r Row) int {
	n := 0
	for _, c := range r.Cells {
		if strings.TrimSpace(c.Text) != "" && !looksLikeData(c) {
			n++
		}
	}
	return n
}

// headings counts texts, and years beside a text: "region, 2017, 2018".
func headings(r Row) int {
	n := texts(r)
	if n == 0 {
		return 0
	}
	for _, c := range r.Cells {
		if looksLikeYear(c) {
			n++
		}
	}
	return n
}

func allText(r Row) bool { return texts(r) == filled(r) }

// spread repeats a cell over the columns it is merged with.
func spread(r Row, merges []Range) Row {
	out := r
	copied := false
	for _, m := range merges {
		c := r.Cell(m.FirstColumn)
		if r.Number != m.FirstRow || c.Kind == KindEmpty || m.LastColumn == m.FirstColumn {
			continue
		}
		if !copied {
			out.Cells, copied = append([]Cell(nil), r.Cells...), true
		}
		for i := m.FirstColumn; i <= m.LastColumn && i < 1<<14; i++ {
			for len(out.Cells) <= i {
				out.Cells = append(out.Cells, Cell{Kind: KindEmpty})
			}
			out.Cells[i] = c
		}
	}
	return out
}

// grouped: some but not all of the row's cells are merged over several columns of this one row.
func grouped(r Row, merges []Range) bool {
	for _, m := range merges {
		if m.FirstRow == r.Number && m.LastRow == r.Number && m.LastColumn > m.FirstColumn && r.Cell(m.FirstColumn).Kind != KindEmpty {
			return true
		}
	}
	return false
}
