package record

import (
	"strings"

	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// validate holds the data against the form's JSON Schema. What was wrong before and was not touched is a warning.
func (p *pipeline) validate() {
	schema := p.f.Schema
	if p.creating {
		schema = p.f.Fresh
	}
	refused := map[string]bool{} // values that could not be read: they are not missing as well
	for _, q := range p.problems {
		if rest, ok := strings.CutPrefix(q.Pointer, "/data"); ok && q.Blocks() {
			refused[firstKey(rest)] = true
		}
	}
	for _, q := range schema.Validate(p.data) {
		key := firstKey(q.Pointer)
		if key != "" && refused[key] {
			continue
		}
		q.Pointer = "/data" + q.Pointer
		if p.lenient(key) {
			q.Severity = problem.Warning
		}
		p.problems = append(p.problems, q)
	}
}

// lenient says whether a problem with a field was there before and not touched by this write.
func (p *pipeline) lenient(key string) bool {
	return !p.creating && key != "" && !p.e.touched[key]
}

func firstKey(pointer string) string {
	if pointer == "" {
		return ""
	}
	end := 1
	for end < len(pointer) && pointer[end] != '/' {
		end++
	}
	return unescape(pointer[1:end])
}

// rules applies the cross-field rules.
func (p *pipeline) rules() error {
	for _, rule := range p.f.Rules {
		v, ok := p.eval(rule.When)
		if p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		if !ok {
			p.problems = append(p.problems, problem.New("rule-budget", "/data", problem.P{"rule": rule.Def.Key}))
			continue
		}
		if holds, _ := v.(bool); !holds {
			continue
		}
		severity := problem.Severity("")
		if !p.creating && !touches(rule.Reads, p.e.touched) {
			severity = problem.Warning
		}
		for _, k := range rule.Def.Require {
			if value.IsEmpty(p.data[k]) {
				p.problems = append(p.problems, problem.Problem{Code: "required", Pointer: "/data" + problem.Pointer(k),
					Params: problem.P{"rule": rule.Def.Key}, Severity: severity})
			}
		}
		if len(rule.Def.Refuse) > 0 {
			if rule.Def.Warn {
				severity = problem.Warning
			}
			pointer := "/data"
			if rule.Def.At != "" {
				pointer += problem.Pointer(rule.Def.At)
			}
			p.problems = append(p.problems, problem.Problem{Code: "rule", Pointer: pointer,
				Params: problem.P{"rule": rule.Def.Key, "text": rule.Def.Refuse}, Severity: severity})
		}
	}
	return nil
}

func touches(reads, touched map[string]bool) bool {
	for k := range touched {
		if reads[k] {
			return true
		}
	}
	return false
}

func unescape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// shown is what the caller may read of the problems. Those of hidden fields lose their name, where they block, or are left
// out; those of masked fields lose what could tell the value.
func (p *pipeline) shown() problem.List {
	if len(p.problems) == 0 || p.d.Open() {
		return p.problems
	}
	var out problem.List
	for _, q := range p.problems {
		rest, ok := strings.CutPrefix(q.Pointer, "/data")
		key := firstKey(rest)
		switch {
		case !ok || key == "" || p.e.touched[key] && p.d.Writable(key):
		case p.f.ByKey[key] != nil && p.d.Field(key) == definition.Hidden && q.Code != "unknown-field":
			if !q.Blocks() {
				continue
			}
			q = problem.New("not-allowed", "/data", nil)
		case p.d.Field(key) == definition.Masked:
			if !q.Blocks() {
				continue
			}
			params := problem.P{}
			for _, k := range []string{"rule", "text", "transition", "field"} {
				if v, have := q.Params[k]; have {
					params[k] = v
				}
			}
			q.Params = params
		}
		out = append(out, q)
	}
	return out
}
