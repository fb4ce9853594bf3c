package formula

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var sales = Scope{
	"qty": Of(Number), "price": Of(Number), "name": Of(Text), "due": Of(DateKind), "at": Of(DateTime), "sum": Of(Number),
	"lines": ListOf(ObjectOf(map[string]Type{"qty": Of(Number), "price": Of(Number), "done": Of(Bool)})),
	"user":  ObjectOf(map[string]Type{"id": Of(Text)}),
}

func compile(t testing.TB, src string, opts Options) *Program {
	t.Helper()
	p, problems := Compile(src, sales, opts)
	if p == nil {
		t.Fatalf("%s: %s", src, problems)
	}
	return p
}

// Every entry of the table has both languages and an example that gives what it says.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Functions() {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if low := strings.ToLower(name); seen[low] {
				t.Errorf("%s occurs twice", name)
			} else {
				seen[low] = true
			}
		}
		if f.Doc.En == "" || f.Doc.Zh == "" || f.Group == "" {
			t.Errorf("%s lacks a doc or a group", f.Name)
		}
		p, problems := Compile(f.Example, nil, Options{Volatile: true})
		if p == nil {
			t.Errorf("%s: %s: %s", f.Name, f.Example, problems)
			continue
		}
		if !strings.Contains(strings.ToLower(f.Example), strings.ToLower(f.Name)+"(") {
			t.Errorf("%s: example %s", f.Name, f.Example)
		}
		if f.Volatile != (f.Gives == "") {
			t.Errorf("%s: volatile %v, gives %q", f.Name, f.Volatile, f.Gives)
		}
		if f.Volatile {
			continue
		}
		v, errs, err := p.Eval(context.Background(), Env{})
		got, _ := json.Marshal(Plain(v))
		if string(got) != f.Gives || len(errs) > 0 || err != nil {
			t.Errorf("%s = %s, %v, %v, want %s", f.Example, got, errs, err, f.Gives)
		}
	}
	if len(Functions()) < 45 {
		t.Errorf("only %d functions", len(Functions()))
	}
}

func TestDeps(t *testing.T) {
	for src, want := range map[string][]Dep{
		"1 + 2":                                    nil,
		"qty * price + qty":                        {{"qty"}, {"price"}},
		"sum(lines, .qty * .price)":                {{"lines", "qty"}, {"lines", "price"}},
		"count(lines)":                             {{"lines"}},
		"count(lines, .done) + len(lines)":         {{"lines", "done"}, {"lines"}},
		"sum(filter(lines, .done), .qty)":          {{"lines", "done"}, {"lines", "qty"}},
		"filter(lines, .done)":                     {{"lines", "done"}, {"lines"}},
		"first(sort(lines, .price)).qty":           {{"lines", "price"}, {"lines", "qty"}},
		"let l = lines; sum(l, .qty)":              {{"lines", "qty"}},
		"user.id + name":                           {{"user", "id"}, {"name"}},
		"lines[0].qty":                             {{"lines", "qty"}},
		"any(lines, true)":                         {{"lines"}},
		"sum + sum(1, 2)":                          {{"sum"}},
		"sum(map(lines, .qty))":                    {{"lines", "qty"}},
		"join(filter(lines, .qty > 1), ',', .qty)": {{"lines", "qty"}},
	} {
		p := compile(t, src, Options{})
		if got := p.Deps(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads %v, want %v", src, got, want)
		}
	}
}

func TestWant(t *testing.T) {
	for _, c := range []struct {
		src  string
		want Kind
		ok   bool
	}{
		{"qty", Number, true}, {"name", Number, false}, {"nil", Number, true}, {"'2024-01-01'", DateKind, true}, {"'soon'", DateKind, false},
		{"due", DateTime, true}, {"at", DateKind, false}, {"qty > 1", Bool, true}, {"qty", Text, false}, {"lines", List, true}, {"qty", Any, true},
	} {
		p, problems := Compile(c.src, sales, Options{Want: Of(c.want)})
		if (p != nil) != c.ok || p == nil && problems[0].Code != "type-mismatch" {
			t.Errorf("%s as %s: %v", c.src, c.want, problems)
		}
		if p != nil && c.want != Any && p.Type().Kind != c.want && p.Type().Kind != Empty {
			t.Errorf("%s as %s is %s", c.src, c.want, p.Type())
		}
	}
}

func TestVolatile(t *testing.T) {
	opts := Options{VolatileNames: []string{"user"}}
	for _, src := range []string{"today()", "user.id", "due < TODAY()", "sum(lines, .qty) > 1 ? now() : now()"} {
		if _, problems := Compile(src, sales, opts); len(problems) == 0 || problems[0].Code != "volatile" {
			t.Errorf("%s: %v", src, problems)
		}
		allowed := opts
		allowed.Volatile = true
		if p := compile(t, src, allowed); !p.Volatile() {
			t.Errorf("%s is volatile", src)
		}
	}
	if compile(t, "qty", opts).Volatile() {
		t.Error("qty is not volatile")
	}
}

