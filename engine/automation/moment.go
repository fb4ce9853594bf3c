package automation

import (
	"time"

	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// defaultHour is when a date without a time of day comes.
const defaultAt = "09:00"

const day = 24 * time.Hour

// moment is when an automation fires for a value of its field, a day or an instant as columns hold it. ok is false for what
// no calendar reaches.
func (e *Engine) moment(a *catalog.Automation, scalar int64) (t time.Time, ok bool) {
	zone := e.Zone()
	tr := &a.Def.Trigger
	span := tr.Offset
	whole := a.Field.Kind == query.Date || tr.At != "" // a whole day, at a time of day
	d, rest := scalar, time.Duration(0)
	if a.Field.Kind != query.Date {
		d = value.DayIn(scalar, zone)
		start := value.StartOfDay(d, zone)
		rest = time.Duration(scalar-start) * time.Millisecond
	}
	if span != nil {
		switch span.Unit {
		case "day":
			d += int64(span.Amount)
		case "week":
			d += 7 * int64(span.Amount)
		case "workday":
			if d, ok = a.Calendar.Add(d, span.Amount); !ok {
				return time.Time{}, false
			}
		}
	}
	if whole {
		at := tr.At
		if at == "" {
			at = defaultAt
		}
		clock, err := time.Parse("15:04", at)
		if err != nil {
			return time.Time{}, false
		}
		rest = time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	}
	t = wall(d, rest, zone)
	if span != nil {
		switch span.Unit {
		case "minute":
			t = t.Add(time.Duration(span.Amount) * time.Minute)
		case "hour":
			t = t.Add(time.Duration(span.Amount) * time.Hour)
		}
	}
	return t, true
}

// wall is when the clock of a zone shows a time on a day; where it never does, so much later.
func wall(d int64, rest time.Duration, zone *time.Location) time.Time {
	y, m, dd := time.UnixMilli(d * day.Milliseconds()).UTC().Date()
	return time.Date(y, m, dd, 0, 0, 0, int(rest), zone)
}

// bounds are the values of the field whose moments can lie between two times: a little more than those that do, but not
// so many more that looking costs.
func (e *Engine) bounds(a *catalog.Automation, from, until time.Time) (low, high int64) {
	back := time.Duration(0)
	slack := 2 * day // for times of day, and zones that change their clocks
	if span := a.Def.Trigger.Offset; span != nil {
		n := time.Duration(span.Amount)
		switch span.Unit {
		case "minute":
			back = n * time.Minute
		case "hour":
			back = n * time.Hour
		case "day":
			back = n * day
		case "week":
			back = 7 * n * day
		case "workday":
			back = n * day
			if n < 0 {
				n = -n
			}
			slack += 2*n*day + 30*day // weekends and the longest holidays
		}
	}
	if a.Field.Kind == query.Instant && a.Def.Trigger.At == "" && slack == 2*day {
		slack = 2 * time.Hour
	}
	low, high = from.Add(-back-slack).UnixMilli(), until.Add(-back+slack).UnixMilli()
	if a.Field.Kind == query.Date {
		zone := e.Zone()
		return value.DayIn(low, zone), value.DayIn(high, zone)
	}
	return low, high
}

// scalarOf is the value of the field in a stored record; ok is false where it is empty.
func scalarOf(a *catalog.Automation, d *store.Doc) (int64, bool) {
	n, ok := a.Field.Of(d.Tree()).(int64)
	return n, ok
}

// spelt is a value of the field as text.
func spelt(a *catalog.Automation, scalar int64) string {
	if a.Field.Kind == query.Date {
		return value.FormatDate(scalar)
	}
	return value.FormatInstant(scalar)
}

// lateBy is how long a moment may have gone by when its date is written: a date further back is history, not a deadline.
const lateBy = day

// late says whether a write sets a date whose moment has come already, so that no looking ahead will find it.
func (e *Engine) late(a *catalog.Automation, ev *record.Event) (at time.Time, spelled string, due bool) {
	if ev.After.Deleted || a.Field == nil || ev.Verb == record.Restore {
		return time.Time{}, "", false
	}
	n, ok := scalarOf(a, ev.After)
	if !ok {
		return time.Time{}, "", false
	}
	if ev.Before != nil {
		if was, had := scalarOf(a, ev.Before); had && was == n {
			return time.Time{}, "", false
		}
	}
	at, ok = e.moment(a, n)
	if !ok || at.After(ev.Now) || !at.After(ev.Now.Add(-lateBy)) {
		return time.Time{}, "", false
	}
	return at, spelt(a, n), e.matches(a, ev.Form, ev.After, ev.Now)
}
