package api

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strings"
)

// earlyPage is what a build of the UI says about an address: which files its page is made of, and what it asks first.
type earlyPage struct {
	// Path is the address; a step that begins with a colon is any.
	Path    string   `json:"path"`
	Scripts []string `json:"scripts"`
	Styles  []string `json:"styles"`
	// Texts are scripts by language.
	Texts map[string][]string `json:"texts"`
	// Folders are what the page calls these texts.
	Folders []string   `json:"folders"`
	Asks    []earlyAsk `json:"asks"`
}

// earlyAsk is a GET that the page makes as it starts.
type earlyAsk struct {
	// Path names steps of the address as :name.
	Path string `json:"path"`
	// Query are parameters of the address that go along.
	Query []string `json:"query,omitempty"`
	// Each is another ask before this one, whose items' keys stand in Path for {key}.
	Each string `json:"each,omitempty"`
	// Late says that it takes long: the page starts without it.
	Late bool `json:"late,omitempty"`
}

// earlyFiles are those that a build leaves for each document of the UI.
var earlyFiles = map[string]string{"index.html": ".vite/early.index.json", "m.html": ".vite/early.m.json"}

// early is a document of the UI, cut where links and answers go, and its pages.
type early struct {
	head, body, end string
	pages           []earlyPage
}

// readEarly reads what a build says about a document; nil where it says nothing.
func readEarly(files fs.FS, document string) (*early, error) {
	raw, err := fs.ReadFile(files, earlyFiles[document])
	if err != nil {
		return nil, nil // an older build, or none
	}
	e := &early{}
	if err := json.Unmarshal(raw, &e.pages); err != nil {
		return nil, fmt.Errorf("%s: %w", earlyFiles[document], err)
	}
	html, err := fs.ReadFile(files, document)
	if err != nil {
		return nil, err
	}
	head, rest, ok := strings.Cut(string(html), "</head>")
	body, end, closed := strings.Cut(rest, "</body>")
	if !ok || !closed {
		return nil, fmt.Errorf("%s: no head, or no body", document)
	}
	e.head, e.body, e.end = head, "</head>"+body, "</body>"+end
	return e, nil
}

// plainStep is a step of an address that may stand in the path of a request: keys and ids, never a way up.
var plainStep = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// match finds the page at an address, and the steps that it names.
func (e *early) match(address string) (*earlyPage, map[string]string) {
	steps := strings.Split(strings.Trim(address, "/"), "/")
	for i := range e.pages {
		want := strings.Split(strings.Trim(e.pages[i].Path, "/"), "/")
		if len(want) != len(steps) {
			continue
		}
		named := map[string]string{}
		fits := true
		for j, w := range want {
			if name, ok := strings.CutPrefix(w, ":"); ok {
				named[name] = steps[j]
				fits = fits && plainStep.MatchString(steps[j])
			} else {
				fits = fits && w == steps[j]
			}
		}
		if fits {
			return &e.pages[i], named
		}
	}
	return nil, nil
}

var namedStep = regexp.MustCompile(`:([a-z]+)`)

// request is the path and query of an ask, with the steps and the parameters of the address.
func (a earlyAsk) request(named map[string]string, address url.Values) string {
	path := namedStep.ReplaceAllStringFunc(a.Path, func(s string) string { return named[s[1:]] })
	query := url.Values{}
	for _, k := range a.Query {
		if v := address.Get(k); v != "" {
			query.Set(k, v)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// itemKeys are the keys of the items of an answer that the caller may ask for, at most some.
func itemKeys(answer []byte) []string {
	var list struct {
		Items []struct {
			Key     string `json:"key"`
			Version int64  `json:"version"`
		} `json:"items"`
	}
	_ = json.Unmarshal(answer, &list) // our own answer; without items there is nothing to ask
	var out []string
	for _, item := range list.Items {
		if item.Version > 0 && plainStep.MatchString(item.Key) && len(out) < earlyEach {
			out = append(out, item.Key)
		}
	}
	return out
}
