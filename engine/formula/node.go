package formula

// op says what a node does. Its name is the node's "t" in JSON.
type op uint8

const (
	opInvalid op = iota
	opNumber     // v
	opText       // v
	opBool       // v
	opEmpty
	opDate      // v: YYYY-MM-DD
	opName      // name, y: a name of the scope
	opLocal     // name, y: bound by let
	opRow       // y: the element that the enclosing function looks at
	opField     // a.name, y
	opIndex     // a[b], y
	opNeg       // -a
	opNot       // not a
	opAnd       // a and b
	opOr        // a or b
	opCoalesce  // a ?? b
	opIf        // a ? b : c
	opList      // [args]
	opRange     // a..b
	opLet       // let name = a; b
	opCast      // a as y: a date as the instant at which it begins
	opCall      // fn(args)
	opEach      // a, evaluated for every element: only as an argument
	opAdd       // numbers
	opSub       // numbers
	opMul       // numbers
	opDiv       // numbers
	opMod       // numbers, sign of the dividend
	opPow       // numbers
	opConcat    // texts of both
	opShift     // date or datetime a plus b days
	opShiftBack // date or datetime a minus b days
	opSpan      // days from b to a, both dates or both datetimes
	opEq        // by: the kind compared
	opNe
	opLt
	opLe
	opGt
	opGe
	opIn // a in b
	opCount
)

var opNames = [opCount]string{"", "number", "text", "bool", "empty", "date", "name", "local", "row", "field", "index", "neg", "not",
	"and", "or", "coalesce", "if", "list", "range", "let", "cast", "call", "each", "add", "sub", "mul", "div", "mod", "pow",
	"concat", "shift", "shiftBack", "span", "eq", "ne", "lt", "le", "gt", "ge", "in"}

// operands is how many of a, b and c an op has.
func (o op) operands() int {
	switch o {
	case opNumber, opText, opBool, opEmpty, opDate, opName, opLocal, opRow, opList, opCall, opInvalid:
		return 0
	case opField, opNeg, opNot, opCast, opEach:
		return 1
	case opIf:
		return 3
	}
	return 2
}

// node is a node of the checked tree. The evaluator runs it as it stands; JSON is a picture of it.
type node struct {
	op        op
	kind      kind // of typ
	by        kind // comparisons: what both sides are compared as
	slot      int  // opLocal, opLet: where the value lives
	num       float64
	text      string // literal, name or key
	a, b, c   *node
	args      []*node
	fn        *Func
	typ       Type
	line, col int

	path    []string // checker only: the path of fields that this value was read from, while nobody has used it
	literal bool     // checker only: written as a literal, so a text may become a date
	bad     bool     // checker only: already reported
}

func (n *node) setType(t Type) *node {
	n.typ, n.kind = t, t.Kind.code()
	if n.kind == kInvalid {
		n.typ, n.kind = Of(Any), kAny
	}
	return n
}
