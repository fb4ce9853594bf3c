package record

import (
	"maps"

	"formwork/engine/catalog"
	"formwork/schemas/field"
	"formwork/schemas/value"
)

// lift brings the data of a record that an older version of the form wrote to the present one: values whose field
// changed its type are coerced; what does not fit is moved aside, under "aside" in the record, visibly and for good.
func (p *pipeline) lift() {
	tree := p.e.before.Tree()
	old, _ := tree["aside"].(map[string]any)
	p.aside = maps.Clone(old)
	if int64(num(tree["version"])) >= p.f.PlainSince {
		return
	}
	lifted, aside := lift(p.f, p.data, field.Env{Zone: p.zone, NewID: p.NewID})
	p.data = lifted
	for k, v := range aside {
		if p.aside == nil {
			p.aside = map[string]any{}
		}
		p.aside[k] = v
	}
}

// lift coerces every value to the present type of its field. Values of fields that are no longer declared stay as they
// are: a rollback finds them again.
func lift(f *catalog.Form, data map[string]any, env field.Env) (lifted, aside map[string]any) {
	lifted = make(map[string]any, len(data))
	for k, v := range data {
		x, ok := f.ByKey[k]
		if !ok {
			lifted[k] = v
			continue
		}
		if x.Computed() && x.Type.Key != "serial" {
			lifted[k] = v // computed anew by whoever writes
			continue
		}
		got, ps := x.As.Coerce(x.AsDef, v, env)
		if !ps.Blocks() {
			if !value.IsEmpty(got) {
				lifted[k] = got
			}
			continue
		}
		// A value that is merely an option no longer offered stays; one of another shape cannot.
		if _, wasText := v.(string); wasText && x.Type.Storage(x.Def).Kind == "text" && !x.Type.Storage(x.Def).Array {
			lifted[k] = v
			continue
		}
		if aside == nil {
			aside = map[string]any{}
		}
		aside[k] = v
	}
	return lifted, aside
}
