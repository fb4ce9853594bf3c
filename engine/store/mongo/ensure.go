package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"formwork/engine/query"
	"formwork/engine/store"
)

// Ensure brings a collection to what is declared. Any number of processes may call it: a lease in the declaration lets
// one work at a time, the others wait and then find it done. Every step may break off; the next Ensure goes on with it.
//
// When the columns change, the order of steps keeps every write in the newest layout:
//
//  1. the validator admits documents of the old layout and the new one;
//  2. the declaration is stored with the new version: whoever reads it from now on writes the new layout;
//  3. the validator admits the new layout only. collMod takes the collection exclusively: it waits for transactions that
//     have written to it, and those that come later are checked. So behind this step nobody can add a document of an
//     older layout: a process that does not know the new one yet is refused (code 121), reads the declaration and runs
//     its transaction again;
//  4. unique indexes over changed columns are dropped and documents of older layouts converted in batches, each only if
//     nobody changed it meanwhile;
//  5. missing indexes are built, those not declared dropped.
//
// Readers decode each document by the layout that it carries. Until step 5 queries run along the indexes whose columns
// did not change. If a unique index cannot be built, the old declaration is put back the same way.
func (s *Store) Ensure(ctx context.Context, c store.Collection) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if _, err := physicalName(c.Name); err != nil {
		return err
	}
	if _, err := newLayout(0, c.Columns).newIndexes(c.Indexes); err != nil {
		return err
	}
	d, err := s.load(ctx, c.Name)
	if err != nil {
		return translate(err)
	}
	if d.Ready && d.is(c) {
		_, err := s.remember(d)
		return err
	}
	return translate(s.alone(ctx, c.Name, func(ctx context.Context, d *declaration) error {
		if d.Ready && d.is(c) {
			_, err := s.remember(d)
			return err
		}
		before := *d
		err := s.bring(ctx, d, c)
		var duplicate *store.DuplicateError
		if errors.As(err, &duplicate) && before.Version > 0 && !before.Dropped {
			if undo := s.bring(ctx, d, store.Collection{Name: c.Name, Columns: before.Columns, Indexes: before.Indexes}); undo != nil {
				return errors.Join(err, undo)
			}
		}
		return err
	}))
}

// bring takes the steps.
func (s *Store) bring(ctx context.Context, d *declaration, c store.Collection) error {
	physical, err := physicalName(c.Name)
	if err != nil {
		return err
	}
	coll := s.db.Collection(physical)
	switch {
	case d.Version == 0 || d.Dropped:
		err = s.found(ctx, d, c, coll)
	case !sameColumns(d.Columns, c.Columns):
		err = s.change(ctx, d, c)
	default:
		d.Indexes, d.Wanted, d.Ready = unchanged(d.Indexes, c.Indexes), c.Indexes, false
		err = s.save(ctx, d)
	}
	if err != nil {
		return err
	}
	if err := s.admit(ctx, coll, d.Version); err != nil {
		return err
	}
	now, err := s.remember(d)
	if err != nil {
		return err
	}
	if err := now.release(ctx); err != nil {
		return err
	}
	if err := now.convert(ctx); err != nil {
		return err
	}
	if err := now.build(ctx, c.Indexes); err != nil {
		return err
	}
	d.Indexes, d.Ready = c.Indexes, true
	if err := s.save(ctx, d); err != nil {
		return err
	}
	if now, err = s.remember(d); err != nil {
		return err
	}
	return now.prune(ctx)
}

// found makes a new collection. What stands there under the same name was left by a Drop that others did not see in time.
func (s *Store) found(ctx context.Context, d *declaration, c store.Collection, coll *mongo.Collection) error {
	if err := coll.Drop(ctx); err != nil {
		return err
	}
	*d = declaration{Name: c.Name, Version: d.Version + 1, Columns: c.Columns, Wanted: c.Indexes, Lock: d.Lock}
	d.Layouts = []oldColumns{{d.Version, d.Columns}}
	err := s.db.CreateCollection(ctx, coll.Name(), options.CreateCollection().SetValidator(admits(d.Version)))
	if err != nil && !hasCode(err, codeNamespaceExists) {
		return err
	}
	return s.save(ctx, d)
}

