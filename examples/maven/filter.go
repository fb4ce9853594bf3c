package main

// filter is a filter tree of the API; nil takes every record.
type filter map[string]any

func is(field, op string, value any) filter {
	return filter{"field": field, "op": op, "value": value}
}

func empty(field string) filter { return filter{"field": field, "op": "empty"} }

// all is the filters together, nil ones left out.
func all(list ...filter) filter {
	var and []filter
	for _, f := range list {
		if f != nil {
			and = append(and, f)
		}
	}
	switch len(and) {
	case 0:
		return nil
	case 1:
		return and[0]
	}
	return filter{"and": and}
}

var (
	won    = is("stage", "eq", "won")
	lost   = is("stage", "eq", "lost")
	closed = is("stage", "in", []string{"won", "lost"})
)
