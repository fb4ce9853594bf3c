package mongo

import (
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/value"
)

var errDamaged = errors.New("mongo: damaged document")

// unknownLayout is a document written under a declaration that this process has not read yet.
type unknownLayout int32

func (e unknownLayout) Error() string { return fmt.Sprintf("mongo: unknown layout %d", int32(e)) }

// decode reads a stored document. layouts finds the layout that it was written under, nil for unknownLayout.
func decode(raw bson.Raw, layouts func(int32) *layout) (*store.Doc, error) {
	var (
		id      string
		version int64
		live    bool
		l       *layout
		body    bsoncore.Document
		odds    bsoncore.Array
	)
	err := each(bsoncore.Document(raw), func(key string, v bsoncore.Value) error {
		switch key {
		case "_id":
			id, _ = v.StringValueOK()
		case "version":
			version, _ = v.AsInt64OK()
		case "live":
			live, _ = v.BooleanOK()
		case "layout":
			n, _ := v.AsInt64OK()
			if l = layouts(int32(n)); l == nil {
				return unknownLayout(n)
			}
		case "doc":
			body, _ = v.DocumentOK()
		case "odd":
			odds, _ = v.ArrayOK()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if l == nil || body == nil {
		return nil, fmt.Errorf("%w: %q", errDamaged, id)
	}
	d := decoder{b: make([]byte, 0, len(body)), sorted: true}
	if err := d.object(body, l.root); err != nil {
		return nil, err
	}
	if d.sorted && odds == nil {
		return store.Read(id, version, !live, d.b), nil
	}
	tree := value.MustDecode(d.b)
	if err := putBack(tree, odds); err != nil {
		return nil, err
	}
	doc := store.New(id, tree)
	doc.Version, doc.Deleted = version, !live
	return doc, nil
}

func each(doc bsoncore.Document, fn func(key string, v bsoncore.Value) error) error {
	_, rest, ok := bsoncore.ReadLength(doc)
	for ok && len(rest) > 1 {
		var e bsoncore.Element
		if e, rest, ok = bsoncore.ReadElement(rest); !ok {
			break
		}
		if err := fn(e.Key(), e.Value()); err != nil {
			return err
		}
	}
	if !ok {
		return errDamaged
	}
	return nil
}

// decoder writes JSON. sorted turns false when keys did not come in order, as after an edit by hand.
type decoder struct {
	b      []byte
	sorted bool
}

func (d *decoder) object(doc bsoncore.Document, n *node) error {
	d.b = append(d.b, '{')
	last, first := "", true
	err := each(doc, func(key string, v bsoncore.Value) error {
		key = unescapeKey(key)
		if !first {
			d.b = append(d.b, ',')
			d.sorted = d.sorted && last < key
		}
		last, first = key, false
		d.b = append(value.AppendString(d.b, key), ':')
		return d.value(v, n.child(key))
	})
	d.b = append(d.b, '}')
	return err
}

func (d *decoder) value(v bsoncore.Value, n *node) error {
	switch v.Type {
	case bsoncore.TypeString:
		s, _ := v.StringValueOK()
		d.b = value.AppendString(d.b, s)
	case bsoncore.TypeInt64, bsoncore.TypeInt32:
		i, _ := v.AsInt64OK()
		d.b = value.AppendJSON(d.b, i)
	case bsoncore.TypeDouble:
		d.b = value.AppendJSON(d.b, v.Double())
	case bsoncore.TypeBoolean:
		d.b = value.AppendJSON(d.b, v.Boolean())
	case bsoncore.TypeNull:
		d.b = append(d.b, "null"...)
	case bsoncore.TypeDecimal128:
		return d.decimal(v, n)
	case bsoncore.TypeDateTime:
		ms, _ := v.DateTimeOK()
		if n != nil && n.column != nil && n.column.Kind == query.Date {
			d.b = value.AppendString(d.b, value.FormatDate(scalarOf(*n.column, v).(int64)))
		} else {
			d.b = value.AppendString(d.b, value.FormatInstant(ms))
		}
	case bsoncore.TypeEmbeddedDocument:
		return d.object(v.Document(), n)
	case bsoncore.TypeArray:
		d.b = append(d.b, '[')
		first := true
		err := each(bsoncore.Document(v.Array()), func(_ string, v bsoncore.Value) error {
			if !first {
				d.b = append(d.b, ',')
			}
			first = false
			return d.value(v, n) // the items of an array column are of its kind
		})
		d.b = append(d.b, ']')
		return err
	default:
		return fmt.Errorf("%w: %s in the body", errDamaged, v.Type)
	}
	return nil
}

func (d *decoder) decimal(v bsoncore.Value, n *node) error {
	if n != nil && n.column != nil {
		if s, ok := scalarOf(*n.column, v).(int64); ok {
			d.b = value.AppendJSON(d.b, value.Unscaled(s, n.column.Scale))
			return nil
		}
	}
	h, l := v.Decimal128()
	i, exp, err := bson.NewDecimal128(h, l).BigInt()
	if err != nil {
		return fmt.Errorf("%w: %v", errDamaged, err)
	}
	if exp > 0 {
		i, _ = unscaled(bson.NewDecimal128(h, l), 0)
		exp = 0
	}
	d.b = value.AppendJSON(d.b, value.Decimal{Unscaled: i, Scale: -exp})
	return nil
}

// putBack returns what was set aside to its place.
func putBack(tree map[string]any, odds bsoncore.Array) error {
	if odds == nil {
		return nil
	}
	return each(bsoncore.Document(odds), func(_ string, v bsoncore.Value) error {
		doc, ok := v.DocumentOK()
		if !ok {
			return errDamaged
		}
		var path []string
		at, _ := doc.Lookup("at").ArrayOK()
		if err := each(bsoncore.Document(at), func(_ string, v bsoncore.Value) error {
			k, _ := v.StringValueOK()
			path = append(path, k)
			return nil
		}); err != nil || len(path) == 0 {
			return errDamaged
		}
		text, _ := doc.Lookup("json").StringValueOK()
		x, err := value.Decode([]byte(text))
		if err != nil {
			return fmt.Errorf("%w: %v", errDamaged, err)
		}
		in := tree
		for _, k := range slices.All(path[:len(path)-1]) {
			next, ok := in[k].(map[string]any)
			if !ok {
				next = map[string]any{}
				in[k] = next
			}
			in = next
		}
		in[path[len(path)-1]] = x
		return nil
	})
}
