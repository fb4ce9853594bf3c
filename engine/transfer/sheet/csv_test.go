package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"formwork/engine/transfer/sheet"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestCSVRows(t *testing.T) {
	for _, tc := range []struct {
		name, in  string
		delimiter byte
		columns   string
		rows      string // number:cells (codes), a line each
	}{
		{"comma", "name,age\nAnn,12\nBob,13\n", ',', "name|age", "2:Ann|12\n3:Bob|13"},
		{"semicolon with decimal commas", "name;price\nAnn;1,5\nBob;2,5", ';', "name|price", "2:Ann|1,5\n3:Bob|2,5"},
		{"tab", "name\tnote\nAnn\ta, b\nBob\tc", '\t', "name|note", "2:Ann|a, b\n3:Bob|c"},
		{"pipe", "name|note\nAnn|x\nBob|y", '|', "name|note", "2:Ann|x\n3:Bob|y"},
		{"declared", "sep=;\r\nname;note\r\na,b;c\r\n", ';', "name|note", "2:a,b|c"},
		{"quoted line break counts as one row", "name,note\nAnn,\"a\nb \"\"c\"\"\"\nBob,d", ',', "name|note", "2:Ann|a\nb \"c\"\n3:Bob|d"},
		{"quoted delimiters do not vote", "name;note\n\"a,b,c\";1\n\"d,e,f\";2", ';', "name|note", "2:a,b,c|1\n3:d,e,f|2"},
		{"blank lines are counted", "name,note\n\n\nAnn,x\n,\nBob,y", ',', "name|note", "4:Ann|x\n6:Bob|y"},
		{"old line ends", "name,note\rAnn,x\rBob,y", ',', "name|note", "2:Ann|x\n3:Bob|y"},
		{"ragged", "a,b,c\n1,2\n1,2,3,4\n1,2,3,", ',', "a|b|c", "2:1|2 (short-row)\n3:1|2|3|4 (long-row)\n4:1|2|3|"},
		{"NUL", "name,note\nA\x00nn,x\nBob,y", ',', "name|note", "2:Ann|x (nul-removed)\n3:Bob|y"},
		{"text after a quote", "name,note\n\"Ann\" Lee,x\nBob,y", ',', "name|note", "2:Ann Lee|x (stray-quote)\n3:Bob|y"},
		{"broken UTF-8", "name,note\n" + strings.Repeat("张三,李四\n", 30) + "A\xffb,x", ',', "name|note", "32:A\uFFFDb|x (unreadable-character)"},
		{"text marks", "code,note\n\t0032,'=1+1\n'-5,'quoted'", ',', "code|note", "2:0032|=1+1\n3:-5|'quoted'"},
		{"one column", "name\nAnn\nBob", ',', "name", "2:Ann\n3:Bob"},
		{"title above", "Report of 2018,,\n,,\nname,age,city\nAnn,12,Rome\nBob,13,Oslo", ',', "name|age|city", "4:Ann|12|Rome\n5:Bob|13|Oslo"},
		{"names repaired", "name,,name,B\na,b,c,d", ',', "name|B (2)|name (2)|B", "2:a|b|c|d"},
		{"no header", "Ann,Paris,12\nBob,Rome,13\nCarl,Oslo,n/a", ',', "A|B|C", "1:Ann|Paris|12\n2:Bob|Rome|13\n3:Carl|Oslo|n/a"},
		{"years head columns", "region,2017,2018\nEast,5,6\nWest,7,8", ',', "region|2017|2018", "2:East|5|6\n3:West|7|8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := open(t, []byte(tc.in), "x.csv", sheet.Options{})
			s := b.Sheets()[0]
			if b.Delimiter != tc.delimiter {
				t.Errorf("delimiter %q, want %q", b.Delimiter, tc.delimiter)
			}
			if got := names(header(t, s)); got != tc.columns {
				t.Errorf("columns %q, want %q", got, tc.columns)
			}
			var lines []string
			for _, r := range rowsOf(t, s) {
				line := fmt.Sprintf("%d:%s", r.Number, texts(r))
				if c := codes(r); c != "" {
					line += " (" + c + ")"
				}
				lines = append(lines, line)
			}
			if got := strings.Join(lines, "\n"); !strings.HasSuffix(got, tc.rows) {
				t.Errorf("rows\n%s\nwant\n%s", got, tc.rows)
			}
		})
	}
}