// change stores new columns: steps 1 and 2.
func (s *Store) change(ctx context.Context, d *declaration, c store.Collection) error {
	next := d.Version + 1
	physical, err := physicalName(c.Name)
	if err != nil {
		return err
	}
	if err := s.admit(ctx, s.db.Collection(physical), d.Version, next); err != nil {
		return err
	}
	kept := map[string]string{}
	for _, col := range c.Columns {
		kept[col.Key] = spellColumn(col)
	}
	same := map[string]bool{}
	for _, col := range d.Columns {
		same[col.Key] = kept[col.Key] == spellColumn(col)
	}
	indexes := slices.DeleteFunc(slices.Clone(d.Indexes), func(x store.Index) bool {
		return slices.ContainsFunc(x.Columns, func(o query.Order) bool { return !same[o.Column] })
	})
	d.Version, d.Columns, d.Wanted, d.Ready = next, c.Columns, c.Indexes, false
	d.Indexes = indexes
	d.Layouts = append(d.Layouts, oldColumns{next, c.Columns})
	d.Layouts = d.Layouts[max(0, len(d.Layouts)-keptLayouts):]
	return s.save(ctx, d)
}

// unchanged are the built indexes that stay declared: the others are about to go.
func unchanged(built, wanted []store.Index) []store.Index {
	return slices.DeleteFunc(slices.Clone(built), func(x store.Index) bool {
		return !slices.ContainsFunc(wanted, func(w store.Index) bool { return sameIndexes([]store.Index{x}, []store.Index{w}) })
	})
}

func admits(versions ...int32) bson.D { return is("layout", "$in", versions) }

// admit sets which layouts the collection takes.
func (s *Store) admit(ctx context.Context, coll *mongo.Collection, versions ...int32) error {
	return s.db.RunCommand(ctx, bson.D{{Key: "collMod", Value: coll.Name()}, {Key: "validator", Value: admits(versions...)},
		{Key: "validationLevel", Value: "strict"}, {Key: "validationAction", Value: "error"}}).Err()
}

// build makes what indexes are missing. Those that are there already cost nothing.
func (c *collection) build(ctx context.Context, declared []store.Index) error {
	list, err := c.current.newIndexes(declared)
	if err != nil {
		return err
	}
	models := c.current.base()
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x.name] {
			seen[x.name] = true
			models = append(models, x.model())
		}
	}
	if _, err = c.Indexes().CreateMany(ctx, models); hasCode(err, codeDuplicate) {
		name, _ := duplicateIndex(err)
		for _, x := range list {
			if x.name == name {
				return &store.DuplicateError{Collection: c.name, Index: x.key}
			}
		}
	}
	if err != nil {
		return fmt.Errorf("mongo: indexes of %s: %w", c.name, err)
	}
	return nil
}

// release drops unique indexes whose columns changed or that are about to go, so that documents on their way from one
// layout to the next do not collide. Those still declared are built again behind the conversion, and report duplicates.
func (c *collection) release(ctx context.Context) error {
	specs, err := c.Indexes().ListSpecifications(ctx)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		kept := spec.Name == "_id_" || slices.ContainsFunc(c.indexes, func(x index) bool { return x.name == spec.Name })
		if spec.Unique == nil || !*spec.Unique || kept {
			continue
		}
		if err := c.Indexes().DropOne(ctx, spec.Name); err != nil && !hasCode(err, codeIndexNotFound) {
			return err
		}
	}
	return nil
}

// prune drops the indexes that are not declared.
func (c *collection) prune(ctx context.Context) error {
	wanted := map[string]bool{"_id_": true}
	for _, m := range c.current.base() {
		o := &options.IndexOptions{}
		for _, set := range m.Options.List() {
			if err := set(o); err != nil {
				return err
			}
		}
		wanted[*o.Name] = true
	}
	for _, x := range c.indexes {
		wanted[x.name] = true
	}
	specs, err := c.Indexes().ListSpecifications(ctx)
	if err != nil {
		return err
	}
	for _, spec := range specs {
		if wanted[spec.Name] {
			continue
		}
		if err := c.Indexes().DropOne(ctx, spec.Name); err != nil && !hasCode(err, codeIndexNotFound) {
			return err
		}
	}
	return nil
}

// Drop removes a collection with all documents. Its declaration stays as a mark, so that versions are not used twice.
func (s *Store) Drop(ctx context.Context, name string) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	physical, err := physicalName(name)
	if err != nil {
		return err
	}
	d, err := s.load(ctx, name)
	if err != nil || d.Version == 0 || d.Dropped {
		return translate(err)
	}
	return translate(s.alone(ctx, name, func(ctx context.Context, d *declaration) error {
		defer s.forget(name)
		d.Dropped, d.Ready, d.Indexes, d.Wanted, d.Layouts = true, false, nil, nil, nil
		if err := s.save(ctx, d); err != nil {
			return err
		}
		return s.db.Collection(physical).Drop(ctx)
	}))
}
