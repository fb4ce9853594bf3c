package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/schemas/definition"
	"formwork/schemas/meta"
	"formwork/schemas/problem"
	"formwork/schemas/step"
	"formwork/schemas/value"
)

// Automation is a compiled automation.
type Automation struct {
	Name string // app.key
	App  string
	Key  string
	// Version is that of its app; Hash tells whether its definition is the same as that of another version.
	Version int64
	Hash    string
	Def     *definition.Automation
	Form    *Form // nil for a schedule without records
	When    *formula.Program
	Steps   []*Step
	// Filter narrows the records of a date or idle trigger.
	Filter query.Filter
	// Field is what a date or idle trigger counts from.
	Field *query.Column
	// Schedule, Zone (nil: the workspace's) and Calendar (nil: none) of a timed trigger.
	Schedule cron.Schedule
	Zone     *time.Location
	Calendar *Calendar
	// Before are the fields of the record before its change that expressions read; "*" stands for all.
	Before []string
	// Forms are all forms that the steps read or write: what the automation has rights in.
	Forms []string
	// Keep says what of a step's records later expressions read, by step; "*" stands for all.
	Keep map[string][]string
}

// Step is a compiled step. Which members are set depends on its type.
type Step struct {
	Key  string
	Def  *definition.Step
	Type *step.Type
	When *formula.Program
	// Config is the settings as written.
	Config map[string]any
	Form   *Form
	Filter query.Filter
	// Exprs are the expressions in the settings, by pointer relative to them; Texts the expressions within texts.
	Exprs map[string]*formula.Program
	Texts map[string][]Piece
	// Data is what a step writes.
	Data []Assignment
	// Cases of a branch, each with a condition (nil: otherwise); Body of each.
	Cases []Case
	Body  []*Step
}

// Assignment gives a field, or a variable, a constant or what an expression yields.
type Assignment struct {
	Key   string
	Const any
	Expr  *formula.Program
}

// Case is a way of a branch.
type Case struct {
	When  *formula.Program
	Steps []*Step
}

// Piece is a part of a text: words as they are, or an expression.
type Piece struct {
	Words string
	Expr  *formula.Program
}

// cutPieces cuts a text for people at its {{ expressions }}, which compile compiles. open is told of one that has no end.
func cutPieces(text string, compile func(src string) *formula.Program, open func()) []Piece {
	var out []Piece
	for text != "" {
		words, rest, found := strings.Cut(text, "{{")
		if words != "" {
			out = append(out, Piece{Words: words})
		}
		if !found {
			break
		}
		src, after, closed := strings.Cut(rest, "}}")
		if !closed {
			open()
			break
		}
		out = append(out, Piece{Expr: compile(strings.TrimSpace(src))})
		text = after
	}
	return out
}

// Late says whether changes of a record's date can set it off: what is already due when it is written is not found by
// looking ahead.
func (a *Automation) Late() bool {
	return a.Def.Trigger.On == definition.OnDate || a.Def.Trigger.On == definition.OnIdle
}

// CompileAutomation compiles the definition of an automation against the forms of a snapshot: how a run that began under
// an earlier version goes on. Pointers of problems are as in Compile.
func CompileAutomation(snap *Snapshot, app string, version int64, source string) (*Automation, problem.List) {
	c := &compiler{snap: snap}
	head, ps := meta.Check([]byte(source))
	c.problems = ps.At(at(app, definition.KindAutomation, head.Key))
	if ps.Blocks() {
		return nil, c.problems
	}
	def, err := definition.Decode([]byte(source))
	d, ok := def.(*definition.Automation)
	if err != nil || !ok {
		c.fail("malformed", at(app, definition.KindAutomation, head.Key), nil)
		return nil, c.problems
	}
	owner := snap.Apps[app]
	if owner == nil {
		c.fail("not-found", problem.Pointer(app), problem.P{"app": app})
		return nil, c.problems
	}
	a := c.automation(owner, d)
	a.Version, a.Hash = version, HashOf(source)
	if c.problems.Blocks() {
		return nil, c.problems
	}
	return a, c.problems
}

