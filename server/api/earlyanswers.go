package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	// earlyEach is how many items of a list are asked for one by one.
	earlyEach = 16
	// earlyLimit is how many bytes of answers a document carries, earlyOne how many of one answer, so that none takes the
	// place of all others. What is beyond it the page asks for itself.
	earlyLimit = 1 << 20
	earlyOne   = 256 << 10
)

// earlyDocument answers with a document of the UI that names what its page is made of and holds the answers to what it
// asks first, for somebody who is signed in. False where the plain document will do.
//
// The answers come from the API's own handlers, in this process, with the session of who asks. The document is sent as it
// becomes known: links, answers, then those that take long, while the browser starts already. See docs/architecture.md.
func (s *Server) earlyDocument(c *fiber.Ctx, document string) bool {
	e := s.assets.early[document]
	if e == nil || c.Method() != http.MethodGet || !opens(c) || strings.HasSuffix(c.Path(), ".html") {
		return false
	}
	page, named := e.match(c.Path())
	cookie := c.Cookies(cookieName)
	if page == nil || cookie == "" {
		return false
	}
	id, err := s.Auth.Session(context.Background(), cookie)
	if err != nil {
		return false // the page finds out by itself, and leads to signing in
	}
	x := &call{Server: s, fiber: c, id: id}
	w := &earlyWriter{early: e, page: page, language: x.language(), own: id.User.Locale != "", mark: s.Hub.Mark(), ask: s.asker(c), left: earlyLimit}
	address, _ := url.ParseQuery(string(c.Context().URI().QueryString())) // what cannot be read is left out
	w.begin(named, address)
	c.Set("Content-Type", "text/html; charset=utf-8")
	c.Set("Cache-Control", "private, no-store")
	c.Set("Vary", "Cookie, Accept-Encoding, Accept-Language")
	c.Set("X-Accel-Buffering", "no")
	zip := weight(c.Get("Accept-Encoding"), "gzip") > 0
	if zip {
		c.Set("Content-Encoding", "gzip")
	}
	c.Context().SetBodyStreamWriter(func(out *bufio.Writer) { w.write(out, zip) })
	return true
}

// opens says whether a browser asks for a document in order to show it: not to keep it, not on a guess.
func opens(c *fiber.Ctx) bool {
	dest := c.Get("Sec-Fetch-Dest") // only where the connection is trusted
	return (dest == "" || dest == "document") && c.Get("Sec-Purpose") == "" && c.Get("Purpose") == ""
}

// asker makes requests on behalf of another: same session, same address, same language, same door.
func (s *Server) asker(c *fiber.Ctx) func(path string) []byte {
	peer := c.Context().RemoteAddr()
	headers := map[string]string{}
	for _, h := range []string{"Host", "Accept-Language", "X-Forwarded-For", "X-Forwarded-Proto"} {
		if v := c.Get(h); v != "" {
			headers[h] = v
		}
	}
	session := c.Cookies(cookieName)
	return func(path string) []byte {
		var request fasthttp.Request
		request.SetRequestURI(path)
		for k, v := range headers {
			request.Header.Set(k, v)
		}
		request.Header.SetCookie(cookieName, session)
		var ctx fasthttp.RequestCtx
		ctx.Init(&request, peer, nil)
		s.serve(&ctx)
		if ctx.Response.StatusCode() != http.StatusOK || !bytes.HasPrefix(ctx.Response.Header.ContentType(), []byte("application/json")) {
			return nil
		}
		return ctx.Response.Body()
	}
}

// earlyWriter writes one document.
type earlyWriter struct {
	*early
	page     *earlyPage
	language string
	own      bool   // the language is one that the user chose
	mark     string // of the events, from before the first answer was made
	ask      func(path string) []byte
	left     int
	paths    []string // of the asks that are not late, in order; "" for those of each item
	late     []lateAnswer
}

type lateAnswer struct {
	path string
	body chan []byte
}

// begin starts what takes long.
func (w *earlyWriter) begin(named map[string]string, address url.Values) {
	w.paths = make([]string, len(w.page.Asks))
	for i, a := range w.page.Asks {
		path := a.request(named, address)
		if !a.Late {
			w.paths[i] = path
			continue
		}
		l := lateAnswer{path, make(chan []byte, 1)}
		w.late = append(w.late, l)
		go func() { l.body <- w.ask(path) }()
	}
}

// flusher sends what was written on its way.
type flusher interface {
	io.Writer
	Flush() error
}

func (w *earlyWriter) write(out *bufio.Writer, zip bool) {
	var to flusher = out
	if zip {
		z, _ := gzip.NewWriterLevel(out, gzip.BestSpeed) // the level exists
		defer func() { _ = z.Close() }()
		to = both{z, out}
	}
	_, _ = io.WriteString(to, w.head+w.links()+w.body)
	if to.Flush() != nil {
		return // gone; so is whatever comes late
	}
	w.answers(to)
	late := make([]string, len(w.late))
	for i, l := range w.late {
		late[i] = l.path
	}
	told, _ := json.Marshal(map[string]any{"language": w.language, "own": w.own, "mark": w.mark, "texts": w.page.Folders, "late": late}) // texts only
	_, _ = io.WriteString(to, `<script type="application/json" id="early">`+string(told)+"</script>\n")
	for _, l := range w.late {
		if to.Flush() != nil {
			return
		}
		w.put(to, l.path, <-l.body)
	}
	_, _ = io.WriteString(to, w.end)
	_ = to.Flush() // nobody is left to tell
}

// links name the files that the page will ask for, so that the browser fetches them at once.
func (w *earlyWriter) links() string {
	var b strings.Builder
	b.WriteString(`<meta name="early">`) // there are answers to wait for
	for _, f := range w.page.Styles {
		b.WriteString(`<link rel="stylesheet" crossorigin href="` + html.EscapeString(f) + `">`)
	}
	for _, f := range slices.Concat(w.page.Scripts, w.page.Texts[w.language]) {
		b.WriteString(`<link rel="modulepreload" crossorigin href="` + html.EscapeString(f) + `">`)
	}
	return b.String()
}

// answers writes what is known soon.
func (w *earlyWriter) answers(to io.Writer) {
	known := map[string][]byte{}
	for i, a := range w.page.Asks {
		switch {
		case a.Late:
		case a.Each != "":
			for _, key := range itemKeys(known[a.Each]) {
				path := strings.ReplaceAll(w.paths[i], "{key}", key)
				w.put(to, path, w.ask(path))
			}
		default:
			known[a.Path] = w.ask(w.paths[i])
			w.put(to, w.paths[i], known[a.Path])
		}
	}
}

// put writes an answer as a block of data, which the policy does not take for a script. Nothing in it can end the block:
// in JSON a < stands inside texts only, where it may be written otherwise.
func (w *earlyWriter) put(to io.Writer, path string, body []byte) {
	if body == nil || len(body) > min(w.left, earlyOne) {
		return
	}
	w.left -= len(body)
	_, _ = io.WriteString(to, `<script type="application/json" data-early="`+html.EscapeString(path)+`">`)
	_, _ = to.Write(bytes.ReplaceAll(body, []byte("<"), []byte(`\u003c`)))
	_, _ = io.WriteString(to, "</script>\n")
}

// both flushes what packs, then what sends.
type both struct {
	*gzip.Writer
	out *bufio.Writer
}

func (b both) Flush() error {
	if err := b.Writer.Flush(); err != nil {
		return err
	}
	return b.out.Flush()
}
