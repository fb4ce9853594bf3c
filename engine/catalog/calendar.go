package catalog

import (
	"fmt"
	"slices"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Calendar says which days people work. Immutable.
type Calendar struct {
	Def     *definition.Calendar
	weekend [7]bool // Monday first
	free    map[int64]bool
	worked  map[int64]bool
}

// maxDays bounds the days of one entry of a calendar, and how far workdays are looked for.
const maxDays = 3660

func (c *compiler) calendarOf(app string, def *definition.Calendar) *Calendar {
	out := &Calendar{Def: def, free: map[int64]bool{}, worked: map[int64]bool{}}
	weekend := def.Weekend
	if len(weekend) == 0 {
		weekend = []int{6, 7}
	}
	for _, d := range weekend {
		out.weekend[d-1] = true
	}
	pointer := at(app, definition.KindCalendar, def.Key)
	fill := func(into map[int64]bool, name string, list []definition.Days) {
		for i, d := range list {
			from, err := value.ParseDate(d.From)
			to := from
			if err == nil && d.To != "" {
				to, err = value.ParseDate(d.To)
			}
			if err != nil || to < from || to-from > maxDays {
				c.fail("wrong-days", fmt.Sprintf("%s/%s/%d", pointer, name, i), problem.P{"from": d.From, "to": d.To})
				continue
			}
			for day := from; day <= to; day++ {
				into[day] = true
			}
		}
	}
	fill(out.free, "holidays", def.Holidays)
	fill(out.worked, "workdays", def.Workdays)
	return out
}

// Works says whether a day (see value.DateOf) is worked.
func (c *Calendar) Works(day int64) bool {
	if c.worked[day] {
		return true
	}
	weekday := ((day+3)%7 + 7) % 7 // 1970-01-01 was a Thursday
	return !c.free[day] && !c.weekend[weekday]
}

// Add is the day that lies n workdays after one, or before it when n is negative. 0 is the day itself, worked or not. ok
// is false when there is none within ten years.
func (c *Calendar) Add(day int64, n int) (out int64, ok bool) {
	step := int64(1)
	if n < 0 {
		step, n = -1, -n
	}
	for i := 0; n > 0; i++ {
		if i > maxDays {
			return 0, false
		}
		if day += step; c.Works(day) {
			n--
		}
	}
	return day, true
}

func (a *App) calendar(key string) *Calendar {
	i := slices.IndexFunc(a.Calendars, func(c *Calendar) bool { return c.Def.Key == key })
	if i < 0 {
		return nil
	}
	return a.Calendars[i]
}