// HashOf tells definitions apart.
func HashOf(source string) string {
	h := sha256.Sum256([]byte(source))
	return hex.EncodeToString(h[:8])
}

// automations compiles those of an app and enters them where what they wait for happens.
func (c *compiler) automations(a *App) {
	for _, def := range a.automations {
		x := c.automation(a, def)
		x.Version = a.Version
		x.Hash = HashOf(a.Sources[string(definition.KindAutomation)+"/"+def.Key])
		a.Automations = append(a.Automations, x)
		c.snap.Automations[x.Name] = x
		if x.Form != nil && !def.Disabled {
			x.Form.Automations = append(x.Form.Automations, x)
		}
	}
}

func (c *compiler) automation(app *App, def *definition.Automation) *Automation {
	a := &Automation{Name: app.Key + "." + def.Key, App: app.Key, Key: def.Key, Def: def, Keep: map[string][]string{}}
	b := &builder{compiler: c, app: app, a: a, pointer: at(app.Key, definition.KindAutomation, def.Key), keys: map[string]bool{}, found: map[string]*Form{}}
	if def.Form != "" {
		a.Form, _ = c.formOf(app, def.Form, b.pointer+"/form")
		if a.Form == nil {
			return a
		}
		b.uses(a.Form)
	} else if def.Trigger.On != definition.OnSchedule {
		c.fail("required", b.pointer+"/form", nil)
		return a
	}
	b.trigger()
	b.scope = formula.Scope{
		"user": UserType,
		"run":  formula.ObjectOf(map[string]formula.Type{"id": formula.Of(formula.Text), "at": formula.Of(formula.DateTime)}),
	}
	b.steps, b.vars = map[string]formula.Type{}, map[string]formula.Type{}
	if a.Form != nil {
		b.scope["record"], b.scope["before"] = RecordType(a.Form), RecordType(a.Form)
	}
	if def.When != nil {
		a.When = b.condition(def.When, "/when/expr")
	}
	b.scope["steps"], b.scope["vars"] = formula.ObjectOf(b.steps), formula.ObjectOf(b.vars)
	a.Steps = b.list(def.Steps, "/steps", 0)
	for k := range a.Keep {
		slices.Sort(a.Keep[k])
		a.Keep[k] = slices.Compact(a.Keep[k])
	}
	slices.Sort(a.Before)
	a.Before = slices.Compact(a.Before)
	return a
}

// RecordType is what a record of a form is to the expressions of automations: its fields, and what every record has.
func RecordType(f *Form) formula.Type {
	fields := map[string]formula.Type{}
	for k, t := range f.Scope() {
		if k != "user" {
			fields[k] = t
		}
	}
	for _, k := range []string{"id", "createdBy", "updatedBy"} {
		fields[k] = formula.Of(formula.Text)
	}
	for _, k := range []string{"createdAt", "updatedAt"} {
		fields[k] = formula.Of(formula.DateTime)
	}
	fields["rev"] = formula.Of(formula.Number)
	return formula.ObjectOf(fields)
}

// builder compiles one automation.
type builder struct {
	*compiler
	app     *App
	a       *Automation
	pointer string
	scope   formula.Scope
	steps   map[string]formula.Type // what steps give, so far
	vars    map[string]formula.Type
	keys    map[string]bool
	item    *Form            // what `item` is a record of, nil where it is none
	found   map[string]*Form // what the records that steps give are of, by step
}

// about compiles what sees records of a form as `item`.
func (b *builder) about(f *Form, compile func()) {
	outer := b.item
	b.item = f
	compile()
	b.item = outer
}

func (b *builder) uses(f *Form) {
	if !slices.Contains(b.a.Forms, f.Name) {
		b.a.Forms = append(b.a.Forms, f.Name)
	}
}

