package mongo

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"formwork/engine/query"
	"formwork/schemas/value"
)

const dayMillis = 24 * 60 * 60 * 1000

// farDay is beyond every date that a document can hold (years 1 to 9999) and still a date in milliseconds.
const farDay = 4_000_000

// native is a column's scalar in the type that its documents hold; ok is false when no document of the column's kind
// can hold it.
func native(c query.Column, scalar any) (v any, ok bool) {
	switch s := scalar.(type) {
	case string:
		return s, c.Kind == query.Text
	case bool:
		return s, c.Kind == query.Bool
	case int64:
		switch c.Kind {
		case query.Number:
			if c.Scale == 0 {
				return s, true
			}
			return decimal(s, c.Scale), true
		case query.Date:
			return bson.DateTime(min(max(s, -farDay), farDay) * dayMillis), true
		case query.Instant:
			return bson.DateTime(min(max(s, -farDay*dayMillis), farDay*dayMillis)), true
		}
	}
	return nil, false
}

// natives converts what documents of the column can hold and leaves out the rest.
func natives(c query.Column, scalars []any) bson.A {
	out := bson.A{}
	for _, s := range scalars {
		if v, ok := native(c, s); ok {
			out = append(out, v)
		}
	}
	return out
}

// decimal is n shifted by scale decimals as a Decimal128, always with scale decimals, so that equal numbers are equal
// bytes. Layout: IEEE 754-2008 decimal128, binary integer significand, exponent bias 6176.
func decimal(n int64, scale int) bson.Decimal128 {
	high, low := uint64(6176-scale)<<49, uint64(n)
	if n < 0 {
		high, low = high|1<<63, uint64(-n)
	}
	return bson.NewDecimal128(high, low)
}

// unscaled reads a Decimal128 as an integer shifted by scale decimals.
func unscaled(d bson.Decimal128, scale int) (*big.Int, bool) {
	n, exp, err := d.BigInt()
	if err != nil {
		return nil, false
	}
	shift := exp + scale
	pow := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil)
	if shift >= 0 {
		return n.Mul(n, pow), true
	}
	return n.Quo(n, pow), true
}

// scalarOf reads a stored value back as the column's scalar, nil for null, absent and what is not of its kind.
func scalarOf(c query.Column, v bsoncore.Value) any {
	switch v.Type {
	case bsoncore.TypeString:
		if s, ok := v.StringValueOK(); ok && c.Kind == query.Text {
			return s
		}
	case bsoncore.TypeBoolean:
		if b, ok := v.BooleanOK(); ok && c.Kind == query.Bool {
			return b
		}
	case bsoncore.TypeDateTime:
		ms, _ := v.DateTimeOK()
		switch c.Kind {
		case query.Date:
			return (ms - ((ms%dayMillis)+dayMillis)%dayMillis) / dayMillis
		case query.Instant:
			return ms
		}
	default:
		if n, ok := integer(v, c.Scale); ok && c.Kind == query.Number && n.IsInt64() {
			return n.Int64()
		}
	}
	return nil
}

// integer reads a number of any BSON type as an integer shifted by scale decimals.
func integer(v bsoncore.Value, scale int) (*big.Int, bool) {
	switch v.Type {
	case bsoncore.TypeInt32:
		return shifted(int64(v.Int32()), scale), true
	case bsoncore.TypeInt64:
		return shifted(v.Int64(), scale), true
	case bsoncore.TypeDecimal128:
		h, l := v.Decimal128()
		return unscaled(bson.NewDecimal128(h, l), scale)
	case bsoncore.TypeDouble:
		if n, err := value.Scaled(v.Double(), scale); err == nil {
			return big.NewInt(n), true
		}
	}
	return nil, false
}

func shifted(n int64, scale int) *big.Int {
	b := big.NewInt(n)
	if scale > 0 {
		b.Mul(b, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
	}
	return b
}

// clean is the text as JSON would hold it: invalid UTF-8 becomes U+FFFD.
func clean(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// field finds a dotted path in a stored document.
func field(doc bsoncore.Document, path string) bsoncore.Value {
	v, err := doc.LookupErr(strings.Split(path, ".")...)
	if err != nil {
		return bsoncore.Value{}
	}
	return v
}
