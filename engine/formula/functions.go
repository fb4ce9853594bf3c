package formula

import "strings"

// Func is a function as the table describes it: one entry feeds checker, evaluator, completion and reference.
type Func struct {
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases,omitempty"` // other names that spreadsheet users know
	Group    string   `json:"group"`             // logic, number, text, time or list
	Params   []Param  `json:"params"`
	Result   string   `json:"result"` // a type, or: first, elem, common, list<each>
	Volatile bool     `json:"volatile,omitempty"`
	Doc      Doc      `json:"doc"`
	Example  string   `json:"example"`
	Gives    string   `json:"gives"` // the example's result as JSON; "" for volatile functions

	shape shape
	run   func(m *machine, n *node) val
}

// Doc is one sentence in both languages.
type Doc struct {
	En string `json:"en"`
	Zh string `json:"zh-CN"`
}

// Param is a parameter. Type is a kind, or: printable (any scalar), time (date or datetime), order (number, text, bool
// or date), unit, pattern, list, each (an expression over the rows of the list before it), each:bool, each:number,
// each:order.
type Param struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Optional bool   `json:"optional,omitempty"`
	Repeat   bool   `json:"repeat,omitempty"` // the last: once or more
}

// shape is how a call is checked.
type shape uint8

const (
	plain     shape = iota // argument by argument
	choice                 // if, ifs, switch
	aggregate              // a list, a list with a row argument, or values
)

// Functions is the table, in the order of the reference. The caller must not change it.
func Functions() []Func { return table }

var (
	table  = concat(logicFuncs, numberFuncs, listFuncs, textFuncs, timeFuncs)
	byName = index(table)
)

func concat(groups ...[]Func) (all []Func) {
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

func index(table []Func) map[string]*Func {
	byName := make(map[string]*Func, 2*len(table))
	for i := range table {
		f := &table[i]
		byName[strings.ToLower(f.Name)] = f
		for _, a := range f.Aliases {
			byName[strings.ToLower(a)] = f
		}
	}
	return byName
}

// lookup finds a function by name or alias, whatever the case.
func lookup(name string) (*Func, bool) {
	f, ok := byName[strings.ToLower(name)]
	return f, ok
}

func functionNames() []string {
	names := make([]string, 0, len(table))
	for i := range table {
		names = append(names, table[i].Name)
	}
	return names
}

// params reads "name:type", with ? behind an optional and * behind the repeated last one.
func params(specs ...string) []Param {
	out := make([]Param, len(specs))
	for i, s := range specs {
		p := &out[i]
		p.Name, p.Type, _ = strings.Cut(s, ":")
		p.Type, p.Repeat = strings.CutSuffix(p.Type, "*")
		p.Type, p.Optional = strings.CutSuffix(p.Type, "?")
	}
	return out
}

// arity is the least and the most number of arguments; most is -1 without limit.
func (f *Func) arity() (least, most int) {
	for _, p := range f.Params {
		if !p.Optional {
			least++
		}
		if p.Repeat {
			most = -1
		} else if most >= 0 {
			most++
		}
	}
	return least, most
}

// param is the parameter of argument i; the last one repeats.
func (f *Func) param(i int) Param { return f.Params[min(i, len(f.Params)-1)] }

// rows says whether a later argument may be an expression over the rows of the first.
func (f *Func) rows() bool {
	if f.shape == aggregate {
		return true
	}
	for _, p := range f.Params {
		if strings.HasPrefix(p.Type, "each") {
			return true
		}
	}
	return false
}

func (m *machine) arg(n *node, i int) val {
	if i < len(n.args) {
		return m.eval(n.args[i])
	}
	return nothing
}

func (m *machine) argNumber(n *node, i int, otherwise float64) float64 {
	if i < len(n.args) {
		return m.num(n.args[i])
	}
	return otherwise
}

// argText is the text of an argument, "" when it is not given; its length is charged, because whoever asks looks
// through it.
func (m *machine) argText(n *node, i int) string {
	if i >= len(n.args) {
		return ""
	}
	s := m.asText(m.eval(n.args[i]), n.args[i])
	m.spend(len(s) / 64)
	return s
}

func (m *machine) argBool(n *node, i int) bool {
	return i < len(n.args) && m.asBool(m.eval(n.args[i]), n.args[i])
}

func (m *machine) argList(n *node, i int) []any {
	if i >= len(n.args) {
		return nil
	}
	return m.asList(m.eval(n.args[i]), n.args[i])
}
