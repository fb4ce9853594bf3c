package sheet

import (
	"bufio"
	"path"
	"strings"
)

// sniffRecords is how many records the delimiter is judged by.
const sniffRecords = 100

// separatorLine reads the "sep=;" line by which a CSV tells Excel its delimiter; skip is its length.
func separatorLine(head string) (delimiter byte, skip int) {
	if len(head) < 5 || !strings.EqualFold(head[:4], "sep=") {
		return 0, 0
	}
	rest := head[5:]
	for _, eol := range []string{"\r\n", "\n", "\r"} {
		if strings.HasPrefix(rest, eol) {
			return head[4], 5 + len(eol)
		}
	}
	return 0, 0
}

// sniffDelimiter parses the head of the text with each delimiter and takes the one that cuts most records into the same
// number of cells; more cells win a tie, then the order below. Text that no delimiter cuts is one column (comma).
func sniffDelimiter(head, name string) byte {
	order := []byte{',', ';', '\t', '|'}
	if ext := strings.ToLower(path.Ext(name)); ext == ".tsv" || ext == ".tab" {
		order = []byte{'\t', ',', ';', '|'}
	}
	best, bestScore, bestWidth := order[0], 0.0, 0
	for _, d := range order {
		width, share := regularity(head, d)
		if width < 2 {
			continue
		}
		// Below a tenth of difference the number of columns speaks louder than a ragged row more or less.
		if share > bestScore+0.1 || share > bestScore-0.1 && width > bestWidth {
			best, bestScore, bestWidth = d, share, width
		}
	}
	return best
}

// regularity is the most frequent number of cells (above one, if any record has that) and the share of records with it.
func regularity(head string, delimiter byte) (width int, share float64) {
	p := &recordParser{in: bufio.NewReader(strings.NewReader(head)), delimiter: delimiter, maxColumns: 1 << 14, maxCell: len(head)}
	counts, total := map[int]int{}, 0
	for total < sniffRecords {
		rec, err := p.next()
		if err != nil {
			break // the end, or a quote that this delimiter does not close
		}
		if len(rec.cells) == 1 && strings.TrimSpace(rec.cells[0]) == "" {
			continue
		}
		counts[len(rec.cells)]++
		total++
	}
	for n, c := range counts {
		if n > 1 && (width == 0 || c > counts[width] || c == counts[width] && n > width) {
			width = n
		}
	}
	if total == 0 || width == 0 {
		return 1, 0
	}
	return width, float64(counts[width]) / float64(total)
}
