package live

import (
	"encoding/json"
	"sync"
)

const (
	// waiting is how many events may wait for a slow stream before it is ended.
	waiting = 256
	// maxIDs is how many ids an event names; more are a change of the whole form.
	maxIDs = 200
)

// event is something that happened. form narrows it to who may read it, user to one person. show, where it is set, makes
// the data for one reader, nil for none.
type event struct {
	name, form, user string
	data             []byte
	show             func(Who) []byte
}

// Hub hands events to the streams. Its methods do not block; it is safe for concurrent use.
type Hub struct {
	mu      sync.Mutex
	streams map[*Stream]struct{}
	closed  bool
	// presence goes with the users; nil where nobody asks for it.
	presence *Presence
}

// NewHub makes a hub without streams.
func NewHub() *Hub { return &Hub{streams: map[*Stream]struct{}{}} }

// Changed tells of records that were written.
func (h *Hub) Changed(form string, ids []string) {
	if len(ids) > maxIDs {
		ids = nil
	}
	h.send(event{name: "change", form: form}, struct {
		Form string   `json:"form"`
		IDs  []string `json:"ids,omitempty"`
	}{form, ids})
}

// Published tells that definitions changed.
func (h *Hub) Published(number int64) {
	h.send(event{name: "catalog"}, struct {
		Number int64 `json:"number"`
	}{number})
}

// Job tells a user how far a job of theirs is.
func (h *Hub) Job(user string, job any) { h.send(event{name: "job", user: user}, job) }

// Notified tells a user that there is a notification, "" when some were read, and how many are unread.
func (h *Hub) Notified(user, id string, unread int) {
	h.send(event{name: "notification", user: user}, struct {
		ID     string `json:"id,omitempty"`
		Unread int    `json:"unread"`
	}{id, unread})
}

// Stale tells that another process may have changed anything.
func (h *Hub) Stale() { h.send(event{name: "stale"}, struct{}{}) }

// Streams is how many there are.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

func (h *Hub) send(e event, data any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 {
		return
	}
	if e.show == nil {
		e.data, _ = json.Marshal(data) // of our own types only
	}
	for s := range h.streams {
		select {
		case s.events <- e:
		default:
			h.end(s)
		}
	}
}

// end closes a stream; under the lock.
func (h *Hub) end(s *Stream) {
	if _, ok := h.streams[s]; ok {
		delete(h.streams, s)
		close(s.events)
	}
}

// EndSession ends the streams that a session, or API token, opened.
func (h *Hub) EndSession(id string) { h.endAll(func(s *Stream) bool { return s.who.Session == id }) }

// EndUser ends a user's streams; they are nowhere any more.
func (h *Hub) EndUser(user string) {
	h.endAll(func(s *Stream) bool { return s.who.User == user })
	h.mu.Lock()
	p := h.presence
	h.mu.Unlock()
	if p != nil {
		p.leave(user)
	}
}

// Close ends all streams and takes no more.
func (h *Hub) Close() {
	h.endAll(func(*Stream) bool { return true })
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
}

func (h *Hub) endAll(which func(*Stream) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		if which(s) {
			h.end(s)
		}
	}
}
