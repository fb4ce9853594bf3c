package mongoserver

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// Proxy is a TCP proxy in front of a server that does to the traffic what a bad network does. Its methods end the
// test when they fail and take effect on open connections too.
type Proxy struct {
	tb    testing.TB
	proxy *toxiproxy.Proxy
	uri   string
}

// NewProxy starts a healthy proxy in front of the server of a one-host URI and ends it with the test.
func NewProxy(tb testing.TB, uri string) *Proxy {
	tb.Helper()
	head, database, query := split(uri)
	scheme, hosts, ok := strings.Cut(head, "://")
	login := ""
	if i := strings.LastIndexByte(hosts, '@'); i >= 0 {
		login, hosts = hosts[:i+1], hosts[i+1:]
	}
	if !ok || scheme != "mongodb" || strings.Contains(hosts, ",") {
		tb.Fatal("mongoserver: a proxy needs a mongodb:// URI of one host")
	}
	if !strings.Contains(hosts, ":") {
		hosts += ":27017"
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &Proxy{tb: tb, proxy: toxiproxy.NewProxy(server, "mongodb", "127.0.0.1:0", hosts)}
	if err := p.proxy.Start(); err != nil {
		tb.Fatalf("mongoserver: start the proxy: %v", err)
	}
	tb.Cleanup(p.proxy.Stop)
	p.uri = scheme + "://" + login + p.proxy.Listen + "/" + database + direct(query)
	return p
}

// direct makes the driver stay with the address it was given. Left to discover the replica set it would learn the
// server's own address and go round the proxy.
func direct(query string) string {
	kept := []string{"directConnection=true"}
	for _, option := range strings.Split(strings.TrimPrefix(query, "?"), "&") {
		name, _, _ := strings.Cut(strings.ToLower(option), "=")
		if name != "" && name != "replicaset" && name != "directconnection" {
			kept = append(kept, option)
		}
	}
	return "?" + strings.Join(kept, "&")
}

// URI leads through the proxy and stays valid over [Proxy.Cut] and [Proxy.Restore].
func (p *Proxy) URI() string { return p.uri }

// Cut breaks every connection and refuses new ones until [Proxy.Restore].
func (p *Proxy) Cut() { p.proxy.Stop() }

// Latency delays every answer.
func (p *Proxy) Latency(delay time.Duration) {
	p.tb.Helper()
	p.poison("latency", fmt.Sprintf(`{"latency": %d}`, delay.Milliseconds()))
}

// Timeout swallows every answer: requests still arrive, so a commit may happen of which the client never hears. The
// connection is closed after the delay, which is rounded to milliseconds; 0 leaves it hanging until [Proxy.Restore].
func (p *Proxy) Timeout(after time.Duration) {
	p.tb.Helper()
	p.poison("timeout", fmt.Sprintf(`{"timeout": %d}`, after.Milliseconds()))
}

func (p *Proxy) poison(kind, attributes string) {
	p.tb.Helper()
	toxic := fmt.Sprintf(`{"type": %q, "name": %q, "stream": "downstream", "attributes": %s}`, kind, kind, attributes)
	if _, err := p.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		p.tb.Fatalf("mongoserver: proxy %s: %v", kind, err)
	}
}

// Restore ends whatever was wrong and listens on the same port again.
func (p *Proxy) Restore() {
	p.tb.Helper()
	p.proxy.Toxics.ResetToxics(context.Background())
	if p.proxy.Enabled {
		return
	}
	if err := p.proxy.Start(); err != nil {
		p.tb.Fatalf("mongoserver: restore the proxy: %v", err)
	}
}
