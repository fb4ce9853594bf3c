package validate

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// MaxSize is how large a schema may be, in bytes.
const MaxSize = 1 << 20

// Schema is a compiled JSON Schema. It is immutable and safe for concurrent use.
type Schema struct {
	doc      any // as written, for the parameters of problems
	compiled *jsonschema.Schema
}

// Compile compiles a schema; name appears in error texts only. The error is a *problem.Failure of kind Invalid, or
// Malformed when the text is no JSON, with pointers into the schema.
func Compile(name string, schema []byte) (*Schema, error) {
	if len(schema) > MaxSize {
		return nil, problem.Fail(problem.Invalid, "schema-too-large", "", problem.P{"limit": MaxSize, "actual": len(schema)})
	}
	doc, err := value.Decode(schema)
	if err != nil {
		return nil, malformed(err)
	}
	if err := problem.Refuse(limits(doc)); err != nil {
		return nil, err
	}
	return compile(name, doc, nil)
}

// compile compiles a decoded schema that may refer to the resources, by URL.
func compile(name string, doc any, resources map[string]any) (*Schema, error) {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, remoteError(url) }
	for url, r := range resources {
		r, problems := translate(r)
		if err := problem.Refuse(problems); err != nil {
			return nil, err
		}
		if err := c.AddResource(url, strings.NewReader(string(value.AppendJSON(nil, r)))); err != nil {
			return nil, fmt.Errorf("%s: %w", url, err)
		}
	}
	translated, problems := translate(doc)
	if err := problem.Refuse(problems); err != nil {
		return nil, err
	}
	url := base + strings.NewReplacer(" ", "-", "#", "-", "?", "-", "%", "-").Replace(name)
	if err := c.AddResource(url, strings.NewReader(string(value.AppendJSON(nil, translated)))); err != nil {
		return nil, wrongSchema(err, doc)
	}
	compiled, err := c.Compile(url)
	if err != nil {
		return nil, wrongSchema(err, doc)
	}
	return &Schema{doc: doc, compiled: compiled}, nil
}

// base makes names absolute, so that relative references resolve to something that is never loaded.
const base = "formwork:///"

type remoteError string

func (e remoteError) Error() string { return "remote reference " + string(e) }

// Validate checks a canonical value (see schemas/value). The problems come in the order of their pointers; only causes
// are reported, not the keywords around them. nil when the value is valid.
func (s *Schema) Validate(v any) problem.List {
	if at, ok := finite(v); !ok {
		return problem.List{problem.New("number-out-of-range", at, nil)}
	}
	err := s.compiled.Validate(v)
	if err == nil {
		return nil
	}
	return explain(s.doc, v, err)
}

// finite finds a number that JSON cannot express; the library would stumble over it.
func finite(v any) (at string, ok bool) {
	switch v := v.(type) {
	case float64:
		return "", !math.IsNaN(v) && !math.IsInf(v, 0)
	case []any:
		for i, x := range v {
			if at, ok := finite(x); !ok {
				return problem.Pointer(i) + at, false
			}
		}
	case map[string]any:
		for k, x := range v {
			if at, ok := finite(x); !ok {
				return problem.Pointer(k) + at, false
			}
		}
	}
	return "", true
}
