package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// client speaks the public API as a signed-in user.
type client struct {
	base string // up to and without /api
	http *http.Client
	csrf string
}

// problem is one complaint of the server.
type problem struct {
	Code     string         `json:"code"`
	Pointer  string         `json:"pointer"`
	Params   map[string]any `json:"params"`
	Severity string         `json:"severity"`
	Message  string         `json:"message"`
}

func (p problem) blocks() bool { return p.Severity != "warning" }

func (p problem) String() string {
	if p.Message != "" {
		return p.Message
	}
	return strings.TrimSpace(p.Code + " " + p.Pointer)
}

// refusal is an answer with a status of 400 and above.
type refusal struct {
	Status   int       `json:"status"`
	Title    string    `json:"title"`
	Problems []problem `json:"problems"`
	what     string
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("%s: %d %s", r.what, r.Status, r.Title)
	for _, p := range r.Problems {
		text += "\n  " + p.String()
	}
	return text
}

// dial signs in.
func dial(ctx context.Context, base, login, password string) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &client{base: strings.TrimRight(base, "/"), http: &http.Client{Jar: jar, Timeout: 3 * time.Minute}}
	var session struct {
		CSRF string `json:"csrf"`
	}
	if err := c.call(ctx, "POST", "/auth/login", map[string]any{"login": login, "password": password}, &session); err != nil {
		return nil, err
	}
	c.csrf = session.CSRF
	return c, nil
}

// call sends in as JSON, unless it is nil, and reads the answer into out, unless that is nil. Paths are below /api/v1.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	return c.send(ctx, method, path, "application/json", body, out)
}

// upload sends a file with other parts of a form.
func (c *client) upload(ctx context.Context, path, name string, content []byte, parts map[string]string, out any) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, value := range parts {
		if err := w.WriteField(key, value); err != nil {
			return err
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.send(ctx, "POST", path, w.FormDataContentType(), body.Bytes(), out)
}

func (c *client) send(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Language", "en")
	if body != nil {
		r.Header.Set("Content-Type", contentType)
	}
	if c.csrf != "" {
		r.Header.Set("X-CSRF-Token", c.csrf)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		refused := &refusal{what: method + " " + path}
		_ = json.NewDecoder(answer.Body).Decode(refused) // a proxy's page is no problem document; the status says enough
		refused.Status = answer.StatusCode
		return refused
	}
	switch out := out.(type) {
	case nil:
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	case *[]byte:
		*out, err = io.ReadAll(answer.Body)
		return err
	}
	d := json.NewDecoder(answer.Body)
	d.UseNumber() // figures stay as exact as they come
	return d.Decode(out)
}

// job is work in the background.
type job struct {
	ID       string         `json:"id"`
	State    string         `json:"state"`
	Progress map[string]any `json:"progress"`
	Result   result         `json:"result"`
	Problems []problem      `json:"problems"`
	Error    string         `json:"error"`
}

// pollEvery is how often a job is asked how far it is.
const pollEvery = 200 * time.Millisecond

// wait waits for the end of a job; one that fails is an error. tell hears how far it is.
func (c *client) wait(ctx context.Context, id string, tell func(job)) (job, error) {
	for {
		var j job
		if err := c.call(ctx, "GET", "/jobs/"+id, nil, &j); err != nil {
			return j, err
		}
		switch j.State {
		case "done":
			return j, nil
		case "failed", "cancelled":
			text := fmt.Sprintf("job %s %s %s", id, j.State, j.Error)
			for _, p := range j.Problems {
				text += "\n  " + p.String()
			}
			return j, fmt.Errorf("%s", text)
		}
		tell(j)
		select {
		case <-ctx.Done():
			return j, ctx.Err()
		case <-time.After(pollEvery):
		}
	}
}
