package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// importFile sends a spreadsheet to a server: into a form, into users or into departments. It shows the preview, and
// without --preview the progress of the job; refused rows go to --errors.
func importFile(ctx context.Context, env environment, args []string) error {
	f := flags(env, "import")
	c := clientFlags(f)
	into := f.String("into", "", "app.form, users or departments")
	mapping := f.String("mapping", "", "file with the mapping as JSON; guessed where it is left out")
	key := f.String("key", "", "fields, with commas, by which rows find records")
	mode := f.String("mode", "", "upsert, create or update")
	automations := f.Bool("automations", false, "run automations for what is written")
	preview := f.Bool("preview", false, "only say what would happen")
	errorsTo := f.String("errors", "./errors.csv", "where refused rows go")
	rest, err := parse(env, f, args)
	if err != nil {
		return err
	}
	path, ok := importPath(*into)
	if len(rest) != 1 || !ok {
		fmt.Fprintln(env.stderr, "usage: formwork import FILE --into app.form|users|departments [--mapping FILE] [--key FIELDS] [--preview] [--url URL] [--token TOKEN]")
		return errUsage
	}
	form := upload{file: rest[0], parts: [][2]string{{"automations", fmt.Sprint(*automations)}}}
	if *mapping != "" {
		b, err := os.ReadFile(*mapping)
		if err != nil {
			return err
		}
		form.parts = append(form.parts, [2]string{"mapping", string(b)})
	}
	for _, k := range strings.FieldsFunc(*key, func(r rune) bool { return r == ',' }) {
		form.parts = append(form.parts, [2]string{"key", k})
	}
	if *mode != "" {
		form.parts = append(form.parts, [2]string{"mode", *mode})
	}
	if *preview {
		form.parts = append(form.parts, [2]string{"preview", "true"})
		var shown map[string]any
		if err := c.send(ctx, path, form, &shown); err != nil {
			return err
		}
		out := json.NewEncoder(env.stdout)
		out.SetIndent("", "  ")
		return out.Encode(shown)
	}
	var started struct{ Job string }
	if err := c.send(ctx, path, form, &started); err != nil {
		return err
	}
	return c.follow(ctx, env, started.Job, *errorsTo)
}

// importPath is where an import is sent.
func importPath(into string) (string, bool) {
	switch app, form, isForm := strings.Cut(into, "."); {
	case into == "users" || into == "departments":
		return into + "/import", true
	case isForm && app != "" && form != "":
		return "apps/" + url.PathEscape(app) + "/forms/" + url.PathEscape(form) + "/import", true
	}
	return "", false
}

// upload is a multipart request of a file and smaller parts.
type upload struct {
	file  string
	parts [][2]string
}

// send streams an upload and reads JSON.
func (c *client) send(ctx context.Context, path string, u upload, into any) error {
	file, err := os.Open(u.file)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	var head bytes.Buffer
	w := multipart.NewWriter(&head)
	for _, p := range u.parts {
		if err := w.WriteField(p[0], p[1]); err != nil {
			return err
		}
	}
	if _, err := w.CreateFormFile("file", filepath.Base(u.file)); err != nil {
		return err
	}
	tail := "\r\n--" + w.Boundary() + "--\r\n"
	info, err := file.Stat()
	if err != nil {
		return err
	}
	address, err := url.JoinPath(c.base, "/api/v1", path)
	if err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	length := int64(head.Len()) + info.Size() + int64(len(tail))
	req, err := http.NewRequestWithContext(ctx, "POST", address, io.MultiReader(&head, file, strings.NewReader(tail)))
	if err != nil {
		return err
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", w.FormDataContentType())
	return c.receive(req, into)
}

// followEvery is how often the progress of a job is asked for.
const followEvery = 300 * time.Millisecond

// follow shows a job's progress until it ends, and fetches its error sheet.
func (c *client) follow(ctx context.Context, env environment, id, errorsTo string) error {
	var job struct {
		State    string
		Progress map[string]any
		Result   map[string]any
		Problems []struct{ Pointer, Message string }
	}
	said := ""
	for {
		if err := c.do(ctx, "GET", "jobs/"+url.PathEscape(id), nil, &job); err != nil {
			return err
		}
		if now := progressText(job.Progress); now != said {
			said = now
			fmt.Fprintln(env.stderr, now)
		}
		switch job.State {
		case "done":
			return c.finished(ctx, env, job.Result, errorsTo)
		case "failed", "cancelled":
			text := "the import is " + job.State
			for _, p := range job.Problems {
				text += "\n  " + strings.TrimSpace(p.Pointer+" "+p.Message)
			}
			return fmt.Errorf("%s", text)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followEvery):
		}
	}
}

func progressText(p map[string]any) string {
	if p["rows"] == nil {
		return "waiting"
	}
	return fmt.Sprintf("%v of %v rows", p["done"], p["rows"])
}

func (c *client) finished(ctx context.Context, env environment, result map[string]any, errorsTo string) error {
	n := func(key string) any {
		if v, ok := result[key]; ok {
			return v
		}
		return 0
	}
	fmt.Fprintf(env.stdout, "%v created, %v updated, %v unchanged, %v refused\n", n("created"), n("updated"), n("unchanged"), n("refused"))
	sheet, _ := result["errors"].(string)
	if sheet == "" {
		return nil
	}
	body, err := c.fetch(ctx, "files/"+url.PathEscape(sheet))
	if err != nil {
		return err
	}
	if err := os.WriteFile(errorsTo, body, 0o600); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "refused rows are in %s\n", errorsTo)
	return err
}

// fetch reads a whole file.
func (c *client) fetch(ctx context.Context, path string) ([]byte, error) {
	var raw []byte
	return raw, c.do(ctx, "GET", path, nil, &raw)
}
