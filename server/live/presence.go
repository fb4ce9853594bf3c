package live

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// States of who is present.
const (
	Viewing = "viewing"
	Editing = "editing"
	Left    = "left"
)

const (
	// seatFor is how long somebody is present after a beat; BeatEvery how often clients should give one.
	seatFor   = 30 * time.Second
	BeatEvery = 12 * time.Second
	// maxSeats is how many there are in all, maxOwn how many one user has: windows, not people.
	maxSeats = 10_000
	maxOwn   = 20
	// maxShown is how many people an answer or event names.
	maxShown = 100
)

// Place is where somebody is: a record, or with no ID the list of a form.
type Place struct {
	Form string `json:"form"`
	ID   string `json:"id,omitempty"`
}

// Beat says that somebody is still there.
type Beat struct {
	Place
	User, Name string
	// Window tells the windows of one user apart; a window is in one place.
	Window string
	State  string
	Field  string // that is edited
}

// Person is somebody at a place. Of several windows the one that edits counts.
type Person struct {
	User  string `json:"user"`
	Name  string `json:"name"`
	State string `json:"state"`
	Field string `json:"field,omitempty"`
	Since string `json:"since"`
	ID    string `json:"id,omitempty"` // the record, where a whole form was asked for
}

type seatKey struct{ user, window string }

type seat struct {
	beat  Beat
	since time.Time
	until time.Time
}

// Presence knows who is where. It is kept in memory, and forgotten half a minute after the last beat.
type Presence struct {
	hub   *Hub
	now   func() time.Time
	mu    sync.Mutex
	seats map[seatKey]*seat
	timer *time.Timer
}

// NewPresence tells the hub's streams who comes and goes.
func NewPresence(h *Hub, now func() time.Time) *Presence {
	p := &Presence{hub: h, now: now, seats: map[seatKey]*seat{}}
	h.mu.Lock()
	h.presence = p
	h.mu.Unlock()
	return p
}

// Beat notes where a window is. It is false when there is no room for another.
func (p *Presence) Beat(b Beat) bool {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	key := seatKey{b.User, b.Window}
	old := p.seats[key]
	if b.State == Left {
		if old != nil && old.beat.Place == b.Place { // else the window is elsewhere already, and this came late
			delete(p.seats, key)
			p.tell(old.beat.Place)
		}
		return true
	}
	if old == nil && !p.room(b.User) {
		return false
	}
	s := &seat{beat: b, since: now, until: now.Add(seatFor)}
	if old != nil && old.beat.Place == b.Place {
		s.since = old.since
	}
	p.seats[key] = s
	if old != nil && old.beat.Place != b.Place {
		p.tell(old.beat.Place)
	}
	if old == nil || old.beat != b {
		p.tell(b.Place)
	}
	p.wake(now)
	return true
}

// room makes room for a window of a user: their oldest goes when they have too many.
func (p *Presence) room(user string) bool {
	var oldest seatKey
	n := 0
	for k, s := range p.seats {
		if k.user != user {
			continue
		}
		if n++; n == 1 || s.until.Before(p.seats[oldest].until) {
			oldest = k
		}
	}
	if n >= maxOwn {
		at := p.seats[oldest].beat.Place
		delete(p.seats, oldest)
		p.tell(at)
	}
	return len(p.seats) < maxSeats
}

// wake looks again when the first seat runs out.
func (p *Presence) wake(now time.Time) {
	if p.timer != nil || len(p.seats) == 0 {
		return
	}
	p.timer = time.AfterFunc(seatFor/6, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.timer = nil
		p.expire(p.now())
		p.wake(p.now())
	})
}

// expire lets go of who gave no beat for too long.
func (p *Presence) expire(now time.Time) {
	gone := map[Place]bool{}
	for k, s := range p.seats {
		if s.until.Before(now) {
			delete(p.seats, k)
			gone[s.beat.Place] = true
		}
	}
	for at := range gone {
		p.tell(at)
	}
}

// leave lets go of all windows of a user.
func (p *Presence) leave(user string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	gone := map[Place]bool{}
	for k, s := range p.seats {
		if k.user == user {
			delete(p.seats, k)
			gone[s.beat.Place] = true
		}
	}
	for at := range gone {
		p.tell(at)
	}
}

// At is who is at a place; at the list of a form also who is at its records.
func (p *Presence) At(at Place) []Person {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(p.now())
	return p.people(at, at.ID == "")
}

// people are those at a place, who came first first. Under the lock.
func (p *Presence) people(at Place, records bool) []Person {
	found := map[[2]string]*seat{}
	for _, s := range p.seats {
		if s.beat.Form != at.Form || s.beat.ID != at.ID && !records {
			continue
		}
		key := [2]string{s.beat.User, s.beat.ID}
		if have := found[key]; have == nil || have.beat.State != Editing && s.beat.State == Editing ||
			have.beat.State == s.beat.State && (s.since.Before(have.since) || s.since.Equal(have.since) && s.beat.Window < have.beat.Window) {
			found[key] = s
		}
	}
	list := make([]*seat, 0, len(found))
	for _, s := range found {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *seat) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.beat.User, b.beat.User), cmp.Compare(a.beat.ID, b.beat.ID))
	})
	out := make([]Person, 0, min(len(list), maxShown))
	for _, s := range list[:min(len(list), maxShown)] {
		x := Person{User: s.beat.User, Name: s.beat.Name, State: s.beat.State, Field: s.beat.Field, Since: s.since.UTC().Format(time.RFC3339)}
		if records {
			x.ID = s.beat.ID
		}
		out = append(out, x)
	}
	return out
}

// tell says who is at a place now, to the streams of those who are at the form and may read the record. Under the lock.
func (p *Presence) tell(at Place) {
	near := map[string]bool{}
	for k, s := range p.seats {
		if s.beat.Form == at.Form {
			near[k.user] = true
		}
	}
	if len(near) == 0 {
		return
	}
	people := p.people(at, false)
	p.hub.send(event{name: "presence", form: at.Form, show: func(w Who) []byte {
		if !near[w.User] || at.ID != "" && !w.MaySee(at.Form, at.ID) {
			return nil
		}
		b, _ := json.Marshal(struct { // of our own types only
			Place
			People []Person `json:"people"`
		}{at, Shown(people, func(field string) bool { return w.Hides(at.Form, field) })})
		return b
	}}, nil)
}

// Shown leaves out the names of fields that are hidden from who reads.
func Shown(people []Person, hides func(field string) bool) []Person {
	out := slices.Clone(people)
	for i := range out {
		if out[i].Field != "" && hides(out[i].Field) {
			out[i].Field = ""
		}
	}
	return out
}
