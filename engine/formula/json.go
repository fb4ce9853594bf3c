package formula

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// Schema is the JSON Schema (2020-12) of what JSON writes. The property descriptions are the documentation of the
// format.
//
//go:embed ast.schema.json
var Schema []byte

// jsonVersion grows when a reader of the format has to change.
const jsonVersion = 1

// maxJSON bounds what FromJSON reads: a tree of maxNodes is far smaller.
const maxJSON = 2 << 20

type jsonProgram struct {
	V        int       `json:"v"`
	Src      string    `json:"src"`
	Type     string    `json:"type"`
	Volatile bool      `json:"volatile,omitempty"`
	Scale    *int      `json:"scale,omitempty"`
	Deps     []Dep     `json:"deps"`
	Root     *jsonNode `json:"root"`
}

type jsonNode struct {
	T    string      `json:"t"`
	P    [2]int      `json:"p"`
	Y    string      `json:"y"`
	V    any         `json:"v,omitempty"`
	Name string      `json:"name,omitempty"`
	Fn   string      `json:"fn,omitempty"`
	By   string      `json:"by,omitempty"`
	A    *jsonNode   `json:"a,omitempty"`
	B    *jsonNode   `json:"b,omitempty"`
	C    *jsonNode   `json:"c,omitempty"`
	Args []*jsonNode `json:"args,omitempty"`
}

// JSON is the checked tree, for other evaluators (see Schema). The same program always gives the same bytes.
func (p *Program) JSON() ([]byte, error) {
	deps := p.deps
	if deps == nil {
		deps = []Dep{}
	}
	return json.Marshal(jsonProgram{jsonVersion, p.src, p.typ.String(), p.volatile, p.scale, deps, picture(p.root)})
}

func picture(n *node) *jsonNode {
	if n == nil {
		return nil
	}
	j := &jsonNode{T: opNames[n.op], P: [2]int{n.line, n.col}, Y: n.typ.String(), By: string(n.by.name()),
		A: picture(n.a), B: picture(n.b), C: picture(n.c)}
	switch n.op {
	case opNumber:
		j.V = n.num
	case opBool:
		j.V = n.num != 0
	case opText, opDate:
		j.V = n.text
	case opName, opLocal, opField, opLet:
		j.Name = n.text
	case opCall:
		j.Fn = n.fn.Name
	}
	for _, a := range n.args {
		j.Args = append(j.Args, picture(a))
	}
	return j
}

// FromJSON reads a program that JSON wrote. What is not well formed is an error; a tree that lies about types evaluates
// to empties with errors.
func FromJSON(data []byte) (*Program, error) {
	if len(data) > maxJSON {
		return nil, fmt.Errorf("formula: JSON over %d bytes", maxJSON)
	}
	var j jsonProgram
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("formula: %w", err)
	}
	if j.V != jsonVersion {
		return nil, fmt.Errorf("formula: version %d of the tree is not known", j.V)
	}
	t, ok := parseType(j.Type)
	if !ok {
		return nil, fmt.Errorf("formula: type %q", j.Type)
	}
	r := reader{}
	root, err := r.node(j.Root, 1)
	if err != nil {
		return nil, err
	}
	return &Program{src: j.Src, root: root, typ: t, deps: j.Deps, volatile: j.Volatile, scale: j.Scale, slots: r.slots}, nil
}

// reader rebuilds nodes; it checks whatever the evaluator relies on.
type reader struct {
	count  int
	slots  int
	rows   int
	locals []local
}

func (r *reader) node(j *jsonNode, depth int) (*node, error) {
	r.count++
	// casts and row arguments add levels and nodes to the text's own
	if j == nil || depth > 3*maxDepth || r.count > 3*maxNodes {
		return nil, fmt.Errorf("formula: tree is incomplete or too large")
	}
	n := &node{line: j.P[0], col: j.P[1]}
	for i := opNumber; i < opCount; i++ {
		if opNames[i] == j.T {
			n.op = i
		}
	}
	t, ok := parseType(j.Y)
	by := Kind(j.By).code()
	if n.op == opInvalid || !ok || by == kInvalid && j.By != "" {
		return nil, fmt.Errorf("formula: node %q of type %q by %q", j.T, j.Y, j.By)
	}
	n.setType(t)
	n.by = by
	if err := r.leaf(n, j); err != nil {
		return nil, err
	}
	return n, r.parts(n, j, depth)
}

// leaf reads what a node holds itself.
func (r *reader) leaf(n *node, j *jsonNode) error {
	ok := true
	switch n.op {
	case opNumber:
		n.num, ok = j.V.(float64)
	case opBool:
		var b bool
		if b, ok = j.V.(bool); b {
			n.num = 1
		}
	case opText:
		n.text, ok = j.V.(string)
	case opDate:
		if n.text, ok = j.V.(string); ok {
			ok = n.setDate()
		}
	case opName, opField, opLet:
		n.text = j.Name
	case opLocal:
		n.text, ok = j.Name, false
		for _, l := range r.locals {
			if l.name == j.Name {
				n.slot, ok = l.slot, true
			}
		}
	case opRow:
		ok = r.rows > 0
	case opCall:
		n.fn, ok = lookup(j.Fn)
		if ok {
			least, most := n.fn.arity()
			ok = len(j.Args) >= least && (most < 0 || len(j.Args) <= most) || n.fn.shape == aggregate && len(j.Args) > 0
		}
	}
	if !ok {
		return fmt.Errorf("formula: node %q at %v is not well formed", j.T, j.P)
	}
	return nil
}

// parts reads a node's operands and arguments.
func (r *reader) parts(n *node, j *jsonNode, depth int) (err error) {
	operands := []*jsonNode{j.A, j.B, j.C}[:n.op.operands()]
	into := []**node{&n.a, &n.b, &n.c}
	for i, o := range operands {
		if n.op == opLet && i == 1 {
			n.slot = r.slots
			r.slots++
			r.locals = append(r.locals, local{name: n.text, slot: n.slot})
			defer func() { r.locals = r.locals[:len(r.locals)-1] }()
		}
		if *into[i], err = r.node(o, depth+1); err != nil {
			return err
		}
	}
	if n.op != opList && n.op != opCall {
		return nil
	}
	for i, a := range j.Args {
		each := a != nil && a.T == opNames[opEach]
		if each && (n.fn == nil || !n.fn.rows() || i == 0) {
			return fmt.Errorf("formula: row argument at %v is out of place", a.P)
		}
		if each {
			r.rows++
		}
		x, err := r.node(a, depth+1)
		if each {
			r.rows--
		}
		if err != nil {
			return err
		}
		n.args = append(n.args, x)
	}
	return nil
}
