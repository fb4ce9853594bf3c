package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

//go:embed openapi/*.json
var documentFiles embed.FS

// described is what operations*.json say of an operation. A body and the answers name schemas of schemas*.json: "Token",
// "[Token]" for {items: [Token]}, "Publish?" for a body that may be left out, a media type for what is no JSON, "" for
// nothing.
type described struct {
	ID      string            `json:"id"`
	Tag     string            `json:"tag"`
	Summary string            `json:"summary"`
	Query   map[string]string `json:"query"`
	Body    string            `json:"body"`
	Media   string            `json:"media"` // of the body, where it is no JSON
	Answers map[string]string `json:"answers"`
	Match   bool              `json:"match"` // takes If-Match
}

// descriptions reads the files of operations: by method and path, "GET /api/v1/apps/{app}".
func descriptions() (map[string]described, error) { return documented[described]("operations") }

// documented reads what several files say together: operations.json and operations-records.json, each name in one of them.
func documented[T any](what string) (map[string]T, error) {
	files, err := fs.Glob(documentFiles, "openapi/"+what+"*.json")
	if err != nil {
		return nil, err
	}
	out := map[string]T{}
	for _, name := range files {
		b, err := documentFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var part map[string]T
		if err := json.Unmarshal(b, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for k, v := range part {
			if _, twice := out[k]; twice {
				return nil, fmt.Errorf("%s: %s is described twice", name, k)
			}
			out[k] = v
		}
	}
	return out, nil
}

// object keeps JSON objects short to write.
type object = map[string]any

func schemaRef(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// Document is the OpenAPI document of a version of the product, for people to read and generators to work from. No server
// needs to run for it.
func Document(version string) ([]byte, error) {
	s := &Server{Options: Options{Version: version}}
	compact, err := s.buildDocument()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// buildDocument assembles the OpenAPI document of the routes.
func (s *Server) buildDocument() ([]byte, error) {
	operations, err := descriptions()
	if err != nil {
		return nil, err
	}
	schemas, err := documented[json.RawMessage]("schemas")
	if err != nil {
		return nil, err
	}
	paths := map[string]object{}
	for _, r := range s.routes() {
		path := inDocument(r.path)
		d, ok := operations[r.method+" "+path]
		if !ok {
			return nil, fmt.Errorf("openapi/operations.json says nothing of %s %s", r.method, path)
		}
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(r.method)] = operationOf(r, path, d)
	}
	return encode(object{
		"openapi": "3.1.0",
		"info": object{"title": "Formwork", "version": s.Version, "license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"},
			"description": "Definitions in, behaviour out. Errors are application/problem+json. Sessions send X-CSRF-Token with every unsafe request; API tokens go into Authorization: Bearer."},
		"servers":  []object{{"url": "/"}},
		"security": []object{{"token": []string{}}, {"session": []string{}}},
		"paths":    paths,
		"components": object{
			"schemas": schemas,
			"securitySchemes": object{
				"token":   object{"type": "http", "scheme": "bearer"},
				"session": object{"type": "apiKey", "in": "cookie", "name": cookieName},
			},
			"responses": object{"Problem": object{"description": "A problem document in the caller's language",
				"content": object{"application/problem+json": object{"schema": schemaRef("ProblemDocument")}}}},
		},
	})
}

var pathParameter = regexp.MustCompile(`:([a-z]+)`)

// inDocument is a route's path as OpenAPI writes it.
func inDocument(path string) string { return pathParameter.ReplaceAllString(path, "{$1}") }

func operationOf(r route, path string, d described) object {
	out := object{"operationId": d.ID, "summary": d.Summary, "tags": []string{d.Tag}}
	if r.open {
		out["security"] = []object{}
	}
	if p := parametersOf(r, path, d); len(p) > 0 {
		out["parameters"] = p
	}
	if d.Body != "" {
		name, optional := strings.CutSuffix(d.Body, "?")
		media := "application/json"
		if d.Media != "" {
			media = d.Media
		}
		out["requestBody"] = object{"required": !optional, "content": object{media: object{"schema": schemaRef(name)}}}
	}
	responses := object{"default": object{"$ref": "#/components/responses/Problem"}}
	for status, what := range d.Answers {
		responses[status] = answerOf(status, what)
	}
	out["responses"] = responses
	return out
}

func parametersOf(r route, path string, d described) (out []object) {
	text := object{"type": "string"}
	for _, m := range regexp.MustCompile(`\{([a-z]+)\}`).FindAllStringSubmatch(path, -1) {
		out = append(out, object{"name": m[1], "in": "path", "required": true, "schema": text})
	}
	for _, name := range sortedNames(d.Query) {
		out = append(out, object{"name": name, "in": "query", "description": d.Query[name], "schema": text})
	}
	if d.Match {
		out = append(out, object{"name": "If-Match", "in": "header", "description": "rev or rev.crev: 412 when somebody else saved first", "schema": text})
	}
	if unsafe(r.method) && !r.asks && !r.open {
		out = append(out, object{"name": "Idempotency-Key", "in": "header", "description": "The same request under the same key is carried out once; kept for 7 days", "schema": text})
	}
	return out
}

func answerOf(status, what string) object {
	code := 0
	_, _ = fmt.Sscanf(status, "%d", &code)
	out := object{"description": http.StatusText(code)}
	switch {
	case what == "":
	case strings.Contains(what, "/"):
		out["content"] = object{what: object{}}
	case strings.HasPrefix(what, "["):
		out["content"] = object{"application/json": object{"schema": itemsOf(strings.Trim(what, "[]"))}}
	default:
		out["content"] = object{"application/json": object{"schema": schemaRef(what)}}
	}
	return out
}

func itemsOf(name string) object {
	return object{"type": "object", "required": []string{"items"}, "additionalProperties": false,
		"properties": object{"items": object{"type": "array", "items": schemaRef(name)}}}
}

// openAPI gives the document.
func (s *Server) openAPI(x *call) error { return x.send(http.StatusOK, s.document) }

func sortedNames(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
