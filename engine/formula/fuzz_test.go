package formula

import (
	"bytes"
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// FuzzCompileEval: whatever the text, nothing panics or hangs, and the tree read back from JSON gives the same.
func FuzzCompileEval(f *testing.F) {
	vs := load(f)
	for _, v := range vs.Cases {
		f.Add(v.Src)
	}
	for _, src := range []string{
		strings.Repeat("(", 300), strings.Repeat("-", 300) + "1", "})//", "::all(0,{1})", "sum(1..99999, sum(1..99999, #))", "let a = 1; a?.b[0] ?? #",
		"lines[1e300]", "replace(name, name, name + name)", "1 < 2 < 3 < 4", "text(1e300, '#,##0.00')", "date(9e15, -9e15, 1e300)", "dateAdd(at, 1e10, 'minute')",
		"'\\u{10FFFF}' + '\\x00'", "sort(orders, .items)", "unique([lines, orders])", "round(1, 1e300)", "mid('a😀', 2, 1e300)", "(0/0) ** 0.5",
	} {
		f.Add(src)
	}
	scope := vs.scope(vector{})
	env := vs.env(f, vector{Now: "2024-02-29T12:00:00Z", Zone: "Asia/Shanghai", Budget: 20_000})
	f.Fuzz(func(t *testing.T, src string) {
		start := time.Now()
		p, problems := Compile(src, scope, Options{Volatile: true})
		if (p == nil) == (len(problems) == 0) {
			t.Fatalf("program %v, problems %v", p, problems)
		}
		for _, x := range problems {
			if x.Params["line"].(int) < 1 || x.Params["column"].(int) < 1 {
				t.Fatal(x)
			}
		}
		if p == nil {
			return
		}
		a, aErrs, aErr := p.Eval(context.Background(), env)
		tree, err := p.JSON()
		if err != nil {
			t.Fatal(err)
		}
		q, err := FromJSON(tree)
		if err != nil {
			t.Fatalf("%s: %v", tree, err)
		}
		again, err := q.JSON()
		if err != nil || !bytes.Equal(tree, again) {
			t.Fatalf("%s\n%s", tree, again)
		}
		b, bErrs, bErr := q.Eval(context.Background(), env)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(aErrs, bErrs) || !errors.Is(aErr, bErr) {
			t.Fatalf("%v %v %v and then %v %v %v", a, aErrs, aErr, b, bErrs, bErr)
		}
		traced := env
		traced.Trace = &Trace{}
		c, cErrs, cErr := p.Eval(context.Background(), traced)
		if !reflect.DeepEqual(a, c) || !reflect.DeepEqual(aErrs, cErrs) || !errors.Is(aErr, cErr) {
			t.Fatalf("traced: %v %v %v and then %v %v %v", a, aErrs, aErr, c, cErrs, cErr)
		}
		if n, ok := a.(float64); ok && (math.IsNaN(n) || math.IsInf(n, 0)) {
			t.Fatal(n)
		}
		if kind := p.Type().Kind; a != nil && aErr == nil && kind != Any && kindOf(a) != kind {
			t.Fatalf("%s is %T, not %s", src, a, kind)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatal(d)
		}
	})
}

func kindOf(v any) Kind {
	switch v.(type) {
	case float64:
		return Number
	case string:
		return Text
	case bool:
		return Bool
	case Date:
		return DateKind
	case Instant:
		return DateTime
	case []any:
		return List
	case map[string]any:
		return Object
	}
	return Empty
}

func BenchmarkQtyPrice(b *testing.B) {
	bench(b, "qty * price", map[string]any{"qty": 3.0, "price": 19.9})
}

func BenchmarkSum20(b *testing.B) {
	lines := make([]any, 20)
	for i := range lines {
		lines[i] = map[string]any{"_id": "x", "qty": float64(i), "price": 9.5}
	}
	bench(b, "sum(lines, .qty * .price)", map[string]any{"lines": lines})
}

func bench(b *testing.B, src string, vars map[string]any) {
	p := compile(b, src, Options{})
	ctx, env := context.Background(), Env{Vars: vars}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := p.Eval(ctx, env); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if p, _ := Compile("round(sum(lines, .qty * .price), 2)", sales, Options{}); p == nil {
			b.Fatal()
		}
	}
}
