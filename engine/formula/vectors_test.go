package formula

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"sort"
	"testing"
	"time"
	_ "time/tzdata"

	"formwork/schemas/problem"
)

var update = flag.Bool("update", false, "rewrite testdata/trees.json")

// vectors are cases that every evaluator of the language runs. Scope and vars of a case are laid over the common ones.
type vectors struct {
	Scope map[string]any `json:"scope"`
	Vars  map[string]any `json:"vars"`
	Cases []vector       `json:"cases"`
}

type vector struct {
	Name     string         `json:"name"`
	Src      string         `json:"src"`
	Scope    map[string]any `json:"scope"`
	Vars     map[string]any `json:"vars"`
	Now      string         `json:"now"`
	Zone     string         `json:"zone"`
	Scale    *int           `json:"scale"`
	Budget   int            `json:"budget"`
	Want     any            `json:"want"`
	Errors   []EvalError    `json:"errors"`
	Fail     string         `json:"fail"`     // "budget"
	Problems []string       `json:"problems"` // "code line:column name -> suggestion"
}

func load(t testing.TB) vectors {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// readType reads "number", "list<date>", {"field": type} for objects and [type] for lists.
func readType(v any) Type {
	switch v := v.(type) {
	case string:
		t, ok := parseType(v)
		if !ok {
			panic("type " + v)
		}
		return t
	case []any:
		return ListOf(readType(v[0]))
	case map[string]any:
		t := ObjectOf(map[string]Type{})
		for k, f := range v {
			t.Fields[k] = readType(f)
		}
		return t
	}
	panic(fmt.Sprint(v))
}

func (vs vectors) scope(v vector) Scope {
	s := Scope{}
	for _, m := range []map[string]any{vs.Scope, v.Scope} {
		for k, t := range m {
			s[k] = readType(t)
		}
	}
	return s
}

func (vs vectors) env(t testing.TB, v vector) Env {
	e := Env{Vars: map[string]any{}, Budget: v.Budget, Zone: time.UTC}
	for _, m := range []map[string]any{vs.Vars, v.Vars} {
		for k, x := range m {
			e.Vars[k] = x
		}
	}
	var err error
	if v.Now != "" {
		if e.Now, err = time.Parse(time.RFC3339, v.Now); err != nil {
			t.Fatal(err)
		}
	}
	if v.Zone != "" {
		if e.Zone, err = time.LoadLocation(v.Zone); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func short(p problem.Problem) string {
	s := fmt.Sprintf("%s %v:%v", p.Code, p.Params["line"], p.Params["column"])
	if n, ok := p.Params["name"]; ok {
		s += fmt.Sprintf(" %v", n)
	}
	if n, ok := p.Params["suggestion"]; ok {
		s += fmt.Sprintf(" -> %v", n)
	}
	return s
}

func TestVectors(t *testing.T) {
	vs := load(t)
	trees := map[string]json.RawMessage{}
	for _, v := range vs.Cases {
		t.Run(v.Name, func(t *testing.T) {
			p, problems := Compile(v.Src, vs.scope(v), Options{Volatile: true, Scale: v.Scale})
			var got []string
			for _, x := range problems {
				got = append(got, short(x))
			}
			if !reflect.DeepEqual(got, v.Problems) {
				t.Fatalf("%s\nproblems %q\nwant     %q", v.Src, got, v.Problems)
			}
			if p == nil {
				return
			}
			tree, err := p.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if _, twice := trees[v.Name]; twice {
				t.Fatal("name occurs twice")
			}
			trees[v.Name] = tree
			again, err := FromJSON(tree)
			if err != nil {
				t.Fatalf("FromJSON: %v\n%s", err, tree)
			}
			for _, p := range []*Program{p, again} {
				check(t, p, v, vs.env(t, v))
			}
			traced := vs.env(t, v)
			traced.Trace = &Trace{}
			check(t, p, v, traced)
		})
	}
	if len(vs.Cases) < 300 {
		t.Errorf("only %d vectors", len(vs.Cases))
	}
	golden(t, trees)
}

func check(t *testing.T, p *Program, v vector, env Env) {
	t.Helper()
	got, errs, err := p.Eval(context.Background(), env)
	if v.Fail != "" {
		if v.Fail != "budget" || !errors.Is(err, ErrBudget) {
			t.Fatalf("%s = %v, %v, want %s", v.Src, got, err, v.Fail)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(errs)+len(v.Errors) > 0 && !reflect.DeepEqual(errs, v.Errors) {
		t.Errorf("%s: errors %v, want %v", v.Src, errs, v.Errors)
	}
	if got = Plain(got); !reflect.DeepEqual(got, v.Want) {
		t.Errorf("%s = %#v, want %#v", v.Src, got, v.Want)
	}
}

// golden holds the trees still: other evaluators read them.
func golden(t *testing.T, trees map[string]json.RawMessage) {
	names := make([]string, 0, len(trees))
	for k := range trees {
		names = append(names, k)
	}
	sort.Strings(names)
	var b bytes.Buffer
	b.WriteString("{\n")
	for i, k := range names {
		key, _ := json.Marshal(k)
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "%s: %s%s\n", key, trees[k], comma)
	}
	b.WriteString("}\n")
	const file = "testdata/trees.json"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is not what Compile gives; -update rewrites it", file)
	}
}
