package live

import (
	"bufio"
	"time"
)

const (
	heartbeat = 20 * time.Second
	// longest is how long a stream lives; the browser comes again and proves anew who it is.
	longest = 10 * time.Minute
)

// Who opened a stream.
type Who struct {
	User    string
	Session string // or the id of an API token
	// MayRead says whether the user may read a form's records, now.
	MayRead func(form string) bool
	// MaySee says whether they may read a record, Hides whether a field is hidden from them.
	MaySee func(form, id string) bool
	Hides  func(form, field string) bool
}

// Stream is one browser's events.
type Stream struct {
	hub    *Hub
	who    Who
	events chan event
}

// maxStreams is how many one user may have open: tabs share one, so this is many browsers.
const maxStreams = 20

// Subscribe opens a stream. When the user has too many the oldest is not known, so any one of theirs ends. After Close it
// gives a stream that is over. What happened since a mark comes first; "stale" does where that cannot be told, and nothing
// where there is no mark.
func (h *Hub) Subscribe(w Who, mark string) *Stream {
	s := &Stream{hub: h, who: w, events: make(chan event, waiting)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.events)
		return s
	}
	var other *Stream
	n := 0
	for o := range h.streams {
		if o.who.User == w.User {
			other = o
			n++
		}
	}
	if n >= maxStreams {
		h.end(other)
	}
	h.streams[s] = struct{}{}
	if mark != "" {
		missed, known := h.since(mark)
		if !known {
			missed = []event{{name: "stale", data: []byte("{}")}}
		}
		for _, e := range missed {
			s.events <- e // more may wait than are kept
		}
	}
	return s
}

// Write sends events until the stream ends or the browser is gone. It closes the stream.
func (s *Stream) Write(w *bufio.Writer) {
	s.write(w, heartbeat, longest)
}

func (s *Stream) write(w *bufio.Writer, beat, most time.Duration) {
	defer func() {
		s.hub.mu.Lock()
		s.hub.end(s)
		s.hub.mu.Unlock()
	}()
	ticks := time.NewTicker(beat)
	defer ticks.Stop()
	over := time.NewTimer(most)
	defer over.Stop()
	put(w, "hello", []byte("{}"))
	for w.Flush() == nil {
		select {
		case e, ok := <-s.events:
			if !ok {
				return
			}
			if e.form != "" && !s.who.MayRead(e.form) || e.user != "" && e.user != s.who.User {
				continue
			}
			data := e.data
			if e.show != nil {
				if data = e.show(s.who); data == nil {
					continue
				}
			}
			put(w, e.name, data)
		case <-ticks.C:
			_, _ = w.WriteString(": still here\n\n")
		case <-over.C:
			return
		}
	}
}

// put writes one event; data is JSON without line breaks. Errors come out of the next Flush.
func put(w *bufio.Writer, name string, data []byte) {
	_, _ = w.WriteString("event: ")
	_, _ = w.WriteString(name)
	_, _ = w.WriteString("\ndata: ")
	_, _ = w.Write(data)
	_, _ = w.WriteString("\n\n")
}
