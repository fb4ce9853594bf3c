package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
)

//go:embed messages/*.json
var messageFiles embed.FS

// messages are the texts of problems: by language and code. A text names parameters as {name}; a part in [brackets] is
// left out when one of its parameters is not there.
type messages struct {
	texts map[string]map[string]string
}

const fallbackLanguage = "en"

func newMessages() *messages {
	m := &messages{texts: map[string]map[string]string{}}
	files, err := fs.Glob(messageFiles, "messages/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range files {
		b, err := messageFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(b, &texts); err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
		m.texts[strings.TrimSuffix(path.Base(name), ".json")] = texts
	}
	return m
}

// nearest is the language that we have texts in and that is most like a tag.
func (m *messages) nearest(tag string) string {
	if l := m.like(tag); l != "" {
		return l
	}
	return fallbackLanguage
}

func (m *messages) like(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	for l := range m.texts {
		if p, _, _ := strings.Cut(strings.ToLower(l), "-"); p == primary {
			return l
		}
	}
	return ""
}

// accepted is the first language of an Accept-Language header, by weight, that we have texts in.
func (m *messages) accepted(header string) (best string) {
	weight := 0.0
	for _, part := range strings.Split(header, ",") {
		tag, q, weighted := strings.Cut(part, ";q=")
		w := 1.0
		if weighted {
			w, _ = strconv.ParseFloat(strings.TrimSpace(q), 64)
		}
		if l := m.like(tag); l != "" && w > weight {
			best, weight = l, w
		}
	}
	return best
}

// title is a status in words.
func (m *messages) title(lang string, status int) string {
	return m.texts[lang]["status."+strconv.Itoa(status)]
}

var (
	optionalPart = regexp.MustCompile(`\[[^\]]*\]`)
	parameter    = regexp.MustCompile(`\{[A-Za-z]+\}`)
)

// text is a problem as a sentence. A code without text is shown as it is: a test keeps that from happening.
func (m *messages) text(lang string, p problem.Problem) string {
	t, ok := m.texts[lang][p.Code]
	if !ok {
		return p.Code
	}
	t = optionalPart.ReplaceAllStringFunc(t, func(part string) string {
		for _, name := range parameter.FindAllString(part, -1) {
			if shown(p.Params[name[1:len(name)-1]], lang) == "" {
				return ""
			}
		}
		return part[1 : len(part)-1]
	})
	return strings.TrimSpace(parameter.ReplaceAllStringFunc(t, func(name string) string {
		return shown(p.Params[name[1:len(name)-1]], lang)
	}))
}

// shown is a parameter as people read it.
func shown(v any, lang string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case definition.Text:
		return v.In(lang)
	case []string:
		return strings.Join(v, separator(lang))
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = shown(x, lang)
		}
		return strings.Join(parts, separator(lang))
	}
	return fmt.Sprint(v)
}

func separator(lang string) string {
	if lang == "zh-CN" {
		return "、"
	}
	return ", "
}

// Say gives a function that puts a problem into the words of a language, for what is written outside of a request.
func Say() func(locale string, p problem.Problem) string {
	m := newMessages()
	return func(locale string, p problem.Problem) string { return m.text(m.nearest(locale), p) }
}
