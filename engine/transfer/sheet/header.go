package sheet

import (
	"fmt"
	"strings"
)

// headerScan is how many rows are looked at to find the header.
const headerScan = 50

// Header is the row (or two) that names the columns.
type Header struct {
	Row     int // its row number; 0: the sheet has none
	Last    int // the last row of the header: Row, or Row+1 where merged cells group the names below them
	Columns []Column
}

// Column is one column of a sheet.
type Column struct {
	Index int    // 0-based
	Name  string // unique in the sheet, never empty: "Group / Title", "Title (2)", or the letters of the column
	Title string // as written, white space trimmed; may be empty or repeated
	Group string // of the merged cell above Title; "" without one
}

// Header finds the names of the columns. Titles above the header are skipped; a sheet whose first full row is data has no
// header (Row 0) and letters for names. Columns without a name are columns if they hold data in most rows looked at; a
// cell beyond them is reported with its row (long-row).
func (s *Sheet) Header() (Header, error) {
	if keys := s.src.keys(); keys != nil {
		titles := make([]string, len(keys))
		copy(titles, keys)
		return Header{Columns: nameColumns(titles, nil)}, nil
	}
	scan, err := s.scan()
	if err != nil {
		return Header{}, err
	}
	merges, err := s.src.merges()
	if err != nil {
		return Header{}, err
	}
	at := -1
	switch {
	case s.headerRow == 0:
		at = findHeader(scan, merges)
	case s.headerRow > 0:
		for i, r := range scan {
			if r.Number == s.headerRow {
				at = i
			}
		}
	}
	if at < 0 {
		width := 0
		for _, r := range scan {
			width = max(width, len(r.Cells))
		}
		h := Header{Columns: nameColumns(make([]string, width), nil)}
		if s.headerRow > 0 {
			h.Row, h.Last = s.headerRow, s.headerRow // chosen by hand, though it is empty
		}
		return h, nil
	}
	return buildHeader(scan, at, merges), nil
}

// scan reads the rows a header may be among, and some below a header that was set by hand.
func (s *Sheet) scan() ([]Row, error) {
	var scan []Row
	for row, err := range s.src.rows() {
		if err != nil {
			return nil, err
		}
		if row.Empty() {
			continue
		}
		if row.Number < s.headerRow {
			continue
		}
		if scan = append(scan, row); len(scan) == headerScan {
			break
		}
	}
	return scan, nil
}

func buildHeader(rows []Row, at int, merges []Range) Header {
	top := spread(rows[at], merges)
	width := dataWidth(rows[at+1:], len(top.Cells))
	titles, groups := make([]string, width), make([]string, width)
	for i := range titles {
		titles[i] = strings.Join(strings.Fields(top.Cell(i).Text), " ")
	}
	h := Header{Row: rows[at].Number, Last: rows[at].Number}
	if at+1 < len(rows) && isSubHeader(rows[at], rows[at+1], merges) {
		h.Last = rows[at+1].Number
		for i := range titles {
			if sub := strings.Join(strings.Fields(rows[at+1].Cell(i).Text), " "); sub != "" {
				groups[i], titles[i] = titles[i], sub
			}
		}
	}
	h.Columns = nameColumns(titles, groups)
	return h
}

// dataWidth extends the header by the columns that most of the rows below it fill.
func dataWidth(rows []Row, width int) int {
	var fills []int
	for _, r := range rows {
		for len(fills) < len(r.Cells) {
			fills = append(fills, 0)
		}
		for i, c := range r.Cells {
			if c.Kind != KindEmpty {
				fills[i]++
			}
		}
	}
	for i := width; i < len(fills); i++ {
		if fills[i]*2 > len(rows) {
			width = i + 1
		}
	}
	return width
}

// isSubHeader: the row below names the columns under merged cells, and only those.
func isSubHeader(top, below Row, merges []Range) bool {
	if below.Number != top.Number+1 || !grouped(top, merges) || !allText(below) {
		return false
	}
	under := map[int]bool{}
	for _, m := range merges {
		if m.FirstRow == top.Number && m.LastRow == top.Number && m.LastColumn > m.FirstColumn {
			for i := m.FirstColumn; i <= m.LastColumn && i < 1<<14; i++ {
				under[i] = true
			}
		}
	}
	for i, c := range below.Cells {
		if (c.Kind != KindEmpty) != under[i] {
			return false
		}
	}
	return true
}

func nameColumns(titles, groups []string) []Column {
	taken := map[string]bool{}
	columns := make([]Column, len(titles))
	// Names that are written go first, so that the letters given to a nameless column never take a name away.
	for _, nameless := range []bool{false, true} {
		for i, title := range titles {
			if (title == "") != nameless {
				continue
			}
			c := Column{Index: i, Title: title, Name: title}
			if groups != nil && groups[i] != "" {
				c.Group, c.Name = groups[i], groups[i]+" / "+title
			}
			if title == "" {
				c.Name = Letters(i)
			}
			c.Name = unique(c.Name, taken)
			taken[c.Name] = true
			columns[i] = c
		}
	}
	return columns
}

func unique(name string, taken map[string]bool) string {
	out := name
	for n := 2; taken[out]; n++ {
		out = fmt.Sprintf("%s (%d)", name, n)
	}
	return out
}
