package api

import (
	"encoding/json"
	"slices"

	"formwork/engine/catalog"
	"formwork/schemas/value"
)

// schema is the form's schema without properties that are hidden, and without the keywords that could tell of them.
// Properties keep their order.
func (n narrowed) schema() (json.RawMessage, error) {
	if !slices.ContainsFunc(n.f.Fields, func(x *catalog.Field) bool { return n.hidden(x.Key) }) {
		return n.f.Published, nil
	}
	var top, properties map[string]json.RawMessage
	if err := json.Unmarshal(n.f.Published, &top); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(top["properties"], &properties); err != nil {
		return nil, err
	}
	var required []string
	if len(top["required"]) > 0 {
		if err := json.Unmarshal(top["required"], &required); err != nil {
			return nil, err
		}
	}
	var o ordered
	for _, k := range []string{"$schema", "$id", "title", "description", "type"} {
		o.raw(k, top[k])
	}
	if required = slices.DeleteFunc(required, n.hidden); len(required) > 0 {
		b, err := encode(required)
		if err != nil {
			return nil, err
		}
		o.raw("required", b)
	}
	var own ordered
	for _, x := range n.f.Fields {
		if n.hidden(x.Key) {
			continue
		}
		p := properties[x.Key]
		if n.tells(x) {
			var err error
			if p, err = untold(p); err != nil {
				return nil, err
			}
		}
		own.raw(x.Key, p)
	}
	o.raw("properties", own.bytes())
	o.raw("additionalProperties", top["additionalProperties"])
	return o.bytes(), nil
}

// tells says whether the settings of a field name a hidden one.
func (n narrowed) tells(x *catalog.Field) bool {
	return n.names(x.Formula) || n.names(x.DefaultExpr) || x.Lookup != nil && n.hidden(x.Lookup.Via.Key)
}

// untold takes the settings that name other fields out of a property.
func untold(property json.RawMessage) (json.RawMessage, error) {
	v, err := value.Decode(property)
	if err != nil {
		return nil, err
	}
	m, _ := v.(map[string]any)
	settings, _ := m["x-field"].(map[string]any)
	for _, k := range []string{"expr", "via", "default"} {
		delete(settings, k)
	}
	return value.AppendJSON(nil, m), nil
}

// ordered writes a JSON object whose members keep the order in which they are added.
type ordered struct{ b []byte }

func (o *ordered) raw(key string, v json.RawMessage) {
	if len(v) == 0 {
		return
	}
	if o.b == nil {
		o.b = append(o.b, '{')
	} else {
		o.b = append(o.b, ',')
	}
	o.b = append(value.AppendString(o.b, key), ':')
	o.b = append(o.b, v...)
}

func (o *ordered) bytes() []byte {
	if o.b == nil {
		return []byte("{}")
	}
	return append(o.b, '}')
}
