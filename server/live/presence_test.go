package live

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

type hands struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hands) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hands) pass(d time.Duration) {
	h.mu.Lock()
	h.now = h.now.Add(d)
	h.mu.Unlock()
}

// here writes who is where short.
func here(people []Person) string {
	var out []string
	for _, p := range people {
		s := p.User + " " + p.State
		if p.Field != "" {
			s += " " + p.Field
		}
		if p.ID != "" {
			s += " at " + p.ID
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func beat(user, window, id, state, field string) Beat {
	return Beat{Place: Place{Form: "a.one", ID: id}, User: user, Name: user, Window: window, State: state, Field: field}
}

func TestWhoIsWhere(t *testing.T) {
	clock := &hands{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	p := NewPresence(NewHub(), clock.Now)
	at := func(id string) string { return here(p.At(Place{Form: "a.one", ID: id})) }
	p.Beat(beat("ann", "1", "x", Viewing, ""))
	clock.pass(time.Second)
	p.Beat(beat("bob", "1", "x", Editing, "name"))
	p.Beat(beat("ann", "2", "x", Editing, "cost"))
	p.Beat(beat("cid", "1", "", Viewing, ""))
	if got := at("x"); got != "bob editing name, ann editing cost" && got != "ann editing cost, bob editing name" {
		t.Errorf("at x: %s", got)
	}
	if got := at(""); !strings.Contains(got, "cid viewing") || !strings.Contains(got, "bob editing name at x") {
		t.Errorf("at the form: %s", got)
	}
	p.Beat(beat("ann", "2", "x", Left, ""))
	p.Beat(beat("bob", "1", "y", Viewing, "")) // goes elsewhere
	p.Beat(beat("bob", "1", "x", Left, ""))    // and that he left comes late
	if got := at("x"); got != "ann viewing" {
		t.Errorf("at x: %s", got)
	}
	clock.pass(seatFor - time.Second)
	p.Beat(beat("bob", "1", "y", Viewing, ""))
	clock.pass(2 * time.Second)
	if got := at(""); got != "bob viewing at y" {
		t.Errorf("after half a minute: %s", got)
	}
	since := p.At(Place{"a.one", "y"})[0].Since
	p.Beat(beat("bob", "1", "y", Editing, "name"))
	if again := p.At(Place{"a.one", "y"})[0].Since; again != since {
		t.Errorf("since %s, then since %s", since, again)
	}
	for i := range maxOwn + 5 {
		clock.pass(time.Millisecond)
		p.Beat(beat("dan", fmt.Sprint(i), fmt.Sprint("d", i), Viewing, ""))
	}
	p.mu.Lock()
	if n := len(p.seats); n != maxOwn+1 {
		t.Errorf("%d windows", n)
	}
	p.mu.Unlock()
	p.leave("dan")
	if got := at(""); got != "bob editing name at y" {
		t.Errorf("without dan: %s", got)
	}
}

// TestPresenceIsForThoseAround: and tells nobody more than they may know.
func TestPresenceIsForThoseAround(t *testing.T) {
	clock := &hands{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h := NewHub()
	p := NewPresence(h, clock.Now)
	who := func(user string, sees bool) Who {
		return Who{User: user, MayRead: only("a.one"), MaySee: func(_, id string) bool { return sees }, Hides: func(_, field string) bool { return field == "cost" && user != "ann" }}
	}
	ann, _ := read(h, who("ann", true), time.Hour, time.Hour)
	bob, _ := read(h, who("bob", true), time.Hour, time.Hour)
	cid, _ := read(h, who("cid", false), time.Hour, time.Hour)
	dan, _ := read(h, who("dan", true), time.Hour, time.Hour) // is nowhere
	p.Beat(beat("ann", "", "x", Viewing, ""))
	p.Beat(beat("cid", "", "", Viewing, ""))
	p.Beat(beat("bob", "", "x", Viewing, ""))
	p.Beat(beat("bob", "", "x", Viewing, "")) // nothing new
	p.Beat(beat("ann", "", "x", Editing, "cost"))
	h.Published(1)
	lines := func(from chan string) (out []string) {
		for {
			l := <-from
			if strings.HasPrefix(l, "event: catalog") {
				return out
			}
			out = append(out, l)
		}
	}
	if got := lines(ann); len(got) != 4 || !strings.Contains(got[3], `"id":"x","people":[{"user":"ann","name":"ann","state":"editing","field":"cost"`) {
		t.Errorf("ann: %q", got)
	}
	if got := lines(bob); len(got) < 2 || strings.Contains(strings.Join(got, ""), "cost") || !strings.Contains(got[len(got)-1], `"state":"editing"`) {
		t.Errorf("bob: %q", got)
	}
	if got := lines(cid); len(got) != 1 || strings.Contains(got[0], `"id"`) {
		t.Errorf("cid, who may not see x: %q", got)
	}
	if got := lines(dan); len(got) != 0 {
		t.Errorf("dan, who is elsewhere: %q", got)
	}
	h.EndUser("bob")
	if got := <-ann; strings.Contains(got, "bob") || !strings.Contains(got, `"user":"ann"`) {
		t.Errorf("without bob: %s", got)
	}
}
