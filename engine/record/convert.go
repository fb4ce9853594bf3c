package record

import (
	"maps"
	"time"

	"formwork/engine/catalog"
	"formwork/schemas/field"
	"formwork/schemas/value"
)

func (s *session) fieldEnv(zone *time.Location) field.Env {
	return field.Env{Zone: zone, NewID: s.NewID}
}

// behind says whether a stored record has the shape of an older version of its form.
func behind(f *catalog.Form, tree map[string]any) bool {
	return int64(num(tree["version"])) < f.PlainSince
}

// lift brings the data of a record that an older version of the form wrote to the present one: values whose field
// changed its type are coerced; what does not fit, or has no field any more, is moved aside, under "aside" in the record,
// for good. It comes back when a field takes it again. The result must not be changed.
func (p *pipeline) lift() map[string]any {
	tree := p.e.before.Tree()
	old, _ := tree["aside"].(map[string]any)
	if !behind(p.f, tree) && len(old) == 0 {
		return p.stored
	}
	lifted, aside := lift(p.f, p.stored, old, p.fieldEnv(p.Zone()))
	p.aside = aside
	return lifted
}

// lift coerces every value to the present type of its field. aside is what was moved aside before.
func lift(f *catalog.Form, data, aside map[string]any, env field.Env) (lifted, rest map[string]any) {
	lifted = make(map[string]any, len(data))
	put := func(k string, v any) bool {
		x, ok := f.ByKey[k]
		if !ok {
			return false
		}
		if x.Computed() && x.Type.Key != "serial" {
			lifted[k] = v // computed anew by whoever writes
			return true
		}
		got, ps := x.As.Coerce(x.AsDef, v, env)
		switch {
		case !ps.Blocks():
			if !value.IsEmpty(got) {
				lifted[k] = got
			}
		case sameShape(x, v):
			lifted[k] = v // an option, say, that is no longer offered
		default:
			return false
		}
		return true
	}
	rest = maps.Clone(aside)
	keep := func(k string, v any) {
		if rest == nil {
			rest = map[string]any{}
		}
		rest[k] = v
	}
	for k, v := range data {
		if !put(k, v) {
			keep(k, v)
		}
	}
	for k, v := range aside {
		if x := f.ByKey[k]; lifted[k] == nil && x != nil && !x.Computed() && put(k, v) {
			delete(rest, k)
		}
	}
	if len(rest) == 0 {
		rest = nil
	}
	return lifted, rest
}

// sameShape says whether a value is of the shape that its field stores, if not one that may be chosen today.
func sameShape(x *catalog.Field, v any) bool {
	st := x.Type.Storage(x.Def)
	if st.Kind != "text" {
		return false
	}
	list, isList := v.([]any)
	if !st.Array {
		_, text := v.(string)
		return text
	}
	for _, item := range list {
		if _, text := item.(string); !text {
			return false
		}
	}
	return isList
}
