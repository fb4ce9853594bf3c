package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/value"
)

// additive says whether every field that a form had is still there as it was.
func additive(old, next *Form) bool {
	for _, x := range old.Fields {
		if y := next.ByKey[x.Key]; y == nil || y.signature() != x.signature() || y.Def.Live != x.Def.Live {
			return false
		}
	}
	return true
}

// converts says whether records are stored that differ from what the new form would have stored.
func (c *Catalog) converts(ctx context.Context, old, next *Form) (bool, error) {
	if needsConversion(old, next) {
		return true, nil
	}
	var back []string // fields that an earlier version may have had, and records still have
	for _, x := range next.Fields {
		if old == nil || old.ByKey[x.Key] == nil {
			back = append(back, x.Key)
		}
	}
	if len(back) == 0 || next.Version == 1 {
		return false, nil
	}
	found := false
	err := c.store.View(ctx, func(r store.Reader) error {
		_, err := store.One(ctx, r, next.Collection.Name, query.Find{Which: query.Both})
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || old == nil {
			found = err == nil
			return err
		}
		for d, err := range r.Find(ctx, versionsCollection, query.Find{Where: query.Is("app", next.App)}) {
			if err != nil {
				return err
			}
			if int64(num(d.Tree()["version"])) < next.Version && declares(sourcesOf(d.Tree()["definitions"]), next.Key, back) {
				found = true
				return nil
			}
		}
		return nil
	})
	return found, err
}

// declares says whether a form of a version had one of the fields.
func declares(s Sources, form string, fields []string) bool {
	def, err := definition.Decode([]byte(s[string(definition.KindForm)+"/"+form]))
	f, ok := def.(*definition.Form)
	return err == nil && ok && slices.ContainsFunc(f.Fields, func(x definition.Field) bool { return slices.Contains(fields, x.Key) })
}

// needsConversion says whether stored records differ from what the new form would have stored.
func needsConversion(old, next *Form) bool {
	if old == nil {
		return false
	}
	for _, x := range next.Fields {
		was := old.ByKey[x.Key]
		switch {
		case was == nil:
			if x.Type.Key == "formula" || x.Type.Key == "lookup" || x.Type.Key == "rollup" {
				return true
			}
		case was.signature() != x.signature():
			return true
		}
	}
	if compared := next.compared(); compared != "" && compared != old.compared() {
		return true
	}
	clock := next.Stages.clock()
	return clock != "" && clock != old.Stages.clock()
}

// clock changes when what a record's stage says of time is to be computed anew.
func (s *Stages) clock() string {
	if s == nil || s.Since == nil && s.Due == nil {
		return ""
	}
	out := s.Def.Since + "|" + s.Def.Due
	if s.Due != nil {
		for _, st := range s.Def.States {
			out += fmt.Sprintf("|%s:%d", st.Key, st.Limit)
		}
	}
	return out
}

// signature changes when the stored values of a field have to.
func (x *Field) signature() string {
	s := x.Type.Key + "|" + x.As.Key
	if st := x.As.Storage(x.AsDef); st.Kind == "number" {
		s += "|" + value.Text(float64(st.Scale))
	}
	switch x.Type.Key {
	case "formula":
		if x.Def.Live {
			return s + "|live"
		}
		s += "|" + x.Def.Expr
	case "lookup":
		s += "|" + x.Def.Via + "|" + x.Def.Field
	case "rollup":
		s += "|" + x.Def.Form + "|" + x.Def.Link + "|" + x.Def.Fn + "|" + x.Def.Field + "|" + string(x.Def.Filter)
	case "table":
		for _, sub := range x.Def.Fields {
			s += "|" + sub.Key + ":" + sub.Type
			if sub.Type == "formula" {
				s += "=" + sub.Expr + ":" + sub.Result
				if sub.Scale != nil {
					s += value.Text(float64(*sub.Scale))
				}
			}
		}
	}
	return s
}