func TestProblemParams(t *testing.T) {
	_, problems := Compile("qty +\n  sum(lines, .qtty)", sales, Options{})
	want := map[string]any{"line": 2, "column": 15, "snippet": "  sum(lines, .qtty)", "name": "qtty", "suggestion": "qty"}
	if len(problems) != 1 || !reflect.DeepEqual(problems[0].Params, want) {
		t.Errorf("%v", problems)
	}
	_, problems = Compile(strings.Repeat("bad + ", 50)+"1", sales, Options{})
	if len(problems) != maxProblems {
		t.Errorf("%d problems", len(problems))
	}
}

func TestConstant(t *testing.T) {
	env := Env{Now: time.Date(2024, 12, 31, 20, 0, 0, 0, time.UTC), Zone: time.FixedZone("CST", 8*3600), Vars: map[string]any{"user": map[string]any{"id": "u1"}}}
	for src, want := range map[string]any{"today() - 7": "2024-12-25", "user.id": "u1", "[1, today()][1] == today()": nil, "map(1..2, today() + #)": []any{"2025-01-02", "2025-01-03"}} {
		p, problems := Compile(src, sales, Options{Volatile: true})
		if want == nil {
			if p != nil {
				t.Errorf("%s compiles", src)
			}
			continue
		}
		if p == nil {
			t.Fatal(problems)
		}
		got, err := p.Constant(context.Background(), env)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %v, %v", src, got, err)
		}
	}
	if _, err := compile(t, "1 / 0", Options{}).Constant(context.Background(), env); err == nil {
		t.Error("1 / 0 is no constant")
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := compile(t, "qty", Options{}).Eval(ctx, Env{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	calls := 0
	env := Env{Budget: 1 << 30, Lookup: func(string) (any, bool) {
		if calls++; calls == 10 {
			cancel()
		}
		return 1.0, true
	}}
	if _, _, err := compile(t, "sum(1..90000, # * qty)", Options{}).Eval(ctx, env); !errors.Is(err, context.Canceled) || calls > 1000 {
		t.Error(err, calls)
	}
}

func TestTrace(t *testing.T) {
	trace := &Trace{}
	env := Env{Trace: trace, Vars: map[string]any{"qty": 2.0, "price": 3.0}}
	if _, _, err := compile(t, "round(qty * price, 1)", Options{}).Eval(context.Background(), env); err != nil {
		t.Fatal(err)
	}
	want := []TraceStep{{1, 7, "name", 2.0}, {1, 13, "name", 3.0}, {1, 11, "mul", 6.0}, {1, 20, "number", 1.0}, {1, 1, "round", 6.0}}
	if !reflect.DeepEqual(trace.Steps, want) {
		t.Errorf("%v", trace.Steps)
	}
}

// One program serves many goroutines; the race detector watches.
func TestConcurrent(t *testing.T) {
	p := compile(t, "let x = qty; sum(lines, .qty * .price) + x", Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 200 {
				env := Env{Vars: map[string]any{"qty": float64(i), "lines": []any{map[string]any{"qty": 2.0, "price": float64(i)}}}}
				if v, _, err := p.Eval(context.Background(), env); v != float64(3*i) || err != nil {
					t.Error(v, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestFromJSONRefuses(t *testing.T) {
	good, _ := compile(t, "let x = qty; sum(lines, .qty) + x", Options{}).JSON()
	if _, err := FromJSON(good); err != nil {
		t.Fatal(err)
	}
	deep := `{"v":1,"src":"","type":"any","deps":[],"root":` + strings.Repeat(`{"t":"neg","p":[1,1],"y":"number","a":`, 1000) + `null` + strings.Repeat("}", 1001)
	for name, bad := range map[string]string{
		"version":   strings.Replace(string(good), `"v":1`, `"v":2`, 1),
		"kind":      strings.Replace(string(good), `"t":"add"`, `"t":"boom"`, 1),
		"type":      strings.Replace(string(good), `"type":"number"`, `"type":"list<nope>"`, 1),
		"function":  strings.Replace(string(good), `"fn":"sum"`, `"fn":"boom"`, 1),
		"arguments": strings.Replace(string(good), `"fn":"sum"`, `"fn":"today"`, 1),
		"local":     strings.Replace(string(good), `"t":"local","p":[1,33],"y":"number","name":"x"`, `"t":"local","p":[1,33],"y":"number","name":"z"`, 1),
		"row":       `{"v":1,"src":"","type":"any","deps":[],"root":{"t":"row","p":[1,1],"y":"any"}}`,
		"operand":   `{"v":1,"src":"","type":"any","deps":[],"root":{"t":"neg","p":[1,1],"y":"any"}}`,
		"root":      `{"v":1,"src":"","type":"any","deps":[]}`,
		"deep":      deep,
		"no JSON":   `{`,
	} {
		if bad == string(good) {
			t.Fatalf("%s: the replacement did nothing: %s", name, good)
		}
		if _, err := FromJSON([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if !json.Valid(Schema) {
		t.Error("schema is no JSON")
	}
}

// A tree that lies about its kinds gives empties with errors, never a panic.
func TestLyingTree(t *testing.T) {
	for _, root := range []string{
		`{"t":"add","p":[1,1],"y":"number","a":{"t":"text","p":[1,1],"y":"text","v":"x"},"b":{"t":"list","p":[1,1],"y":"number"}}`,
		`{"t":"call","fn":"sort","p":[1,1],"y":"number","args":[{"t":"number","p":[1,1],"y":"list<date>","v":1}]}`,
		`{"t":"call","fn":"filter","p":[1,1],"y":"number","args":[{"t":"list","p":[1,1],"y":"bool"},{"t":"empty","p":[1,1],"y":"any"}]}`,
		`{"t":"lt","p":[1,1],"y":"bool","by":"object","a":{"t":"list","p":[1,1],"y":"bool"},"b":{"t":"bool","v":true,"p":[1,1],"y":"any"}}`,
		`{"t":"span","p":[1,1],"y":"bool","a":{"t":"list","p":[1,1],"y":"bool"},"b":{"t":"bool","v":true,"p":[1,1],"y":"any"}}`,
	} {
		p, err := FromJSON([]byte(`{"v":1,"src":"","type":"list<date>","deps":[],"root":` + root + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Eval(context.Background(), Env{}); err != nil {
			t.Error(err)
		}
	}
}

// Hostile texts are refused, or run, quickly.
func TestHostile(t *testing.T) {
	chain := "2"
	for range 60 {
		chain = "(1 < " + chain + " < 3)"
	}
	for _, src := range []string{
		strings.Repeat("(", 1<<20), strings.Repeat("[", 8000), strings.Repeat("-", 8000) + "1", strings.Repeat("not ", 2000) + "true",
		strings.Repeat("1 ? 1 : ", 1000) + "1", strings.Repeat("2 ** ", 1600) + "1", "qty" + strings.Repeat(".a", 4000), "qty" + strings.Repeat("[0]", 2700),
		strings.Repeat("let a = 1; ", 700) + "a", chain, strings.Repeat("1 < ", 2000) + "1", strings.Repeat("filter(", 199) + "lines" + strings.Repeat(", .qty == 1)", 199),
		strings.Repeat("sort(", 150) + "lines" + strings.Repeat(", .qty)", 150), strings.Repeat("sum(lines, ", 190) + "1" + strings.Repeat(")", 190),
		"\xff\xfe", "a\x00b", "'" + strings.Repeat("\\", 99), "/*", "1 //", "#", "..", "1..", "?.", "qty?.", "::", "})", ")({", "let", "let x", "let x =", "if", "else",
		strings.Repeat("any(lines, ", 190) + ".done" + strings.Repeat(")", 190), "'" + strings.Repeat("华", 2700) + "'",
	} {
		start := time.Now()
		p, _ := Compile(src, sales, Options{Volatile: true})
		if p != nil {
			_, _, _ = p.Eval(context.Background(), Env{Vars: map[string]any{"lines": []any{map[string]any{"qty": 1.0}, map[string]any{"qty": 2.0}}}})
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%.40q took %s", src, d)
		}
	}
}

func TestProblemCodes(t *testing.T) {
	for src, want := range map[string]string{strings.Repeat("(", 1<<20): "too-long", strings.Repeat("(", 300): "too-deep", strings.Repeat("1 < ", 2000) + "1": "too-deep"} {
		if _, problems := Compile(src, nil, Options{}); len(problems) != 1 || problems[0].Code != want {
			t.Errorf("%.20q: %v", src, problems)
		}
	}
}

func ExampleCompile() {
	scope := Scope{"lines": ListOf(ObjectOf(map[string]Type{"qty": Of(Number), "price": Of(Number)}))}
	_, problems := Compile("sum(lines, .qtty * .price)", scope, Options{})
	fmt.Println(problems[0].Code, problems[0].Params["line"], problems[0].Params["column"], problems[0].Params["suggestion"])

	p, _ := Compile("sum(lines, .qty * .price)", scope, Options{Want: Of(Number)})
	v, _, _ := p.Eval(context.Background(), Env{Vars: map[string]any{"lines": []any{map[string]any{"qty": 2.0, "price": 1.5}}}})
	fmt.Println(v, p.Deps())
	// Output:
	// unknown-name 1 13 qty
	// 3 [[lines qty] [lines price]]
}
