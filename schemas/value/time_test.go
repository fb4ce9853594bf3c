package value

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestEveryDay: all days there are, in order, in both directions and against package time.
func TestEveryDay(t *testing.T) {
	first, last := DateOf(1, 1, 1), DateOf(9999, 12, 31)
	at, before := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), ""
	for days := first; days <= last; days++ {
		s := FormatDate(days)
		if back, err := ParseDate(s); err != nil || back != days {
			t.Fatalf("day %d is %s, which reads as %d, %v", days, s, back, err)
		}
		y, m, d := Civil(days)
		if ty, tm, td := at.Date(); y != ty || m != int(tm) || d != td || civil(y, m, d) != days {
			t.Fatalf("day %d is %d-%d-%d, want %s", days, y, m, d, at)
		}
		if s <= before || Weekday(days)%7 != int(at.Weekday()) {
			t.Fatalf("%s: after %s, weekday %d", s, before, Weekday(days))
		}
		if wy, ww := ISOWeek(days); days%7 == 0 {
			if ty, tw := at.ISOWeek(); wy != ty || ww != tw {
				t.Fatalf("%s: week %d-%d, want %d-%d", s, wy, ww, ty, tw)
			}
		}
		before, at = s, at.AddDate(0, 0, 1)
	}
	if before != "9999-12-31" {
		t.Fatalf("the last day is %s", before)
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{
		"", "2017-02-29", "1900-02-29", "2017-13-01", "2017-00-01", "2017-01-00", "2017-01-32", "2017-04-31", "0000-01-01", "2017-1-1", "17-01-01", "2017/01/01", "20170101", "2017-01-01 ", " 2017-01-01", "+017-01-01", "-001-01-01",
		"2017-01-0x", "２０１７-01-01", "2017-01-01T00:00:00Z", "10000-01-01",
	} {
		if n, err := ParseDate(s); !errors.Is(err, ErrTime) {
			t.Errorf("ParseDate(%q) = %d, %v", s, n, err)
		}
	}
	for s, want := range map[string]int64{"1970-01-01": 0, "1969-12-31": -1, "2016-02-29": 16860, "2000-02-29": 11016, "0001-01-01": -719162, "9999-12-31": 2932896} {
		if n, err := ParseDate(s); err != nil || n != want {
			t.Errorf("ParseDate(%s) = %d, %v; want %d", s, n, err, want)
		}
	}
}

func TestInstants(t *testing.T) {
	for s, want := range map[string]string{
		"2017-03-01T00:00:00Z": "2017-03-01T00:00:00.000Z", "2017-03-01T08:00:00+08:00": "2017-03-01T00:00:00.000Z", "2017-02-28T19:30:00.5-04:30": "2017-03-01T00:00:00.500Z", "2017-03-01T00:00:00.123999999Z": "2017-03-01T00:00:00.123Z",
		"1969-12-31T23:59:59.9999Z": "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z": "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z": "9999-12-31T23:59:59.999Z", "2016-02-29T23:59:59-00:00": "2016-02-29T23:59:59.000Z",
	} {
		ms, err := ParseInstant(s)
		if err != nil || FormatInstant(ms) != want {
			t.Errorf("%s is %s, %v; want %s", s, FormatInstant(ms), err, want)
		}
		if again, err := ParseInstant(want); err != nil || again != ms {
			t.Errorf("%s reads as %d, want %d", want, again, ms)
		}
	}
	for _, s := range []string{
		"", "2017-03-01", "2017-03-01T00:00:00", "2017-03-01T00:00Z", "2017-03-01 00:00:00Z", "2017-03-01T24:00:00Z", "2017-03-01T23:60:00Z", "2017-03-01T23:59:60Z", "2017-02-29T00:00:00Z", "2017-03-01T1:00:00.00Z",
		"2017-03-01T00:00:00,5Z", "2017-03-01T00:00:00+24:00", "2017-03-01T00:00:00+08:60", "2017-03-01T00:00:00+0800", "2017-03-01T00:00:00z", "2017-03-01t00:00:00Z", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-01:00",
		"0000-12-31T00:00:00Z", "2017-03-01T00:00:00 Z", "2017-03-01T00:00:00Zjunk",
	} {
		if ms, err := ParseInstant(s); !errors.Is(err, ErrTime) {
			t.Errorf("ParseInstant(%q) = %d, %v", s, ms, err)
		}
	}
}

