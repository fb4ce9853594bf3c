package mongo

import (
	"math"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/value"
)

var things = []query.Column{
	{Key: "name", Path: []string{"name"}, Kind: query.Text, Order: true, Match: true, Search: true},
	{Key: "count", Path: []string{"count"}, Kind: query.Number},
	{Key: "price", Path: []string{"data", "price"}, Kind: query.Number, Scale: 2},
	{Key: "day", Path: []string{"day"}, Kind: query.Date},
	{Key: "at", Path: []string{"at"}, Kind: query.Instant},
	{Key: "done", Path: []string{"done"}, Kind: query.Bool},
	{Key: "tags", Path: []string{"tags"}, Kind: query.Text, Array: true},
	{Key: "qty", Path: []string{"lines", "qty"}, Kind: query.Number},
	{Key: "dotted", Path: []string{"a.b", "$c"}, Kind: query.Text},
	{Key: "same", Path: []string{"count"}, Kind: query.Number, Scale: 1}, // the place is taken in another type
	{Key: "above", Path: []string{"data"}, Kind: query.Text},             // ends above another column
}

// What other tools see: numbers, decimals and dates, not texts.
func TestNativeTypes(t *testing.T) {
	s := open(t, mongoserver.SharedDatabase(t))
	if err := s.Ensure(t.Context(), store.Collection{Name: "things", Columns: things[:8]}); err != nil {
		t.Fatal(err)
	}
	insert(t, s, "things", "a", `{"name":"华为","count":3,"data":{"price":12.5},"day":"2017-03-01","at":"2017-03-01T08:00:00.123Z","done":true,"tags":["x"],"free":7,"half":0.5,"when":"2017-03-01"}`)
	var got struct {
		Live bool
		Doc  bson.M
		K    bson.M
		F    bson.M
		I    bson.M
		G    []string
	}
	if err := s.db.Collection("things").FindOne(t.Context(), bson.D{{Key: "_id", Value: "a"}}).Decode(&got); err != nil {
		t.Fatal(err)
	}
	price, _ := bson.ParseDecimal128("12.50")
	data, _ := got.Doc["data"].(bson.D)
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"live", got.Live, true},
		{"count", got.Doc["count"], int64(3)},
		{"price", data[0].Value, price},
		{"day", got.Doc["day"], bson.NewDateTimeFromTime(time.Date(2017, 3, 1, 0, 0, 0, 0, time.UTC))},
		{"at", got.Doc["at"], bson.NewDateTimeFromTime(time.Date(2017, 3, 1, 8, 0, 0, 123e6, time.UTC))},
		{"done", got.Doc["done"], true},
		{"free", got.Doc["free"], int64(7)},
		{"half", got.Doc["half"], 0.5},
		{"when", got.Doc["when"], "2017-03-01"},
		{"sort key", got.K["name"], value.SortKey("华为")},
		{"folded", got.F["name"], "华为"},
		{"initials", got.I["name"], "hw"},
		{"grams", len(got.G), 2},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v (%T), want %v", c.what, c.got, c.got, c.want)
		}
	}
}

// Every JSON object comes back byte for byte, whatever the columns make of it.
func TestRoundTrip(t *testing.T) {
	layouts := map[string]*layout{"declared": newLayout(1, things), "free": newLayout(1, nil)}
	for _, text := range []string{
		`{}`,
		`{"name":"华为","count":3,"data":{"price":12.34}}`,
		`{"name":3,"count":"3","data":{"price":12.345},"day":"2017-02-29","at":"2017-03-01T00:00:00+01:00","done":"yes"}`,
		`{"name":"","count":null,"data":[],"day":[],"at":{},"done":null,"tags":[]}`,
		`{"tags":["a","a","b"]}`, `{"tags":["a",1,null,""]}`, `{"tags":"a"}`, `{"tags":[["a"]]}`, `{"tags":[{"a":1}]}`,
		`{"lines":[{"qty":1},{"qty":2}]}`, `{"lines":{"qty":[1]}}`, `{"lines":{"qty":{"0":1}}}`, `{"data":"text"}`, `{"data":{"price":{"x":1}}}`,
		`{"":1,"$a":{"$b":[{"$c":null}]},"%":2,"%2E":4,".":3,"a.b":{"$c":"x","$d":"y"},"a\u0000b":1,"x.y":{"":{"..":1}}}`,
		`{"text":"nul \u0000 in it"}`, `{"name":"nul \u0000 in it"}`,
		`{"a":0.1,"b":1e21,"c":9007199254740993,"d":1e-10,"e":123456789012345680000,"f":-0.5,"g":9007199254740991,"h":1.7976931348623157e308,"i":5e-324}`,
		`{"count":1e300,"data":{"price":1e16}}`, `{"count":1.5}`, `{"data":{"price":-0.01}}`,
		`{"day":"0001-01-01","at":"9999-12-31T23:59:59.999Z"}`,
		`{"at":"2017-03-01T00:00:00.000Z","day":"1969-12-31"}`,
	} {
		v, err := value.Decode([]byte(text))
		if err != nil {
			t.Fatal(text, err)
		}
		want := string(value.AppendJSON(nil, v))
		for name, l := range layouts {
			raw, err := l.encode(store.New("id", v.(map[string]any)), 7)
			if err != nil {
				t.Fatal(text, err)
			}
			d, err := decode(raw, func(int32) *layout { return l })
			if err != nil {
				t.Fatalf("%s, %s: %v", name, text, err)
			}
			if got := string(d.JSON()); got != want || d.Version != 7 || d.ID != "id" || d.Deleted {
				t.Errorf("%s: got  %s\nwant %s", name, got, want)
			}
			for _, c := range l.list { // the body holds the column's scalar or nothing
				if !c.Array {
					if got, want := scalarOf(c, field(bsonDoc(raw), l.fields[c.Key])), c.Of(v.(map[string]any)); got != want {
						t.Errorf("%s: column %s of %s is %v, want %v", name, c.Key, text, got, want)
					}
				}
			}
		}
	}
}

func TestPhysicalNames(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"customer.customer", "a-b.c", "system.users", "_collections", "_counters", "_c_x", ".", "..", "a.", ".a", "a..b", "_c_._a", "a._b", "outbox"} {
		p, err := physicalName(name)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[p]; ok {
			t.Errorf("%s and %s are both %s", name, other, p)
		}
		seen[p] = name
	}
	for _, own := range []string{declarations, counters} {
		if other, ok := seen[own]; ok {
			t.Errorf("%s is taken by %s", own, other)
		}
	}
	for _, bad := range []string{"", "A", "a$b", "a b", "a/b"} {
		if _, err := physicalName(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSuccessor(t *testing.T) {
	for in, want := range map[string]string{"a": "b", "az": "a{", "\ud7ff": "\ue000", string(rune(math.MaxInt32 & 0x10FFFF)): "", "a\U0010FFFF": "b"} {
		if got := successor(in); got != want {
			t.Errorf("successor of %q is %q, want %q", in, got, want)
		}
	}
}
