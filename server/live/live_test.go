package live

import (
	"bufio"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// page collects what a stream writes; a nil lines refuses like a browser that is gone.
type page struct{ lines chan string }

func (p page) Write(b []byte) (int, error) {
	if p.lines == nil {
		return 0, errors.New("gone")
	}
	for _, part := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
		p.lines <- strings.ReplaceAll(part, "\n", " ")
	}
	return len(b), nil
}

func read(h *Hub, w Who, beat, most time.Duration) (lines, ended chan string) {
	lines, ended = make(chan string, 1000), make(chan string)
	s := h.Subscribe(w, "")
	go func() {
		s.write(bufio.NewWriter(page{lines}), beat, most)
		close(ended)
	}()
	<-lines // hello
	return lines, ended
}

func only(form string) func(string) bool { return func(f string) bool { return f == form } }

func TestStreamsSeeOnlyWhatIsTheirs(t *testing.T) {
	h := NewHub()
	ann, _ := read(h, Who{User: "ann", Session: "s1", MayRead: only("a.one")}, time.Hour, time.Hour)
	bob, _ := read(h, Who{User: "bob", Session: "s2", MayRead: only("a.two")}, time.Hour, time.Hour)
	h.Changed("a.two", []string{"x"})
	h.Job("ann", map[string]string{"id": "j"})
	h.Changed("a.one", make([]string, maxIDs+1))
	h.Published(7)
	for _, want := range []string{`event: job data: {"id":"j"}`, `event: change data: {"form":"a.one"}`, `event: catalog data: {"number":7}`} {
		if got := <-ann; got != want {
			t.Errorf("ann: %s, want %s", got, want)
		}
	}
	for _, want := range []string{`event: change data: {"form":"a.two","ids":["x"]}`, `event: catalog data: {"number":7}`} {
		if got := <-bob; got != want {
			t.Errorf("bob: %s, want %s", got, want)
		}
	}
}

func TestStreamsAreToldWhatTheyMissed(t *testing.T) {
	ann := Who{User: "ann", MayRead: only("a.one")}
	told := func(h *Hub, mark string) []string {
		lines, ended := make(chan string, 1000), make(chan string)
		s := h.Subscribe(ann, mark)
		go func() {
			s.write(bufio.NewWriter(page{lines}), time.Hour, time.Hour)
			close(ended)
		}()
		h.Published(99) // the last that is waited for
		var out []string
		for line := range lines {
			if line == `event: catalog data: {"number":99}` {
				h.Close()
				<-ended
				return out[1:] // without hello
			}
			out = append(out, line)
		}
		return out
	}
	stale := []string{"event: stale data: {}"}
	h := NewHub()
	h.Changed("a.one", []string{"before"})
	mark := h.Mark()
	h.Changed("a.one", []string{"x"})
	h.Changed("a.two", []string{"y"})
	h.Job("bob", "not hers")
	if got := told(h, mark); !slices.Equal(got, []string{`event: change data: {"form":"a.one","ids":["x"]}`}) {
		t.Errorf("%q", got)
	}
	h = NewHub()
	if got := told(h, h.Mark()); len(got) > 0 {
		t.Errorf("nothing happened: %q", got)
	}
	h = NewHub()
	mark = h.Mark()
	for range kept {
		h.Changed("a.one", nil)
	}
	if got := told(h, mark); len(got) != kept {
		t.Errorf("%d of %d", len(got), kept)
	}
	for name, miss := range map[string]func(h *Hub){
		"too many": func(h *Hub) {
			for range 3*kept + 1 {
				h.Changed("a.two", nil)
			}
		},
		"unseen": (*Hub).forget,
	} {
		h = NewHub()
		mark = h.Mark()
		miss(h)
		if got := told(h, mark); !slices.Equal(got, stale) {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, mark := range []string{"x", "x-1", NewHub().Mark(), "-", NewHub().name + "-99999999999999999999", "☃"} {
		if got := told(NewHub(), mark); !slices.Equal(got, stale) {
			t.Errorf("%s: %q", mark, got)
		}
	}
	h = NewHub()
	if got := told(h, h.name+"-5"); !slices.Equal(got, stale) {
		t.Errorf("a mark that is to come: %q", got)
	}
}

func TestStreamsEnd(t *testing.T) {
	all := func(string) bool { return true }
	for name, end := range map[string]func(h *Hub){
		"with the session": func(h *Hub) { h.EndSession("s1") },
		"with the user":    func(h *Hub) { h.EndUser("ann") },
		"with the hub":     func(h *Hub) { h.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			h := NewHub()
			_, ended := read(h, Who{User: "ann", Session: "s1", MayRead: all}, time.Hour, time.Hour)
			_, other := read(h, Who{User: "bob", Session: "s2", MayRead: all}, time.Hour, time.Hour)
			end(h)
			<-ended
			if name == "with the hub" {
				<-other
			} else if h.Streams() != 1 {
				t.Errorf("%d streams are left", h.Streams())
			}
		})
	}
	h := NewHub()
	_, ended := read(h, Who{User: "ann", MayRead: all}, time.Hour, time.Nanosecond)
	<-ended // of old age
	h.Subscribe(Who{User: "ann", MayRead: all}, "").write(bufio.NewWriter(page{}), time.Hour, time.Hour)
	if h.Streams() != 0 {
		t.Error("a stream outlives its browser")
	}
	h.Close() // a stream that comes too late is over at once
	h.Subscribe(Who{User: "ann", MayRead: all}, "").write(bufio.NewWriter(page{make(chan string, 9)}), time.Hour, time.Hour)
}

func TestHeartbeat(t *testing.T) {
	lines, _ := read(NewHub(), Who{MayRead: only("")}, time.Nanosecond, time.Hour)
	if got := <-lines; got != ": still here" {
		t.Errorf("%q", got)
	}
}

// A stream that does not read is ended; the others and the writer are not held up.
func TestSlowStreamsAreEnded(t *testing.T) {
	h := NewHub()
	slow := h.Subscribe(Who{User: "slow", MayRead: only("f")}, "")
	for range waiting + 1 {
		h.Changed("f", []string{"x"})
	}
	if h.Streams() != 0 {
		t.Error("it is still there")
	}
	n := 0
	for range slow.events {
		n++
	}
	if n != waiting {
		t.Errorf("%d events waited", n)
	}
}

func TestOneUserHasSoManyStreams(t *testing.T) {
	h := NewHub()
	for range maxStreams + 5 {
		h.Subscribe(Who{User: "ann", MayRead: only("")}, "")
	}
	h.Subscribe(Who{User: "bob", MayRead: only("")}, "")
	if h.Streams() != maxStreams+1 {
		t.Errorf("%d streams", h.Streams())
	}
}
