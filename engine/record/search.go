package record

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// Found is what quick search found in one form.
type Found struct {
	Form *catalog.Form
	Hits []Hit
	// More says that there are further ones.
	More bool
}

// Hit is a record that was found.
type Hit struct {
	ID    string
	Title string
	// Field and Text are where the words stand, when not in the title, else something that tells the record from others of
	// the same name.
	Field string
	Text  string
}

// Limits of a search over all forms.
const (
	MaxHits      = 20 // of a form
	searchAtOnce = 4
	searchFor    = 3 * time.Second
	maxSnippet   = 80 // characters
)

// Search looks for words in every form that the caller may search, the forms with a hit in a title first. A form that takes
// too long is left out: partial says so.
func (r *Records) Search(ctx context.Context, c Caller, words string, limit int) (found []Found, partial bool, err error) {
	if strings.TrimSpace(words) == "" {
		return nil, false, nil
	}
	if limit <= 0 || limit > MaxHits {
		limit = 5
	}
	ctx, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	s := r.session(ctx, c)
	var forms []*catalog.Form
	for _, f := range s.snap.Forms {
		if d := s.decide(f); d.Can(definition.Read) && slices.ContainsFunc(f.SearchColumns, d.Askable) {
			forms = append(forms, f)
		}
	}
	slices.SortFunc(forms, func(a, b *catalog.Form) int { return strings.Compare(a.Name, b.Name) })
	results := make([]Found, len(forms))
	failed := make([]error, len(forms))
	slots := make(chan struct{}, searchAtOnce)
	var wait sync.WaitGroup
	for i, f := range forms {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i], failed[i] = r.searchForm(ctx, c, f, words, limit)
		})
	}
	wait.Wait()
	for i, err := range failed {
		switch {
		case err == nil:
			if len(results[i].Hits) > 0 {
				found = append(found, results[i])
			}
		case errors.Is(err, context.DeadlineExceeded):
			partial = true
		default:
			return nil, false, err
		}
	}
	titled := func(f Found) int {
		if slices.ContainsFunc(f.Hits, func(h Hit) bool { return holds(h.Title, words) }) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b Found) int { return titled(a) - titled(b) })
	return found, partial, nil
}

// searchForm has a session of its own: those of a search run side by side.
func (r *Records) searchForm(ctx context.Context, c Caller, f *catalog.Form, words string, limit int) (Found, error) {
	s := r.session(ctx, c)
	d := s.decide(f)
	out := Found{Form: f}
	err := r.Store.View(ctx, func(rd store.Reader) error {
		out.Hits, out.More = nil, false
		find, err := s.find(rd, f, d, Query{Search: words, Sort: []string{"-updatedAt"}, Limit: limit + 1})
		if err != nil {
			return err
		}
		docs, err := store.All(ctx, rd, f.Collection.Name, find)
		if err != nil {
			return err
		}
		if out.More = len(docs) > limit; out.More {
			docs = docs[:limit]
		}
		out.Hits, err = s.hits(rd, f, d, docs, words)
		return err
	})
	return out, err
}

// hits says of each document what it is called, and where the words stand.
func (s *session) hits(rd store.Reader, f *catalog.Form, d *access.Decision, docs []*store.Doc, words string) ([]Hit, error) {
	near := []string{}
	for _, x := range f.Fields { // the first thing that it belongs to
		if Target(x) != nil && x.Type.Key == "relation" && d.Askable(x.Key) {
			near = append(near, x.Key)
			break
		}
	}
	labels, err := s.labels(rd, f, d, docs, near)
	if err != nil {
		return nil, err
	}
	out := make([]Hit, len(docs))
	for i, doc := range docs {
		data, _ := s.lifted(f, doc.Tree())
		h := Hit{ID: doc.ID}
		title := f.Title()
		if title != nil && d.Askable(title.Key) {
			h.Title = titleOf(f, doc)
		}
		if !holds(h.Title, words) {
			h.Field, h.Text = where(f, d, data, words)
		}
		for _, k := range near {
			if id, _ := data[k].(string); h.Text == "" && labels[k][id] != "" {
				h.Field, h.Text = k, labels[k][id]
			}
		}
		out[i] = h
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return rankOf(a, words) - rankOf(b, words) })
	return out, nil
}

// rankOf puts titles that begin with what is looked for first, then those that hold it.
func rankOf(h Hit, words string) int {
	switch t := value.Fold(h.Title); {
	case strings.HasPrefix(t, strings.TrimSpace(value.Fold(words))):
		return 0
	case holds(h.Title, words):
		return 1
	}
	return 2
}

// holds says whether a text holds every word.
func holds(text, words string) bool {
	text = value.Fold(text)
	for _, w := range strings.Fields(value.Fold(words)) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// where finds the searchable field that a word stands in, and the text around it.
func where(f *catalog.Form, d *access.Decision, data map[string]any, words string) (key, text string) {
	for _, k := range f.SearchColumns {
		s, _ := data[k].(string)
		if s == "" || !d.Askable(k) || k == f.Def.TitleField {
			continue
		}
		for _, w := range strings.Fields(value.Fold(words)) {
			if at := strings.Index(value.Fold(s), w); at >= 0 {
				return k, around(s, at)
			}
		}
	}
	return "", ""
}

// around is the part of a text near a place, on one line.
func around(s string, at int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= maxSnippet {
		return string(runes)
	}
	from := max(0, min(len([]rune(s[:min(at, len(s))]))-maxSnippet/4, len(runes)-maxSnippet))
	out := string(runes[from:min(len(runes), from+maxSnippet)])
	if from > 0 {
		out = "…" + out
	}
	if from+maxSnippet < len(runes) {
		out += "…"
	}
	return out
}
