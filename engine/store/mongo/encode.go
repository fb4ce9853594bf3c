package mongo

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

// maxBSON is MongoDB's limit for a document.
const maxBSON = 16 << 20

// odd is a value that does not stand in the body as it is: its place and its JSON.
type odd struct {
	path []string
	json []byte
}

type encoder struct {
	layout *layout
	b      []byte
	path   []string
	odds   []odd
}

// encode writes a document as it is stored with the given version. ErrTooLarge.
func (l *layout) encode(d *store.Doc, version int64) (bson.Raw, error) {
	e := &encoder{layout: l, b: make([]byte, 0, 1024)}
	tree := d.Tree()
	start, b := bsoncore.AppendDocumentStart(e.b)
	b = bsoncore.AppendStringElement(b, "_id", d.ID)
	b = bsoncore.AppendInt64Element(b, "version", version)
	b = bsoncore.AppendBooleanElement(b, "live", !d.Deleted)
	b = bsoncore.AppendInt32Element(b, "layout", l.version)
	e.b = b
	at := e.begin("doc")
	e.object(tree, l.root)
	e.end(at)
	if len(e.b) > store.MaxDocument/6 && len(d.JSON()) > store.MaxDocument { // JSON is at most six times its BSON
		return nil, store.ErrTooLarge
	}
	e.derive(tree)
	e.strange()
	e.b, _ = bsoncore.AppendDocumentEnd(e.b, start)
	if len(e.b) > maxBSON {
		return nil, store.ErrTooLarge
	}
	return e.b, nil
}

func (e *encoder) begin(key string) int32 {
	at, b := bsoncore.AppendDocumentElementStart(e.b, key)
	e.b = b
	return at
}

func (e *encoder) end(at int32) { e.b, _ = bsoncore.AppendDocumentEnd(e.b, at) }

func (e *encoder) object(m map[string]any, n *node) {
	var few [24]string
	keys := slices.AppendSeq(few[:0], maps.Keys(m))
	slices.Sort(keys)
	for _, k := range keys {
		next := n.child(k)
		if next == nil {
			e.value(escapeKey(clean(k)), m[k])
			continue
		}
		e.path = append(e.path, k)
		if next.column != nil {
			e.column(escapeKey(k), *next.column, m[k])
		} else {
			e.inner(escapeKey(k), m[k], next)
		}
		e.path = e.path[:len(e.path)-1]
	}
}

// inner writes what stands above a column. A list there is set aside: MongoDB's paths reach into lists, ours do not.
func (e *encoder) inner(key string, v any, n *node) {
	switch v := v.(type) {
	case map[string]any:
		at := e.begin(key)
		e.object(v, n)
		e.end(at)
	case []any, []string:
		e.setAside(v)
	default:
		e.value(key, v)
	}
}

func (e *encoder) setAside(v any) {
	e.odds = append(e.odds, odd{path: slices.Clone(e.path), json: value.AppendJSON(nil, v)})
}

// column writes a column's scalar, or its distinct items, in its native type, and sets the value aside where that is
// not all there is to it.
func (e *encoder) column(key string, c query.Column, v any) {
	v = canonical(v)
	if c.Array {
		items := items(c, v)
		if len(items) > 0 {
			e.array(key, c, items)
		}
		list, ok := v.([]any)
		if !ok || len(items) == 0 || !slices.EqualFunc(items, list, func(s, x any) bool { return c.Value(s) == x }) {
			e.setAside(v)
		}
		return
	}
	s := c.Scalar(v)
	if s != nil {
		e.scalar(key, c, s)
	}
	if s == nil || c.Value(s) != v {
		e.setAside(v)
	}
}

func (e *encoder) array(key string, c query.Column, items []any) {
	at, b := bsoncore.AppendArrayElementStart(e.b, key)
	e.b = b
	for i, s := range items {
		e.scalar(strconv.Itoa(i), c, s)
	}
	e.b, _ = bsoncore.AppendArrayEnd(e.b, at)
}