func TestParseLocal(t *testing.T) {
	for _, c := range []struct{ zone, in, want string }{
		{"Asia/Shanghai", "2017-03-01 08:00", "2017-03-01T00:00:00.000Z"}, {"Asia/Shanghai", "2017-03-01T08:00:00.25", "2017-03-01T00:00:00.250Z"}, {"Asia/Shanghai", "2017-03-01T08:00:00+02:00", "2017-03-01T06:00:00.000Z"},
		// gaps: moved forward by what was skipped
		{"America/New_York", "2017-03-12T02:30", "2017-03-12T07:30:00.000Z"}, {"Europe/Berlin", "2017-03-26T02:30", "2017-03-26T01:30:00.000Z"}, {"America/Sao_Paulo", "2017-10-15T00:30", "2017-10-15T03:30:00.000Z"},
		{"Australia/Lord_Howe", "2017-10-01T02:15", "2017-09-30T15:45:00.000Z"}, {"Asia/Shanghai", "1988-04-17T02:30", "1988-04-16T18:30:00.000Z"},
		// overlaps: the first
		{"America/New_York", "2017-11-05T01:30", "2017-11-05T05:30:00.000Z"}, {"Europe/Berlin", "2017-10-29T02:30", "2017-10-29T00:30:00.000Z"}, {"Asia/Amman", "2017-10-27T00:30", "2017-10-26T21:30:00.000Z"},
		// the border of each
		{"America/New_York", "2017-03-12T01:59:59", "2017-03-12T06:59:59.000Z"}, {"America/New_York", "2017-03-12T03:00", "2017-03-12T07:00:00.000Z"}, {"America/New_York", "2017-11-05T00:59", "2017-11-05T04:59:00.000Z"}, {"America/New_York", "2017-11-05T02:00", "2017-11-05T07:00:00.000Z"},
	} {
		ms, err := ParseLocal(c.in, zone(t, c.zone))
		if err != nil || FormatInstant(ms) != c.want {
			t.Errorf("%s in %s is %s, %v; want %s", c.in, c.zone, FormatInstant(ms), err, c.want)
		}
	}
	for _, s := range []string{"", "2017-03-01", "2017-03-01T", "2017-03-01T8:00", "2017-03-01T08:00:00,5", "2017-02-29T08:00", "08:00", "2017-03-01T08:00 Z", "0001-01-01T00:00", "2017-03-01T25:00"} {
		if ms, err := ParseLocal(s, zone(t, "Asia/Shanghai")); !errors.Is(err, ErrTime) {
			t.Errorf("ParseLocal(%q) = %s, %v", s, FormatInstant(ms), err)
		}
	}
}

// TestStartOfDay: in many zones, every day of the years in which clocks changed: the millisecond before lies on another
// day, the first one on this day (or, of a day skipped whole, on the next).
func TestStartOfDay(t *testing.T) {
	for _, name := range []string{
		"UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Asia/Amman", "Asia/Beirut", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns", "Asia/Tehran", "Africa/Cairo", "Asia/Kathmandu",
		"America/Asuncion", "Atlantic/Azores", "America/Santiago", "America/Scoresbysund", "Antarctica/Troll",
	} {
		z := zone(t, name)
		for days := DateOf(2005, 1, 1); days < DateOf(2019, 1, 1); days++ {
			start := StartOfDay(days, z)
			if skipped := name == "Pacific/Apia" && days == DateOf(2011, 12, 30); DayIn(start, z) != days && !skipped {
				t.Fatalf("%s: %s begins at %s, which is on %s", name, FormatDate(days), FormatInstant(start), FormatDate(DayIn(start, z)))
			}
			if DayIn(start-1, z) >= days {
				t.Fatalf("%s: %s begins at %s, but the millisecond before is on %s", name, FormatDate(days), FormatInstant(start), FormatDate(DayIn(start-1, z)))
			}
		}
	}
	for _, c := range []struct{ zone, day, want string }{
		{"America/Sao_Paulo", "2017-10-15", "2017-10-15T03:00:00.000Z"}, {"Asia/Amman", "2017-10-27", "2017-10-26T21:00:00.000Z"}, {"America/Havana", "2017-11-05", "2017-11-05T04:00:00.000Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"}, {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"}, {"Asia/Shanghai", "2017-03-01", "2017-02-28T16:00:00.000Z"},
	} {
		days, err := ParseDate(c.day)
		if got := FormatInstant(StartOfDay(days, zone(t, c.zone))); err != nil || got != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

func TestDateOfCarries(t *testing.T) {
	if FormatDate(DateOf(2017, 14, 0)) != "2018-01-31" || FormatDate(DateOf(2017, 0, 31)) != "2016-12-31" || FormatDate(DateOf(1969, 12, 31)) != "1969-12-31" {
		t.Error("months and days out of range carry over")
	}
}