func TestCSVErrors(t *testing.T) {
	long := strings.Repeat("字", 40)
	for _, tc := range []struct {
		name, in string
		opts     sheet.Options
		code     sheet.Code
		row      int
	}{
		{"empty", "", sheet.Options{}, sheet.CodeEmpty, 0},
		{"white space", "\n \n", sheet.Options{}, sheet.CodeEmpty, 0},
		{"unclosed quote", "a,b\n1,2\n3,\"4\n5,6\n", sheet.Options{}, sheet.CodeUnclosedQuote, 3},
		{"long cell", "a,b\n1," + long, sheet.Options{MaxCell: 39}, sheet.CodeCellTooLong, 2},
		{"columns", "a,b,c,d\n", sheet.Options{MaxColumns: 3}, sheet.CodeTooManyColumns, 1},
		{"rows", "a,b\n1,2\n3,4\n", sheet.Options{MaxRows: 2}, sheet.CodeTooManyRows, 3},
		{"bytes", "a,b\n1,2\n3,4\n", sheet.Options{MaxBytes: 4}, sheet.CodeTooLarge, 0},
		{"web page", "\n<html><table><tr><td>1", sheet.Options{}, sheet.CodeUnsupported, 0},
		{"pdf", "%PDF-1.4", sheet.Options{}, sheet.CodeUnsupported, 0},
		{"binary", "ab\x01\x02\x03\x04\x05", sheet.Options{}, sheet.CodeUnsupported, 0},
		{"encoding", "a,b", sheet.Options{Encoding: "utf-7"}, sheet.CodeUnknownEncoding, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := drain([]byte(tc.in), "x.csv", tc.opts)
			e, ok := err.(*sheet.Error)
			if !ok || e.Code != tc.code || e.Row != tc.row {
				t.Errorf("got %v, want %s in row %d", err, tc.code, tc.row)
			}
		})
	}
}

// drain reads all of a file and returns the first error.
func drain(data []byte, name string, opts sheet.Options) error {
	b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), name, opts)
	if err != nil {
		return err
	}
	for _, s := range b.Sheets() {
		for _, err := range s.Rows() {
			if err != nil {
				return err
			}
		}
		if _, err := s.Merges(); err != nil {
			return err
		}
	}
	return nil
}

func TestEncodings(t *testing.T) {
	simple := "客户名称,联系人,金额\n北京华为技术有限公司,张三,100\n深圳腾讯,李四,200\n"
	traditional := "公司名稱,聯絡人,金額\n臺灣水泥股份有限公司,張三,100\n亞洲水泥,李四,200\n"
	encode := func(s string, f func(string) (string, error)) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, tc := range []struct {
		name, in, want string
		encoding       sheet.Encoding
	}{
		{"utf-8", simple, simple, sheet.UTF8},
		{"utf-8 mark", "\ufeff" + simple, simple, sheet.UTF8},
		{"gb18030", encode(simple, simplifiedchinese.GB18030.NewEncoder().String), simple, sheet.GB18030},
		{"gbk", encode(simple, simplifiedchinese.GBK.NewEncoder().String), simple, sheet.GB18030},
		{"gbk far down", strings.Repeat("a,b,c\n", 20000) + encode(simple, simplifiedchinese.GBK.NewEncoder().String), simple, sheet.GB18030},
		{"big5", encode(traditional, traditionalchinese.Big5.NewEncoder().String), traditional, sheet.Big5},
		{"utf-16le mark", encode(simple, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), simple, sheet.UTF16LE},
		{"utf-16be mark", encode(simple, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String), simple, sheet.UTF16BE},
		{"utf-16le bare", encode("name,city,x\nAnn,Rome,1\n", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String), "name,city,x\nAnn,Rome,1\n", sheet.UTF16LE},
		{"western", "name,city\nJos\xe9,M\xfcnchen\nZo\xeb,K\xf6ln\n", "name,city\nJosé,München\nZoë,Köln\n", sheet.Windows1252},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := open(t, []byte(tc.in), "x.csv", sheet.Options{HeaderRow: sheet.NoHeader})
			if b.Encoding != tc.encoding {
				t.Errorf("encoding %s, want %s", b.Encoding, tc.encoding)
			}
			var got strings.Builder
			for _, r := range rowsOf(t, b.Sheets()[0]) {
				got.WriteString(strings.ReplaceAll(texts(r), "|", ",") + "\n")
			}
			if !strings.HasSuffix(got.String(), tc.want) {
				t.Errorf("read\n%.200s\nwant\n%s", got.String(), tc.want)
			}
		})
	}
}

