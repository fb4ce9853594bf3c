package api

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"formwork/engine/record"
	"formwork/schemas/problem"
)

// policy lets pages load nothing from elsewhere and run no inline script.
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secure sets the headers that every answer has.
func (s *Server) secure(c *fiber.Ctx) {
	c.Set("Content-Security-Policy", policy)
	c.Set("X-Content-Type-Options", "nosniff")
	c.Set("Referrer-Policy", "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(c.Path(), prefix) {
		c.Set("Cache-Control", "no-store")
	}
	if s.https(c) {
		c.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// https says whether the browser speaks HTTPS, to us or to a proxy that may say so.
func (s *Server) https(c *fiber.Ctx) bool {
	if s.PublicURL != nil && s.PublicURL.Scheme == "https" || c.Context().IsTLS() {
		return true
	}
	return s.proxied(peer(c)) && strings.EqualFold(c.Get("X-Forwarded-Proto"), "https")
}

func peer(c *fiber.Ctx) netip.Addr {
	a, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return a.Unmap()
}

func (s *Server) proxied(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// address is who asks: the peer or, behind proxies that may say so, the last address that is not one of them.
func (x *call) address() string {
	a := peer(x.fiber)
	if !x.proxied(a) {
		return a.String()
	}
	hops := strings.Split(x.fiber.Get("X-Forwarded-For"), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if a = hop.Unmap(); !x.proxied(a) {
			break
		}
	}
	return a.String()
}

// local says whether the caller sits at the machine: a loopback peer, nobody in between, and a Host that no web page of
// elsewhere could have chosen by rebinding its name to this address.
func (x *call) local() bool {
	if !peer(x.fiber).IsLoopback() {
		return false
	}
	for _, h := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if x.fiber.Get(h) != "" {
			return false
		}
	}
	host := x.fiber.Hostname()
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	if host == "localhost" {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// sameSite refuses a request that a page of another site makes a browser send.
func (x *call) sameSite() error {
	if s := x.fiber.Get("Sec-Fetch-Site"); s == "cross-site" || s == "same-site" {
		return problem.Fail(problem.Forbidden, "csrf", "", nil)
	}
	return nil
}

func etag(rev record.Rev) string { return fmt.Sprintf(`"%d.%d"`, rev.Rev, rev.Crev) }

// ifMatch reads If-Match: rev or rev.crev, with or without quotes; nil when there is none, or it is *.
func (x *call) ifMatch() (*record.Rev, error) {
	h := strings.TrimSpace(x.fiber.Get("If-Match"))
	if h == "" || h == "*" {
		return nil, nil
	}
	s := strings.Trim(strings.TrimPrefix(h, "W/"), `"`)
	a, b, both := strings.Cut(s, ".")
	rev, err := strconv.ParseInt(a, 10, 64)
	out := &record.Rev{Rev: rev, Crev: -1}
	if both && err == nil {
		out.Crev, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil || rev < 0 || both && out.Crev < 0 {
		return nil, problem.Fail(problem.Malformed, "wrong-if-match", "", problem.P{"value": s})
	}
	return out, nil
}

// noneMatch says whether If-None-Match names the tag.
func (x *call) noneMatch(tag string) bool { return matches(x.fiber.Get("If-None-Match"), tag) }

func matches(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}
