package validate

import (
	"errors"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// malformed says where JSON text stops being JSON.
func malformed(err error) error {
	f := problem.Fail(problem.Malformed, "malformed", "", nil)
	var s *value.SyntaxError
	if errors.As(err, &s) {
		f.Problems[0].Pointer = s.Pointer
		f.Problems[0].Params = problem.P{"offset": s.Offset}
	}
	f.Cause = err
	return f
}

// wrongSchema explains why the library refused a schema, with pointers into it.
func wrongSchema(err error, doc any) error {
	var remote remoteError
	var v *jsonschema.ValidationError
	switch {
	case errors.As(err, &remote):
		return problem.Fail(problem.Invalid, "remote-ref", "", problem.P{"ref": string(remote)})
	case errors.As(err, &v):
		return &problem.Failure{Kind: problem.Invalid, Problems: explainMeta(doc, v)}
	}
	return &problem.Failure{Kind: problem.Invalid, Problems: problem.List{
		problem.New("wrong-schema", "", problem.P{"reason": err.Error()})}, Cause: err}
}

// explainMeta explains a violation of JSON Schema's own schema, whose keywords are not in doc: one problem per
// place.
func explainMeta(doc any, v *jsonschema.ValidationError) problem.List {
	if len(v.Causes) == 0 {
		return problem.List{problem.New("wrong-schema", pointerOf(v), problem.P{"reason": v.Message, "actual": brief(at(doc, split(pointerOf(v))))})}
	}
	var out problem.List
	for _, c := range v.Causes {
		for _, p := range explainMeta(doc, c) {
			if !slices.ContainsFunc(out, func(q problem.Problem) bool { return q.Pointer == p.Pointer }) {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b problem.Problem) int { return comparePointers(a.Pointer, b.Pointer) })
	return out
}
