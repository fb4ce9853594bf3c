// Command maven imports the files of a sales team - accounts, products, teams, pipeline - into a template and
// prints what the product then says about them. It is an example of using Formwork by its public API alone: the mappings
// are data (mappings/), the figures are aggregates (figures.go).
//
//	FORMWORK_URL=http://localhost:8080 FORMWORK_LOGIN=admin FORMWORK_PASSWORD=... examples/maven/run DIR
//
// Standard output is a JSON array of {"metric", "value"} and nothing else; progress goes to standard error. Refused rows go
// with their reasons to $FORMWORK_ERRORS. See README.md for the exit codes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// Exit codes.
const (
	exitFailed    = 1 // the server refused something, or a file cannot be read
	exitUnsettled = 2 // the rows of a date column do not settle one format; nothing was written. Also for a wrong call.
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// command is main with everything that a process has given to it.
func command(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) != 1 || getenv("FORMWORK_URL") == "" {
		fmt.Fprintln(stderr, "usage: FORMWORK_URL=... FORMWORK_LOGIN=... FORMWORK_PASSWORD=... run DIR")
		return exitUnsettled
	}
	r := &run{dir: args[0], errors: getenv("FORMWORK_ERRORS"), progress: stderr}
	if r.errors == "" {
		r.errors = "errors.csv"
	}
	list, err := r.do(ctx, getenv("FORMWORK_URL"), getenv("FORMWORK_LOGIN"), getenv("FORMWORK_PASSWORD"))
	if err == nil {
		err = print(stdout, list)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "maven:", err)
	var unsettled *unsettledError
	if errors.As(err, &unsettled) {
		return exitUnsettled
	}
	return exitFailed
}

// print writes the array, a figure a line.
func print(w io.Writer, list []figure) error {
	text := []byte("[")
	for i, f := range list {
		line, err := json.Marshal(f)
		if err != nil {
			return err
		}
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(text, "\n "...), line...)
	}
	_, err := w.Write(append(text, "\n]\n"...))
	return err
}

// run is one import of a directory.
type run struct {
	*client
	dir      string
	errors   string // path of the file for refused rows
	progress io.Writer
	sources  []*source
}

func (r *run) tell(format string, args ...any) { fmt.Fprintf(r.progress, format+"\n", args...) }

// do is the whole of it: read, sign in, install, preview everything, write, ask.
func (r *run) do(ctx context.Context, url, login, password string) ([]figure, error) {
	content := map[string][]byte{}
	r.sources = sources()
	for _, s := range r.sources {
		b, err := os.ReadFile(filepath.Join(r.dir, s.file))
		if err != nil {
			return nil, err
		}
		s.content, content[s.file] = b, b
	}
	dir, err := readDirectory(content)
	if err != nil {
		return nil, err
	}
	if r.client, err = dial(ctx, url, login, password); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{r.install, r.preview, r.sectors, r.write} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	pipeline := r.sources[len(r.sources)-1]
	return figuresOf(ctx, r.client, dir, spellingsOf(dir, pipeline.report))
}

// install makes the template's apps, without demonstration data, where they are missing.
func (r *run) install(ctx context.Context) error {
	err := r.call(ctx, "GET", places.App, nil, nil)
	var refused *refusal
	if !errors.As(err, &refused) || refused.Status != 404 {
		return err
	}
	r.tell("installing the template %s", places.Template)
	return r.call(ctx, "POST", "/templates/"+places.Template+"/install", map[string]any{"demo": false}, nil)
}
