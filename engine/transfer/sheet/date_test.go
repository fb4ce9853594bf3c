package sheet_test

import (
	"testing"
	"time"

	"formwork/engine/transfer/sheet"
)

func TestParseDate(t *testing.T) {
	for _, tc := range []struct {
		format   sheet.DateFormat
		in, want string // "" for refused
	}{
		{sheet.DateISO, "2018-01-05", "2018-01-05"},
		{sheet.DateISO, "2018-1-5", "2018-01-05"},
		{sheet.DateISO, " ２０１８-01-05 ", "2018-01-05"},
		{sheet.DateISO, "2018-01-05T14:30", "2018-01-05T14:30:00"},
		{sheet.DateISO, "2018-01-05 14:30:07.250Z", "2018-01-05T14:30:07.25Z"},
		{sheet.DateISO, "2018-01-05T14:30:07+0800", "2018-01-05T14:30:07+08:00"},
		{sheet.DateISO, "2018-01-05T14:30:07 -05:30", "2018-01-05T14:30:07-05:30"},
		{sheet.DateISO, "2018-02-29", ""}, {sheet.DateISO, "2016-02-29", "2016-02-29"},
		{sheet.DateISO, "2018-13-01", ""}, {sheet.DateISO, "18-01-05", ""}, {sheet.DateISO, "2018-01-05x", ""},
		{sheet.DateISO, "2018-01-05 25:00", ""}, {sheet.DateISO, "2018-01-0514:30", ""}, {sheet.DateISO, "2018/01/05", ""},
		{sheet.DateYMDSlash, "2018/1/5", "2018-01-05"}, {sheet.DateYMDSlash, "2018/1/5 9:05", "2018-01-05T09:05:00"},
		{sheet.DateYMDDot, "2018.1.5", "2018-01-05"},
		{sheet.DateChinese, "2018年1月5日", "2018-01-05"}, {sheet.DateChinese, "2018 年 1 月 5 日", "2018-01-05"},
		{sheet.DateChinese, "2018年1月5日14时30分", "2018-01-05T14:30:00"}, {sheet.DateChinese, "2018年1月5日 下午2:30:05", "2018-01-05T14:30:05"},
		{sheet.DateChinese, "2018年1月5日14时30分05秒", "2018-01-05T14:30:05"},
		{sheet.DateDMYSlash, "13/1/2018", "2018-01-13"}, {sheet.DateDMYSlash, "1/13/2018", ""},
		{sheet.DateMDYSlash, "1/13/2018", "2018-01-13"}, {sheet.DateMDYSlash, "1/5/2018 3:04 PM", "2018-01-05T15:04:00"},
		{sheet.DateMDYSlash, "1/5/2018 12:04 am", "2018-01-05T00:04:00"}, {sheet.DateMDYSlash, "1/5/2018 13:04 PM", ""},
		{sheet.DateMDYSlash, "1/5/20185", ""},
		{sheet.DateDMYDot, "5.1.2018", "2018-01-05"},
		{sheet.DateDMonY, "5-Jan-2018", "2018-01-05"}, {sheet.DateDMonY, "05 January 2018", "2018-01-05"}, {sheet.DateDMonY, "5-Foo-2018", ""},
		{sheet.DateMonDY, "Jan 5, 2018", "2018-01-05"}, {sheet.DateMonDY, "September 30 2018", "2018-09-30"}, {sheet.DateMonDY, "Sept. 30, 2018", "2018-09-30"},
		{sheet.DateCompact, "20180105", "2018-01-05"}, {sheet.DateCompact, "20181305", ""}, {sheet.DateCompact, "2018015", ""},
		{sheet.DateCompact, "20180105143007", "2018-01-05T14:30:07"}, {sheet.DateCompact, "20180105 1430", "2018-01-05T14:30:00"},
		{sheet.DateSerial, "43105", "2018-01-05"}, {sheet.DateSerial, "43105.5", "2018-01-05T12:00:00"}, {sheet.DateSerial, "60", ""},
		{sheet.DateSerial, "-1", ""}, {sheet.DateSerial, "99999999", ""},
	} {
		d, ok := sheet.ParseDate(tc.in, tc.format)
		if ok != (tc.want != "") || d.Text != tc.want {
			t.Errorf("%s as %s: %q %v, want %q", tc.in, tc.format, d.Text, ok, tc.want)
		}
	}
}

func settle(values ...string) sheet.DateVerdict {
	s := sheet.NewDateSettler()
	for i, v := range values {
		s.Add(i+2, sheet.Cell{Text: v, Kind: sheet.KindText})
	}
	return s.Verdict()
}

func TestDateSettler(t *testing.T) {
	if f, ok := settle("11/8/2018", "11/13/2018", "").Settled(); !ok || f != sheet.DateMDYSlash {
		t.Errorf("one value above twelve settles: %s %v", f, ok)
	}
	v := settle("5/5/2018", "1/2/2018", "3/4/2018")
	if _, ok := v.Settled(); ok || len(v.Formats) != 2 {
		t.Fatalf("ambiguous: %+v", v)
	}
	if e := v.Example; e == nil || e.Row != 3 || e.Readings[sheet.DateDMYSlash] != "2018-02-01" || e.Readings[sheet.DateMDYSlash] != "2018-01-02" {
		t.Errorf("example %+v", e)
	}
	if _, ok := settle("5/5/2018", "6/6/2018").Settled(); !ok {
		t.Error("formats that read every value alike leave nothing to choose")
	}
	v = settle("13/1/2018", "1/13/2018", "14/1/2018", "soon")
	if _, ok := v.Settled(); ok || v.Best != sheet.DateDMYSlash || v.Rejected != 2 || len(v.Misfits) != 2 || v.Misfits[0] != (sheet.Misfit{Row: 3, Text: "1/13/2018"}) {
		t.Errorf("no format: %+v", v)
	}
	if v := settle("43105"); v.Best != "" || v.Rejected != 1 {
		t.Errorf("a serial is no date unless asked: %+v", v)
	}
	s := sheet.NewDateSettler(sheet.DateSerial)
	s.Add(2, sheet.Cell{Text: "43105", Kind: sheet.KindNumber})
	if f, ok := s.Verdict().Settled(); !ok || f != sheet.DateSerial {
		t.Errorf("a serial when asked: %s %v", f, ok)
	}
	s = sheet.NewDateSettler()
	s.Add(2, sheet.Cell{Text: "2018-01-05", Kind: sheet.KindDate})
	s.Add(3, sheet.Cell{Text: "5.1.2018", Kind: sheet.KindText})
	if v := s.Verdict(); v.Typed != 1 || len(v.Formats) != 1 || v.Formats[0] != sheet.DateDMYDot {
		t.Errorf("typed beside text: %+v", v)
	}
	if _, ok := sheet.NewDateSettler().Verdict().Settled(); ok {
		t.Error("nothing settles nothing")
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2018-01-05T14:30:07.250+08:00", "2018年1月5日下午2:30", "5-Jan-2018", "Jan 5, 2018 3:04 PM", "20180105143007", "1/2/2018", "43105.25", "2018-01-05 +"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, format := range append(sheet.DateFormats(), sheet.DateSerial) {
			d, ok := sheet.ParseDate(s, format)
			if !ok {
				continue
			}
			layout := time.DateOnly
			switch {
			case d.Zoned:
				layout = "2006-01-02T15:04:05Z07:00"
			case d.Kind == sheet.KindDateTime:
				layout = "2006-01-02T15:04:05"
			}
			if _, err := time.Parse(layout, d.Text); err != nil {
				t.Fatalf("%q as %s became %q", s, format, d.Text)
			}
		}
	})
}
