package automation_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"formwork/engine"
	"formwork/engine/store"
)

// until moves the clock in some steps and lets timers look, until a time.
func (r *rig) until(s string) {
	r.Helper()
	before := r.now()
	r.clock(s)
	end := r.now()
	for at := before; at.Before(end); at = at.Add(max(10*time.Minute, end.Sub(before)/24)) {
		r.clock(at.Format("2006-01-02T15:04:05.000Z"))
		r.drain()
	}
	r.clock(s)
	r.drain()
}

func TestDates(t *testing.T) {
	onEachStore(t, func(r *rig) {
		old := r.create("order", object{"name": "old", "due": "2026-03-01"})
		r.automate(`"form":"order","trigger":{"on":"date","field":"due","offset":{"amount":-1,"unit":"day"},"at":"09:30"},"when":{"expr":"record.total != 13"},` + noteIt)
		a := r.create("order", object{"name": "a", "due": "2026-03-04"})
		r.create("order", object{"name": "b", "due": "2026-03-05"})
		r.create("order", object{"name": "never", "due": "2026-03-04", "total": 13})
		gone := r.create("order", object{"name": "gone", "due": "2026-03-04"})
		r.until("2026-03-03T09:29:00.000Z")
		r.wants("before the time", r.all("line", "text"), "")
		r.update("order", a, object{"due": "2026-03-06"}) // moves the deadline
		r.update("order", gone, object{"due": nil})
		r.until("2026-03-03T09:40:00.000Z")
		r.wants("at the time", r.all("line", "text"), "")
		r.until("2026-03-04T10:00:00.000Z")
		r.wants("b's day", r.all("line", "text"), "b")
		r.until("2026-03-05T10:00:00.000Z")
		r.wants("a's new day", r.all("line", "text"), "b a")
		r.update("order", a, object{"due": "2026-03-20"})
		r.update("order", a, object{"due": "2026-03-06"}) // and back: it has fired for that
		r.until("2026-03-05T11:00:00.000Z")
		r.wants("back to a day that has fired", r.all("line", "text"), "b a")
		r.update("order", old, object{"due": "2026-03-06"}) // its moment was an hour and a half ago
		r.drain()
		r.wants("a date written late", r.all("line", "text"), "b a old")
		r.update("order", old, object{"due": "2026-02-01"})
		r.until("2026-03-05T12:00:00.000Z")
		r.wants("history", r.all("line", "text"), "b a old")
	})
}

// Publishing fires for the past only as far as it is asked to.
func TestPast(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.create("order", object{"name": "long ago", "due": "2026-02-01"})
		r.create("order", object{"name": "lately", "due": "2026-02-27"})
		r.automate(`"form":"order","trigger":{"on":"date","field":"due","past":10},` + noteIt)
		r.until("2026-03-02T08:10:00.000Z")
		r.wants("lines", r.all("line", "text"), "lately")
	})
}

func TestDateTimesAndWorkdays(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"date","field":"at","offset":{"amount":-30,"unit":"minute"}},` + noteIt)
		r.create("order", object{"name": "soon", "at": "2026-03-02T09:00:00Z"})
		r.until("2026-03-02T08:20:00.000Z")
		r.wants("too early", r.all("line", "text"), "")
		r.until("2026-03-02T08:31:00.000Z")
		r.wants("half an hour before", r.all("line", "text"), "soon")
		r.clear("line")

		r.clock("2026-09-29T12:00:00.000Z")
		r.automate(`"form":"order","trigger":{"on":"date","field":"due","offset":{"amount":2,"unit":"workday"},"calendar":"cn"},` + noteIt)
		r.create("order", object{"name": "golden", "due": "2026-09-30"}) // the 8th is the first workday, the 9th the second
		r.until("2026-10-09T08:50:00.000Z")
		r.wants("not over the holidays", r.all("line", "text"), "")
		r.until("2026-10-09T09:10:00.000Z")
		r.wants("the second workday", r.all("line", "text"), "golden")
	})
}

func TestIdle(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"idle","field":"at","offset":{"amount":3,"unit":"day"},"filter":{"field":"stage","op":"eq","value":"new"}},` + noteIt)
		a := r.create("order", object{"name": "a", "at": "2026-03-02T07:00:00Z"})
		r.create("order", object{"name": "never spoken to"})
		r.create("order", object{"name": "lost", "stage": "new"})
		r.create("order", object{"name": "b", "at": "2026-03-02T07:30:00Z"})
		r.until("2026-03-04T12:00:00.000Z")
		r.update("order", a, object{"at": "2026-03-04T12:00:00Z"}) // something happened
		r.until("2026-03-05T07:50:00.000Z")
		r.wants("three days after the last time", r.all("line", "text"), "b")
		r.until("2026-03-05T08:10:00.000Z")
		r.wants("three days after it was made", r.all("line", "text"), "b never spoken to lost")
		r.until("2026-03-07T12:10:00.000Z")
		r.wants("three days after the last time again", r.all("line", "text"), "b never spoken to lost a")
	})
}