func items(c query.Column, v any) []any {
	return query.Column{Path: []string{""}, Kind: c.Kind, Scale: c.Scale, Array: true}.Items(map[string]any{"": v})
}

func (e *encoder) scalar(key string, c query.Column, s any) {
	v, _ := native(c, s)
	switch v := v.(type) {
	case string:
		e.b = bsoncore.AppendStringElement(e.b, key, v)
	case bool:
		e.b = bsoncore.AppendBooleanElement(e.b, key, v)
	case int64:
		e.b = bsoncore.AppendInt64Element(e.b, key, v)
	case bson.DateTime:
		e.b = bsoncore.AppendDateTimeElement(e.b, key, int64(v))
	case bson.Decimal128:
		h, l := v.GetBytes()
		e.b = bsoncore.AppendDecimal128Element(e.b, key, h, l)
	}
}

// canonical brings what AppendJSON takes beside the canonical values to what reading it back gives.
func canonical(v any) any {
	switch v := v.(type) {
	case string:
		return clean(v)
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case value.Decimal:
		return v.Float()
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = clean(s)
		}
		return out
	case []any:
		for i, x := range v {
			switch x.(type) {
			case int, int64, value.Decimal:
				out := slices.Clone(v)
				for j := i; j < len(v); j++ {
					out[j] = canonical(v[j])
				}
				return out
			}
		}
	}
	return v
}

// exact is the largest integer up to which every float64 integer is its own and its neighbours are not it.
const exact = 1 << 53

// value writes what no column declares: integers as int64, other numbers as doubles, which are exact.
func (e *encoder) value(key string, v any) {
	switch v := v.(type) {
	case nil:
		e.b = bsoncore.AppendNullElement(e.b, key)
	case string:
		e.b = bsoncore.AppendStringElement(e.b, key, clean(v))
	case bool:
		e.b = bsoncore.AppendBooleanElement(e.b, key, v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= exact {
			e.b = bsoncore.AppendInt64Element(e.b, key, int64(v))
		} else {
			e.b = bsoncore.AppendDoubleElement(e.b, key, v)
		}
	case int:
		e.b = bsoncore.AppendInt64Element(e.b, key, int64(v))
	case int64:
		e.b = bsoncore.AppendInt64Element(e.b, key, v)
	case value.Decimal:
		if d, err := bson.ParseDecimal128(v.String()); err == nil {
			h, l := d.GetBytes()
			e.b = bsoncore.AppendDecimal128Element(e.b, key, h, l)
		} else {
			e.b = bsoncore.AppendDoubleElement(e.b, key, v.Float())
		}
	case map[string]any:
		at := e.begin(key)
		e.object(v, nil)
		e.end(at)
	case []string:
		e.value(key, canonical(v))
	case []any:
		at, b := bsoncore.AppendArrayElementStart(e.b, key)
		e.b = b
		for i, x := range v {
			e.value(strconv.Itoa(i), x)
		}
		e.b, _ = bsoncore.AppendArrayEnd(e.b, at)
	default:
		value.AppendJSON(nil, v) // panics with the type
	}
}

// strange writes what was set aside.
func (e *encoder) strange() {
	if len(e.odds) == 0 {
		return
	}
	list, b := bsoncore.AppendArrayElementStart(e.b, "odd")
	e.b = b
	for i, o := range e.odds {
		at := e.begin(strconv.Itoa(i))
		path, b := bsoncore.AppendArrayElementStart(e.b, "at")
		for j, k := range o.path {
			b = bsoncore.AppendStringElement(b, strconv.Itoa(j), k)
		}
		b, _ = bsoncore.AppendArrayEnd(b, path)
		e.b = bsoncore.AppendStringElement(b, "json", string(o.json))
		e.end(at)
	}
	e.b, _ = bsoncore.AppendArrayEnd(e.b, list)
}
