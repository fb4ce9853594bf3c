package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// codesInUse finds every problem code that the code base can give, in the syntax of its files: literals given to
// problem.New and problem.Fail, to functions that take a parameter named code, members named Code, variables named code,
// values of a table named codes, constants of a type Code. The value is where it was found.
func codesInUse(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, root := range []string{"../../engine", "../../schemas", "../../server"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" || strings.HasPrefix(path, "../../engine/store") {
				return filepath.SkipDir
			}
			files := token.NewFileSet()
			packages, err := parser.ParseDir(files, path, func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
			if err != nil {
				return err
			}
			for _, p := range packages {
				c := codeFinder{files: files, out: out, takes: map[string]int{}}
				for _, f := range p.Files {
					ast.Inspect(f, c.function)
				}
				for _, f := range p.Files {
					c.local = map[string]int{}
					ast.Inspect(f, c.closure)
					ast.Inspect(f, c.use)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

type codeFinder struct {
	files *token.FileSet
	out   map[string]string
	takes map[string]int // functions of the package -> which argument is the code
	local map[string]int // closures of the file
}

// function notes a function with a parameter named code, closure a variable that is one.
func (c *codeFinder) function(n ast.Node) bool {
	if f, ok := n.(*ast.FuncDecl); ok {
		note(c.takes, f.Name.Name, f.Type)
	}
	return true
}

func (c *codeFinder) closure(n ast.Node) bool {
	if a, ok := n.(*ast.AssignStmt); ok {
		for i, right := range a.Rhs {
			if f, ok := right.(*ast.FuncLit); ok && i < len(a.Lhs) {
				if name, ok := a.Lhs[i].(*ast.Ident); ok {
					note(c.local, name.Name, f.Type)
				}
			}
		}
	}
	return true
}

func note(in map[string]int, name string, f *ast.FuncType) {
	i := 0
	for _, field := range f.Params.List {
		for _, p := range field.Names {
			if p.Name == "code" {
				in[name] = i
			}
			i++
		}
	}
}

func (c *codeFinder) use(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.call(n)
	case *ast.KeyValueExpr:
		if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
			c.found(n.Value)
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			name, ok := left.(*ast.Ident)
			if ok && name.Name == "code" && len(n.Rhs) == len(n.Lhs) {
				c.found(n.Rhs[i])
			}
			if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "Code" && len(n.Rhs) == len(n.Lhs) {
				c.found(n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		kind, _ := n.Type.(*ast.Ident)
		for i, v := range n.Values {
			if kind != nil && kind.Name == "Code" || n.Names[i].Name == "code" {
				c.found(v)
			}
			if table, ok := v.(*ast.CompositeLit); ok && n.Names[i].Name == "codes" {
				for _, e := range table.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						c.found(kv.Value)
					}
				}
			}
		}
	}
	return true
}

func (c *codeFinder) call(n *ast.CallExpr) {
	name, of := "", ""
	switch f := n.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
		if x, ok := f.X.(*ast.Ident); ok {
			of = x.Name
		}
	}
	at, ok := c.local[name]
	if !ok {
		at, ok = c.takes[name]
	}
	switch {
	case of == "problem" && name == "New":
		at, ok = 0, true
	case of == "problem" && name == "Fail":
		at, ok = 1, true
	}
	if ok && at < len(n.Args) {
		c.found(n.Args[at], name)
	}
}

// noted is what formulas call the errors of a run; the problem's code says whose they are.
const noted = "note"

// found notes a literal; part of a concatenation is the start of several codes.
func (c *codeFinder) found(e ast.Expr, by ...string) {
	if b, ok := e.(*ast.BinaryExpr); ok {
		e = b.X
	}
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return
	}
	s, err := strconv.Unquote(l.Value)
	if err == nil && s != "" {
		if slices.Contains(by, noted) {
			s = "formula-" + s
		}
		p := c.files.Position(l.Pos())
		c.out[s] = filepath.ToSlash(p.Filename) + ":" + strconv.Itoa(p.Line)
	}
}

func TestEveryCodeHasATextInEveryLanguage(t *testing.T) {
	m := newMessages()
	if len(m.texts) != 2 {
		t.Fatalf("%d languages, want en and zh-CN", len(m.texts))
	}
	codes := codesInUse(t)
	if len(codes) < 100 {
		t.Fatalf("only %d codes found: the search is broken", len(codes))
	}
	for code, where := range codes {
		for lang, texts := range m.texts {
			if strings.HasSuffix(code, "-") {
				if !slices.ContainsFunc(keysOf(texts), func(k string) bool { return strings.HasPrefix(k, code) }) {
					t.Errorf("%s: no code that starts with %q in %s", where, code, lang)
				}
				continue
			}
			if texts[code] == "" {
				t.Errorf("%s: %q has no text in %s", where, code, lang)
			}
		}
	}
}

func TestLanguagesSayTheSame(t *testing.T) {
	m := newMessages()
	for code, en := range m.texts["en"] {
		zh, ok := m.texts["zh-CN"][code]
		if !ok {
			t.Errorf("%s has no text in zh-CN", code)
			continue
		}
		a, b := parameter.FindAllString(en, -1), parameter.FindAllString(zh, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: parameters %v in en, %v in zh-CN", code, a, b)
		}
	}
	for code := range m.texts["zh-CN"] {
		if _, ok := m.texts["en"][code]; !ok {
			t.Errorf("%s has no text in en", code)
		}
	}
}

func keysOf(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
