package automation

import (
	"formwork/engine/catalog"
	"formwork/engine/outbox"
)

// Cause is what set a run off.
type Cause struct {
	On     string         // the trigger's kind
	Form   string         // "app.form", "" for none
	Record string         // its id
	Rev    int64          // of the record after the change
	Before map[string]any // what expressions read of the record before the change
	At     string         // when it happened; of a timed trigger the moment that came
	Value  string         // of the date that came
	By     string         // the user behind it, "" for a clock
	Depth  int            // runs that led to it
	Run    string         // the run whose write it was
	Replay string         // the run that this one repeats
	Failed string         // the condition could not be computed: why
}

// runJob is the job of a run.
func runJob(a *catalog.Automation, c Cause) outbox.Job {
	j := outbox.Job{Kind: JobRun, Topic: a.Name}
	if c.Record != "" {
		j.Subject = c.Form + "/" + c.Record
		j.Queue = "record/" + j.Subject
	} else {
		j.Queue = "automation/" + a.Name
	}
	p := map[string]any{"automation": a.Name, "version": float64(a.Version), "hash": a.Hash, "on": c.On, "at": c.At}
	set := func(k, v string) {
		if v != "" {
			p[k] = v
		}
	}
	set("form", c.Form)
	set("record", c.Record)
	set("value", c.Value)
	set("by", c.By)
	set("run", c.Run)
	set("replay", c.Replay)
	set("failed", c.Failed)
	if c.Rev > 0 {
		p["rev"] = float64(c.Rev)
	}
	if c.Depth > 0 {
		p["depth"] = float64(c.Depth)
	}
	if len(c.Before) > 0 {
		p["before"] = c.Before
	}
	j.Payload = p
	return j
}

func causeOf(p map[string]any) Cause {
	s := func(k string) string { v, _ := p[k].(string); return v }
	n := func(k string) int64 { v, _ := p[k].(float64); return int64(v) }
	before, _ := p["before"].(map[string]any)
	return Cause{On: s("on"), Form: s("form"), Record: s("record"), Rev: n("rev"), Before: before, At: s("at"), Value: s("value"), By: s("by"),
		Depth: int(n("depth")), Run: s("run"), Replay: s("replay"), Failed: s("failed")}
}
