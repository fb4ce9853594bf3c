package mongo

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"formwork/engine/query"
)

// maxBranches is how many ordered ranges one page may merge: the product of the values of its In leaves.
const maxBranches = 32

// plan is how a Find runs: along an index that has the order, one branch per combination of fixed values, each walked
// range by range; or, where no index has the order, as one query that sorts.
type plan struct {
	hint     string   // "" leaves the choice to the server
	branches []bson.D // the fixed values of each branch; one empty one without any
	order    []step   // what the branches are ordered by, behind the fixed values
	fixed    map[string]bool
	ordered  bool
	single   bool   // a branch has at most one document
	match    bson.D // the whole filter, whatever the branches fix
	never    bool   // nothing can match
}

// step is one term of an order as the database sees it.
type step struct {
	field string // "" when all documents are alike in it
	desc  bool
}

// maxHits is how many documents with a gram are read and sorted rather than looked for along another index.
const maxHits = 1000

// plan chooses how a Find runs. A text that is looked for goes by the gram index when few documents have its rarest gram.
func (c *collection) plan(ctx context.Context, f query.Find) (plan, error) {
	match, err := c.current.match(f.Where)
	if err != nil {
		return plan{}, err
	}
	p := c.choose(f)
	if named(f.Where) { // at most as many documents as there are ids
		p = plan{hint: "_id_", branches: []bson.D{nil}, order: c.current.steps(f.Sort), match: match}
		return p, nil
	}
	if f.Which == query.Live && c.ready {
		rare, err := c.rare(ctx, f.Where)
		if err != nil {
			return plan{}, err
		}
		if rare {
			p = plan{hint: gramsIndex, branches: []bson.D{nil}, order: c.current.steps(f.Sort)}
		}
	}
	p.match, p.never = match, f.Where.Never
	return p, nil
}

// named says whether the filter lists the ids of all that can match.
func named(w query.Where) bool {
	isNamed := func(w query.Where) bool { return w.Leaf != nil && w.Leaf.Test == query.ID && !w.Leaf.Not }
	return isNamed(w) || slices.ContainsFunc(w.And, isNamed)
}

// rare says whether the filter asks for a text with a gram that at most maxHits live documents have.
func (c *collection) rare(ctx context.Context, w query.Where) (bool, error) {
	parts := w.And
	if w.Leaf != nil {
		parts = []query.Where{w}
	}
	for _, part := range parts {
		if part.Leaf == nil || part.Leaf.Not || part.Leaf.Test != query.Search && part.Leaf.Test != query.Contains {
			continue
		}
		for _, set := range c.current.gramSets(part.Leaf) {
			n, err := count(ctx, c, all(recycled(query.Live), oneOf("g", set)), gramsIndex, maxHits+1)
			if err != nil || n <= maxHits {
				return err == nil, err
			}
		}
	}
	return false, nil
}

// choose picks the index: of those that have the order behind their fixed columns the one that fixes most. When none
// fixes a column that the filter fixes in another index, the server may know better.
func (c *collection) choose(f query.Find) plan {
	equal := c.current.equalities(f.Where)
	var best plan
	bestScore := -1
	helps := false
	for _, x := range c.indexes {
		if !x.all && f.Which != query.Live {
			continue
		}
		if _, ok := equal[x.terms[0].column]; ok {
			helps = true
		}
		p, score := c.current.along(x, equal, f.Sort)
		if score > bestScore {
			best, bestScore = p, score
		}
	}
	if bestScore > 0 || bestScore == 0 && !helps {
		return best
	}
	p := plan{branches: []bson.D{nil}, order: c.current.steps(f.Sort)}
	if len(f.Sort) == 0 && !helps {
		p.ordered, p.hint = true, "_id_"
		if f.Which == query.Trash && c.ready {
			p.hint = trashIndex
		}
	}
	return p
}

// equalities are the columns that the filter holds to one of a few values, whatever else it says.
func (l *layout) equalities(w query.Where) map[string][]any {
	out := map[string][]any{}
	add := func(f *query.Leaf) {
		c, ok := l.columns[f.Column]
		if !ok || f.Not || (f.Test != query.In || c.Array) && (f.Test != query.HasAny || !c.Array) {
			return
		}
		var kept []any
		for _, v := range f.Values {
			if _, ok := native(c, v); ok && !slices.Contains(kept, v) {
				kept = append(kept, v)
			}
		}
		if have, ok := out[f.Column]; len(kept) > 0 && (!ok || len(kept) < len(have)) {
			out[f.Column] = kept
		}
	}
	if w.Leaf != nil {
		add(w.Leaf)
	}
	for _, p := range w.And {
		if p.Leaf != nil {
			add(p.Leaf)
		}
	}
	return out
}

// along is the plan over one index, and how many columns it fixes; -1 when the index does not have the order.
func (l *layout) along(x index, equal map[string][]any, sort []query.Order) (plan, int) {
	p := plan{hint: x.name, branches: []bson.D{nil}, ordered: true, fixed: map[string]bool{}}
	n := 0
	for ; n < len(x.terms); n++ {
		values := equal[x.terms[n].column]
		if len(values) == 0 || len(values)*len(p.branches) > maxBranches {
			break
		}
		p.branches = cross(p.branches, x.terms[n], l.columns[x.terms[n].column], values)
		p.fixed[x.terms[n].column] = true
	}
	rest := x.terms[n:]
	if x.unique && len(rest) > 0 {
		return p, -1
	}
	p.order = l.steps(sort)
	if x.unique { // at most one document per branch, and a list of one is in order
		p.single = true
		return p, len(x.terms) + maxBranches
	}
	turned, at := false, 0
	for i, o := range sort {
		if p.order[i].field == "" || p.fixed[o.Column] {
			continue
		}
		if at == len(rest) || rest[at].field != p.order[i].field {
			return p, -1
		}
		turn := rest[at].desc != o.Desc
		if at > 0 && turn != turned {
			return p, -1
		}
		turned = turn
		at++
	}
	if at < len(rest) || at > 0 && (x.desc() != turned) != query.Desc(sort) {
		return p, -1
	}
	return p, n
}

// cross adds a fixed field to every branch, once per value.
func cross(branches []bson.D, t term, c query.Column, values []any) []bson.D {
	out := make([]bson.D, 0, len(branches)*len(values))
	for _, b := range branches {
		for _, v := range values {
			fixed := slices.Clone(b)
			if raw, ok := t.of(c, v); ok {
				fixed = append(fixed, bson.E{Key: t.field, Value: raw})
			}
			out = append(out, fixed)
		}
	}
	return out
}

func (l *layout) steps(sort []query.Order) []step {
	out := make([]step, len(sort))
	for i, o := range sort {
		out[i] = step{field: l.sortable(o.Column), desc: o.Desc}
	}
	return out
}

// sortSpec is the order for the server: fixed and empty terms say nothing.
func (p plan) sortSpec(sort []query.Order) bson.D {
	if p.single {
		return nil
	}
	out := bson.D{}
	for i, s := range p.order {
		if s.field != "" && !p.fixed[sort[i].Column] {
			out = append(out, bson.E{Key: s.field, Value: direction(s.desc)})
		}
	}
	return append(out, bson.E{Key: "_id", Value: direction(query.Desc(sort))})
}