// expr compiles an expression at a pointer relative to the automation.
func (b *builder) expr(source, pointer string, want formula.Type) *formula.Program {
	return b.exprIn(b.scope, source, pointer, want)
}

func (b *builder) exprIn(scope formula.Scope, source, pointer string, want formula.Type) *formula.Program {
	p, ps := formula.Compile(source, scope, formula.Options{Volatile: true, Want: want})
	b.problems = append(b.problems, ps.At(b.pointer+pointer)...)
	if p != nil {
		b.reads(p)
		b.read(b.a.Form, p, b.pointer+pointer, "record", "before")
		b.read(b.item, p, b.pointer+pointer, "item")
		for key, f := range b.found {
			b.readBehind(f, p, b.pointer+pointer, func(d formula.Dep) formula.Dep {
				if len(d) > 3 && d[0] == "steps" && d[1] == key && (d[2] == "record" || d[2] == "records") {
					return d[3:]
				}
				return nil
			})
		}
	}
	return p
}

// reads notes what of the past an expression needs to be kept.
func (b *builder) reads(p *formula.Program) {
	for _, d := range p.Deps() {
		switch {
		case d[0] == "before" && len(d) > 1:
			b.a.Before = append(b.a.Before, d[1])
		case d[0] == "before":
			b.a.Before = append(b.a.Before, "*")
		case d[0] == "steps" && len(d) > 3 && (d[2] == "record" || d[2] == "records"):
			b.a.Keep[d[1]] = append(b.a.Keep[d[1]], d[3])
		case d[0] == "steps" && len(d) == 3 && (d[2] == "record" || d[2] == "records"), d[0] == "steps" && len(d) == 2:
			b.a.Keep[d[1]] = append(b.a.Keep[d[1]], "*")
		}
	}
}

func (b *builder) condition(e *definition.Expr, pointer string) *formula.Program {
	return b.expr(e.Source, pointer, formula.Of(formula.Bool))
}

// applies are the members of a trigger that mean something, by what it waits for.
var applies = map[definition.TriggerKind]string{
	definition.OnCreated: "", definition.OnDeleted: "",
	definition.OnChanged: "fields from to", definition.OnSaved: "fields", definition.OnStage: "from to",
	definition.OnDate: "field offset at calendar past filter", definition.OnIdle: "field offset at calendar past filter",
	definition.OnSchedule: "cron timezone calendar days missed", definition.OnButton: "roles confirm icon",
}

func (b *builder) trigger() {
	t, f := &b.a.Def.Trigger, b.a.Form
	at := b.pointer + "/trigger"
	for name, set := range map[string]bool{
		"fields": len(t.Fields) > 0, "from": len(t.From) > 0, "to": len(t.To) > 0, "field": t.Field != "", "offset": t.Offset != nil, "at": t.At != "",
		"calendar": t.Calendar != "", "past": t.Past != 0, "filter": len(t.Filter) > 0, "cron": t.Cron != "", "timezone": t.Timezone != "",
		"days": t.Days != "", "missed": t.Missed != "", "roles": len(t.Roles) > 0, "confirm": len(t.Confirm) > 0, "icon": t.Icon != "",
	} {
		if set && !slices.Contains(strings.Fields(applies[t.On]), name) {
			b.fail("not-for-trigger", at+"/"+name, problem.P{"member": name, "trigger": string(t.On)})
		}
	}
	for i, k := range t.Fields {
		b.known(f, k, fmt.Sprintf("%s/fields/%d", at, i))
	}
	for i, k := range t.Roles {
		if !b.hasRole(b.app.Key, k) {
			b.fail("unknown-role", fmt.Sprintf("%s/roles/%d", at, i), problem.P{"role": k})
		}
	}
	if t.Calendar != "" {
		if b.a.Calendar = b.app.calendar(t.Calendar); b.a.Calendar == nil {
			b.fail("unknown-calendar", at+"/calendar", problem.P{"calendar": t.Calendar})
		}
	}
	switch t.On {
	case definition.OnChanged:
		if (len(t.From) > 0 || len(t.To) > 0) && len(t.Fields) != 1 {
			b.fail("one-field", at+"/fields", nil)
		}
	case definition.OnStage:
		b.stageTrigger(f, at)
	case definition.OnDate, definition.OnIdle:
		b.dateTrigger(f, at)
	case definition.OnSchedule:
		b.scheduleTrigger(at)
	}
}

