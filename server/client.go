package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// client speaks to a server that runs.
type client struct {
	base, token string
}

// clientFlags adds --url and --token to the flags of a command.
func clientFlags(f *flag.FlagSet) *client {
	c := &client{}
	f.StringVar(&c.base, "url", "http://localhost:8080", "address of the server")
	f.StringVar(&c.token, "token", "", "API token; better given by its variable")
	return c
}

// do sends JSON and reads JSON. A refusal is an error with what the server said.
func (c *client) do(ctx context.Context, method, path string, body, into any) error {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = strings.NewReader(string(b))
	}
	address, err := url.JoinPath(c.base, "/api/v1", path)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, r)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.receive(req, into)
}

// receive sends a request and reads what comes: JSON, or the bytes as they are into a *[]byte.
func (c *client) receive(req *http.Request, into any) error {
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= http.StatusBadRequest {
		return refusal(res)
	}
	if raw, ok := into.(*[]byte); ok {
		*raw, err = io.ReadAll(res.Body)
		return err
	}
	if into == nil || res.StatusCode == http.StatusNoContent {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}

// refusal is a problem document as an error.
func refusal(res *http.Response) error {
	var d struct {
		Title    string `json:"title"`
		Problems []struct {
			Pointer string `json:"pointer"`
			Message string `json:"message"`
		} `json:"problems"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&d); err != nil {
		return fmt.Errorf("the server answered %s", res.Status)
	}
	text := fmt.Sprintf("the server answered %d %s", res.StatusCode, d.Title)
	for _, p := range d.Problems {
		text += "\n  " + strings.TrimSpace(p.Pointer+" "+p.Message)
	}
	return fmt.Errorf("%s", text)
}