// lines counts what a schedule did.
func (r *rig) lines() int {
	if s := r.all("line", "text"); s != "" {
		return len(strings.Fields(s))
	}
	return 0
}

func TestSchedules(t *testing.T) {
	onEachStore(t, func(r *rig) {
		schedule := func(trigger string) {
			r.clear("line")
			r.automate(`"trigger":{"on":"schedule",` + trigger + `},"steps":[{"key":"c","type":"create","config":{"form":"line","data":{"text":"x"}}}]`)
		}
		schedule(`"cron":"0 9 * * 1-5","timezone":"Asia/Shanghai"`) // 01:00 UTC
		r.until("2026-03-03T00:50:00.000Z")
		r.wants("before", r.lines(), 0)
		r.until("2026-03-03T01:10:00.000Z")
		r.wants("at nine in Shanghai", r.lines(), 1)
		r.until("2026-03-09T01:10:00.000Z") // Wed, Thu, Fri, Mon
		r.wants("on weekdays", r.lines(), 5)
		r.clock("2026-03-20T12:00:00.000Z") // nothing ran for days
		r.drain()
		r.wants("missed ones once", r.lines(), 6)
		r.clock("2026-03-19T00:00:00.000Z") // put back
		r.until("2026-03-20T12:00:00.000Z")
		r.wants("a clock that was put back", r.lines(), 6)

		schedule(`"cron":"0 9 * * *","missed":"skip"`)
		r.clock("2026-03-25T12:00:00.000Z")
		r.drain()
		r.wants("missed ones left out", r.lines(), 0)
		r.until("2026-03-26T08:55:00.000Z")
		r.until("2026-03-26T09:05:00.000Z")
		r.wants("the next on time", r.lines(), 1)

		r.clock("2026-09-30T12:00:00.000Z")
		r.drain()
		schedule(`"cron":"0 9 * * *","calendar":"cn","days":"working"`)
		r.until("2026-10-12T10:00:00.000Z") // the 8th, 9th, 10th (made up for), 12th
		r.wants("on working days", r.lines(), 4)
	})
}

// Several processes that look at the same time fire once; one that comes back late makes up for nothing twice.
func TestTimersOfSeveralProcesses(t *testing.T) {
	onEachStore(t, func(r *rig) {
		r.automate(`"form":"order","trigger":{"on":"date","field":"at"},` + noteIt)
		for i := range 30 {
			r.create("order", object{"name": fmt.Sprint("o", i), "at": "2026-03-02T09:00:00Z"})
		}
		r.pass(2 * time.Hour)
		ctx, cancel := context.WithCancel(r.ctx)
		engines := []*engine.Engine{r.e, r.open(r.st), r.open(r.st)}
		done := make(chan error)
		for _, e := range engines {
			go func() { done <- e.Run(ctx) }()
		}
		for deadline := time.Now().Add(30 * time.Second); r.lines() < 30 && time.Now().Before(deadline); {
			for _, e := range engines {
				e.Outbox.Wake()
			}
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
		for range engines {
			if err := <-done; err != nil && err != store.ErrClosed {
				r.Error(err)
			}
		}
		r.drain()
		r.wants("runs", r.lines(), 30)
	})
}