func (b *builder) stageTrigger(f *Form, at string) {
	if f.Stages == nil {
		b.fail("no-stages", at+"/on", problem.P{"form": f.Name})
		return
	}
	for name, list := range map[string][]string{"from": b.a.Def.Trigger.From, "to": b.a.Def.Trigger.To} {
		for i, k := range list {
			if f.Stages.States[k] == nil {
				b.fail("unknown-stage", fmt.Sprintf("%s/%s/%d", at, name, i), problem.P{"stage": k})
				continue
			}
			b.use(f.Name, f.Stages.Field, k, fmt.Sprintf("%s/%s/%d", at, name, i))
		}
	}
}

func (b *builder) dateTrigger(f *Form, at string) {
	t := &b.a.Def.Trigger
	key := t.Field
	switch {
	case key == "" && t.On == definition.OnIdle:
		key = "updatedAt"
	case key == "":
		b.fail("required", at+"/field", nil)
		return
	}
	col, ok := f.Columns[key]
	switch {
	case !ok:
		b.unknownField(f, key, at+"/field")
	case col.Kind != query.Date && col.Kind != query.Instant || col.Array:
		b.fail("not-a-date", at+"/field", problem.P{"field": key})
	default:
		b.a.Field = &col
		if f.ByKey[key] != nil {
			b.use(f.Name, key, "", at+"/field")
		}
	}
	if t.On == definition.OnIdle && (t.Offset == nil || t.Offset.Amount <= 0) {
		b.fail("required", at+"/offset", nil)
	}
	if t.Offset != nil && t.Offset.Unit == "workday" && t.Calendar == "" {
		b.fail("required", at+"/calendar", nil)
	}
	b.a.Filter = b.filter(f, t.Filter, at+"/filter")
	b.a.Filter.Fields(func(name, pointer string) { b.reachable(f, name, pointer) })
}

var cronParser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

func (b *builder) scheduleTrigger(at string) {
	t := &b.a.Def.Trigger
	if t.Timezone != "" {
		zone, err := time.LoadLocation(t.Timezone)
		if err != nil || t.Timezone == "Local" {
			b.fail("unknown-timezone", at+"/timezone", problem.P{"timezone": t.Timezone})
		}
		b.a.Zone = zone
	}
	if t.Days != "" && t.Calendar == "" {
		b.fail("required", at+"/calendar", nil)
	}
	if t.Cron == "" {
		b.fail("required", at+"/cron", nil)
		return
	}
	if strings.Contains(t.Cron, "TZ=") {
		b.fail("wrong-cron", at+"/cron", problem.P{"cron": t.Cron, "reason": "use timezone"})
		return
	}
	schedule, err := cronParser.Parse(t.Cron)
	if err != nil {
		b.fail("wrong-cron", at+"/cron", problem.P{"cron": t.Cron, "reason": err.Error()})
		return
	}
	if schedule.Next(time.Unix(0, 0)).IsZero() {
		b.fail("wrong-cron", at+"/cron", problem.P{"cron": t.Cron, "reason": "never"})
		return
	}
	b.a.Schedule = schedule
}

// Automation finds a compiled automation of an app.
func (a *App) Automation(key string) (*Automation, bool) {
	i := slices.IndexFunc(a.Automations, func(x *Automation) bool { return x.Key == key })
	if i < 0 {
		return nil, false
	}
	return a.Automations[i], true
}

func nearestOf(params problem.P, name string, names []string) problem.P {
	if s := value.Nearest(name, names); s != "" {
		params["suggestion"] = s
	}
	return params
}