func TestHeaderByHand(t *testing.T) {
	b := open(t, []byte("x,y\nname,age\nAnn,12\n"), "x.csv", sheet.Options{})
	s := b.Sheets()[0].WithHeader(2)
	if h := header(t, s); h.Row != 2 || names(h) != "name|age" {
		t.Errorf("header %+v", h)
	}
	if rows := rowsOf(t, s); len(rows) != 1 || rows[0].Number != 3 {
		t.Errorf("rows %+v", rows)
	}
	if h := header(t, s.WithHeader(9)); h.Row != 9 || len(rowsOf(t, s.WithHeader(9))) != 0 {
		t.Errorf("a header below everything: %+v", h)
	}
	if rows := rowsOf(t, s.WithHeader(sheet.NoHeader)); len(rows) != 3 {
		t.Errorf("%d rows without a header", len(rows))
	}
}

func TestJSONLines(t *testing.T) {
	in := "{\"name\":\"张三\",\"age\":12.50,\"ok\":true}\n\n{\"tags\":[1, 2],\"name\":null,\"id\":123456789012345678}\n"
	b := open(t, []byte(in), "x.jsonl", sheet.Options{})
	if b.Format != sheet.JSONL {
		t.Fatal(b.Format)
	}
	s := b.Sheets()[0]
	if got := names(header(t, s)); got != "name|age|ok|tags|id" {
		t.Errorf("columns %s", got)
	}
	rows := rowsOf(t, s)
	if len(rows) != 2 || texts(rows[0]) != "张三|12.5|true" || texts(rows[1]) != "|||[1,2]|123456789012345678" || rows[1].Number != 3 {
		t.Errorf("rows %+v", rows)
	}
	for _, bad := range []string{"{\"a\":1}\n{\"a\":", "{\"a\":1}\n[1]", "{\"a\":1}\n{\"a\":1}x"} {
		err := drain([]byte(bad), "x.jsonl", sheet.Options{})
		if e, ok := err.(*sheet.Error); !ok || e.Code != sheet.CodeBadJSON || e.Row != 2 {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\n", "\xff\xfea\x00,\x00b\x00", "a;b\n\"1;2\";3", "\xef\xbb\xbfa\tb", "sep=;\n1;2", "sep=,", "{\"a\":1}\n{}", "\xb0\xa1,\xb0\xa2\n", "\r\r\n\"\"\"", "a,\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := sheet.Open(bytes.NewReader(data), int64(len(data)), "x.csv", sheet.Options{})
		if err != nil {
			if sheet.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		s := b.Sheets()[0]
		last := 0
		for r, err := range s.All() {
			if err != nil {
				if sheet.CodeOf(err) == "" {
					t.Fatalf("an error without a code: %v", err)
				}
				return
			}
			if r.Number <= last {
				t.Fatalf("row %d after %d", r.Number, last)
			}
			last = r.Number
		}
		h, err := s.Header()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sheet.Profile(h.Columns, s.Rows(), sheet.ProfileOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}
