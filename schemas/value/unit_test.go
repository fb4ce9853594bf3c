package value

import "testing"

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		unit                   Unit
		day, floor, next, name string
	}{
		{Year, "2017-12-31", "2017-01-01", "2018-01-01", "2017"}, {Year, "0001-06-01", "0001-01-01", "0002-01-01", "0001"}, {Quarter, "2017-03-31", "2017-01-01", "2017-04-01", "2017-Q1"},
		{Quarter, "2017-12-01", "2017-10-01", "2018-01-01", "2017-Q4"}, {Month, "2016-02-29", "2016-02-01", "2016-03-01", "2016-02"}, {Month, "2017-12-31", "2017-12-01", "2018-01-01", "2017-12"},
		{Week, "2017-03-01", "2017-02-27", "2017-03-06", "2017-W09"}, {Week, "2017-01-01", "2016-12-26", "2017-01-02", "2016-W52"}, {Week, "2016-01-03", "2015-12-28", "2016-01-04", "2015-W53"},
		{Week, "2014-12-29", "2014-12-29", "2015-01-05", "2015-W01"}, {Week, "2018-12-31", "2018-12-31", "2019-01-07", "2019-W01"}, {Week, "2021-01-03", "2020-12-28", "2021-01-04", "2020-W53"}, {Week, "1969-12-31", "1969-12-29", "1970-01-05", "1970-W01"},
		{Day, "2017-03-01", "2017-03-01", "2017-03-02", "2017-03-01"}, {Day, "2016-02-28", "2016-02-28", "2016-02-29", "2016-02-28"},
	} {
		n, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if f, x, l := FormatDate(c.unit.Floor(n)), FormatDate(c.unit.Next(n)), c.unit.Label(n); f != c.floor || x != c.next || l != c.name {
			t.Errorf("%s of %s: from %s to %s, %s; want %s to %s, %s", c.unit, c.day, f, x, l, c.floor, c.next, c.name)
		}
		if !c.unit.Valid() {
			t.Errorf("%s is a unit", c.unit)
		}
	}
	if Unit("").Valid() || Unit("hour").Valid() {
		t.Error("no units")
	}
}

// TestUnitsTile: units follow each other without gap, and a label names exactly one of them.
func TestUnitsTile(t *testing.T) {
	for _, u := range []Unit{Year, Quarter, Month, Week, Day} {
		seen := map[string]bool{}
		for d := u.Floor(DateOf(1960, 1, 1)); d < DateOf(2040, 1, 1); d = u.Next(d) {
			last := u.Next(d) - 1
			if u.Floor(d) != d || u.Floor(last) != d || u.Label(d) != u.Label(last) || seen[u.Label(d)] {
				t.Fatalf("%s: %s to %s, labels %s and %s", u, FormatDate(d), FormatDate(last), u.Label(d), u.Label(last))
			}
			seen[u.Label(d)] = true
		}
	}
}

func TestUnitAdd(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		day  string
		n    int
		want string
	}{
		{Month, "2017-01-31", 1, "2017-02-28"}, {Month, "2016-01-31", 1, "2016-02-29"}, {Month, "2017-03-31", -1, "2017-02-28"}, {Month, "2017-12-15", 1, "2018-01-15"}, {Month, "2017-01-15", -1, "2016-12-15"}, {Month, "2017-01-15", -13, "2015-12-15"},
		{Year, "2016-02-29", 1, "2017-02-28"}, {Year, "2016-02-29", 4, "2020-02-29"}, {Quarter, "2017-11-30", 1, "2018-02-28"}, {Week, "2017-01-01", -1, "2016-12-25"}, {Day, "2017-01-01", -1, "2016-12-31"}, {Month, "2017-05-31", 0, "2017-05-31"},
	} {
		n, _ := ParseDate(c.day)
		if got := FormatDate(c.unit.Add(n, c.n)); got != c.want {
			t.Errorf("%s and %d %ss is %s, want %s", c.day, c.n, c.unit, got, c.want)
		}
	}
}
