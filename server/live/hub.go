package live

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
)

const (
	// waiting is how many events may wait for a slow stream before it is ended.
	waiting = 256
	// maxIDs is how many ids an event names; more are a change of the whole form.
	maxIDs = 200
	// kept is how many events a stream may have missed and still be told; fewer than may wait.
	kept = 200
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
	// name tells this hub from that of another process; number counts the events, of which past are the last.
	name   string
	number int64
	past   []event
	// presence goes with the users; nil where nobody asks for it.
	presence *Presence
}

// NewHub makes a hub without streams.
func NewHub() *Hub {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return &Hub{streams: map[*Stream]struct{}{}, name: hex.EncodeToString(b[:])}
}

// Mark is this moment: a stream that is opened after it is told what happened since.
func (h *Hub) Mark() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.name + "-" + strconv.FormatInt(h.number, 10)
}

// since are the events after a mark; false where that cannot be told. Under the lock.
func (h *Hub) since(mark string) ([]event, bool) {
	name, number, _ := strings.Cut(mark, "-")
	n, err := strconv.ParseInt(number, 10, 64)
	missed := h.number - n
	if name != h.name || err != nil || missed < 0 || missed > int64(min(len(h.past), kept)) {
		return nil, false
	}
	return h.past[len(h.past)-int(missed):], true
}

// forget says that something happened of which nobody was told: no earlier mark stands.
func (h *Hub) forget() {
	h.mu.Lock()
	h.number++
	h.past = nil
	h.mu.Unlock()
}

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
	if e.show == nil {
		e.data, _ = json.Marshal(data) // of our own types only
		h.number++
		if h.past = append(h.past, e); len(h.past) > 2*kept {
			h.past = append([]event(nil), h.past[kept:]...)
		}
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
