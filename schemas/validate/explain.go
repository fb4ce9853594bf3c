package validate

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// codes gives each keyword the code of its problem.
var codes = map[string]string{
	"type": "type", "enum": "enum", "const": "const", "format": "format", "pattern": "pattern", "not": "not",
	"minLength": "min-length", "maxLength": "max-length",
	"minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "exclusive-minimum", "exclusiveMaximum": "exclusive-maximum",
	"multipleOf": "multiple-of",
	"minItems":   "min-items", "maxItems": "max-items", "uniqueItems": "unique-items",
	"minContains": "contains", "maxContains": "max-contains",
	"minProperties": "min-properties", "maxProperties": "max-properties",
	"anyOf": "any-of", "oneOf": "one-of",
}

// explain turns the library's error into problems: one per leaf, in the order of their pointers.
func explain(doc, instance any, err error) problem.List {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return problem.List{problem.New("schema-error", "", problem.P{"reason": err.Error()})}
	}
	e := explainer{doc: doc, instance: instance}
	e.cause(v)
	slices.SortStableFunc(e.problems, func(a, b problem.Problem) int {
		return cmp.Or(comparePointers(a.Pointer, b.Pointer), cmp.Compare(a.Code, b.Code))
	})
	return slices.CompactFunc(e.problems, func(a, b problem.Problem) bool {
		return a.Pointer == b.Pointer && a.Code == b.Code && value.Equal(limit(a), limit(b))
	})
}

func limit(p problem.Problem) any { return p.Params["limit"] }

type explainer struct {
	doc, instance any
	problems      problem.List
	suggestions   int // how many were looked for; each costs time
}

const mostSuggestions = 50

func (e *explainer) cause(v *jsonschema.ValidationError) {
	keyword, node := e.keyword(v)
	switch {
	case keyword == "anyOf" || keyword == "oneOf":
		e.branches(v, keyword)
	case keyword == "minContains" || len(v.Causes) == 0:
		e.leaf(v, keyword, node)
	default:
		for _, c := range v.Causes {
			e.cause(c)
		}
	}
}

// branches explains why no branch of an anyOf or oneOf fits. When all but one are out of the question, because the value
// is of another type or a constant in it says that another branch is meant, that one's causes are what people must know;
// else that none fits.
func (e *explainer) branches(v *jsonschema.ValidationError, keyword string) {
	var likely []*jsonschema.ValidationError
	for _, c := range v.Causes {
		if !e.otherKind(c, pointerOf(v)) {
			likely = append(likely, c)
		}
	}
	if len(likely) == 1 {
		e.cause(likely[0])
		return
	}
	params := problem.P{"branches": len(v.Causes)}
	if len(v.Causes) == 0 {
		params = problem.P{"several": true} // a oneOf that more than one branch fits
	}
	e.problems = append(e.problems, problem.New(codes[keyword], pointerOf(v), params))
}

// otherKind says whether the value at the pointer is not of a branch's kind.
func (e *explainer) otherKind(v *jsonschema.ValidationError, at string) bool {
	if len(v.Causes) > 0 {
		return slices.ContainsFunc(v.Causes, func(c *jsonschema.ValidationError) bool { return e.otherKind(c, at) })
	}
	switch keyword, _ := e.keyword(v); keyword {
	case "type":
		return pointerOf(v) == at
	case "const":
		rest, below := strings.CutPrefix(pointerOf(v), at)
		return below && strings.Count(rest, "/") <= 1
	}
	return false
}

// keyword gives the keyword that failed and the schema it stands in; "" for a schema that is false.
func (e *explainer) keyword(v *jsonschema.ValidationError) (string, map[string]any) {
	_, fragment, _ := strings.Cut(v.AbsoluteKeywordLocation, "#")
	parts := strings.Split(unescape(fragment), "/")
	if len(v.Causes) == 0 && v.Message == "not allowed" || len(parts) < 2 {
		return "", nil
	}
	keyword := parts[len(parts)-1]
	n := len(parts) - 1
	if _, err := strconv.Atoi(keyword); err == nil && n >= 2 { // allOf/0, dependentRequired/name/0
		switch {
		case n >= 3 && parts[n-2] == "dependentRequired":
			keyword, n = "dependentRequired", n-2
		default:
			keyword, n = parts[n-1], n-1
		}
	}
	node, _ := at(e.doc, parts[1:n]).(map[string]any)
	return keyword, node
}

func (e *explainer) leaf(v *jsonschema.ValidationError, keyword string, node map[string]any) {
	here := pointerOf(v)
	actual := at(e.instance, split(here))
	if parts := split(v.KeywordLocation); aboutName(parts) {
		name := split(here)
		e.problems = append(e.problems, problem.New("property-name", here, params(keyword, node[keyword], unescaper.Replace(name[len(name)-1]))))
		return
	}
	switch keyword {
	case "required":
		e.missing(here, actual, node["required"])
	case "dependentRequired":
		all, _ := node["dependentRequired"].(map[string]any)
		object, _ := actual.(map[string]any)
		for _, name := range sorted(all) {
			if _, have := object[name]; have {
				e.missing(here, actual, all[name])
			}
		}
	case "additionalProperties":
		e.additional(here, actual, node)
	case "":
		e.problems = append(e.problems, problem.New("not-allowed", here, nil))
	default:
		code := codes[keyword]
		if code == "" {
			code = keyword
		}
		e.problems = append(e.problems, problem.New(code, here, params(keyword, node[keyword], actual)))
	}
}

// aboutName says whether a keyword, by its path through the schema, looked at the name of a member: propertyNames,
// unless that is itself the name of a property.
func aboutName(path []string) bool {
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == "propertyNames":
			return true
		case slices.Contains(named, path[i]):
			i++ // a name follows
		}
	}
	return false
}

func (e *explainer) missing(at string, actual, names any) {
	object, _ := actual.(map[string]any)
	list, _ := names.([]any)
	for _, x := range list {
		name, _ := x.(string)
		if _, have := object[name]; !have {
			e.problems = append(e.problems, problem.New("required", at+problem.Pointer(name), nil))
		}
	}
}

// additional names the members that no keyword allows, with the allowed one that each is most like.
func (e *explainer) additional(at string, actual any, node map[string]any) {
	object, _ := actual.(map[string]any)
	properties, _ := node["properties"].(map[string]any)
	patterns, _ := node["patternProperties"].(map[string]any)
	var free []string // allowed and not there
	for _, name := range sorted(properties) {
		if _, have := object[name]; !have {
			free = append(free, name)
		}
	}
	for _, name := range sorted(object) {
		if _, known := properties[name]; known || matchesAny(patterns, name) {
			continue
		}
		params := problem.P{"property": cut(name)}
		if e.suggestions++; e.suggestions <= mostSuggestions {
			if near := value.Nearest(name, free); near != "" {
				params["suggestion"] = near
			}
		}
		e.problems = append(e.problems, problem.New("additional-property", at+problem.Pointer(name), params))
	}
}

func matchesAny(patterns map[string]any, name string) bool {
	for p := range patterns {
		if re, err := Pattern(p); err == nil && re.MatchString(name) {
			return true
		}
	}
	return false
}
