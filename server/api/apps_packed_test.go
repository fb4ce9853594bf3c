package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

// A phone reads an app's document over a poor network.
func TestAnAppsDocumentIsCompressedForWhoLikesIt(t *testing.T) {
	r := newRig(t)
	r.app("depot", depot)
	plain := r.get("/apps/depot", "Accept-Encoding", "identity").want(200)
	packed := r.get("/apps/depot", "Accept-Encoding", "br, gzip").want(200)
	if packed.header.Get("Content-Encoding") != "gzip" || plain.header.Get("Content-Encoding") != "" {
		t.Fatalf("encodings %q and %q", packed.header.Get("Content-Encoding"), plain.header.Get("Content-Encoding"))
	}
	if len(packed.body)*2 > len(plain.body) {
		t.Errorf("%d bytes of %d", len(packed.body), len(plain.body))
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed.body))
	r.must(err)
	body, err := io.ReadAll(reader)
	r.must(err)
	if !bytes.Equal(body, plain.body) {
		t.Error("the compressed document is another one")
	}
	if packed.header.Get("ETag") == plain.header.Get("ETag") {
		t.Error("two representations under one tag")
	}
	r.get("/apps/depot", "Accept-Encoding", "gzip", "If-None-Match", packed.header.Get("ETag")).want(304)
	if small := r.get("/apps", "Accept-Encoding", "gzip").want(200); small.header.Get("Content-Encoding") != "" {
		t.Error("what is small is compressed too")
	}
}
