package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// convertBatch is how many documents are converted in one write.
const convertBatch = 500

// convert brings documents of older layouts to the newest. It begins where an earlier run broke off, as converted
// documents are no longer found. Documents to which no changed column matters are marked where they are; the others are
// written anew, each only if it is still what was read: whoever changed it has written the newest layout already.
func (c *collection) convert(ctx context.Context) error {
	if err := c.pass(ctx); err != nil {
		return err
	}
	after := ""
	for {
		cur, err := c.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}, {Key: "layout", Value: bson.D{{Key: "$ne", Value: c.current.version}}}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(convertBatch).SetHint("_id_"))
		if err != nil {
			return err
		}
		var batch []bson.Raw
		if err := cur.All(ctx, &batch); err != nil {
			return err
		}
		if len(batch) == 0 {
			return nil
		}
		models := make([]mongo.WriteModel, 0, len(batch))
		for _, raw := range batch {
			next, filter, err := c.converted(raw)
			if err != nil {
				return err
			}
			models = append(models, mongo.NewReplaceOneModel().SetFilter(filter).SetReplacement(next))
			after, _ = raw.Lookup("_id").StringValueOK()
		}
		if _, err := c.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false)); err != nil {
			if hasCode(err, codeDuplicate) { // a document of a unique index that is still there
				name, _ := duplicateIndex(err)
				return fmt.Errorf("mongo: convert %s: index %s: %w", c.name, name, err)
			}
			return fmt.Errorf("mongo: convert %s: %w", c.name, err)
		}
	}
}

// converted writes a document anew, and the filter that finds it only unchanged.
func (c *collection) converted(raw bson.Raw) (next bson.Raw, filter bson.D, err error) {
	d, err := decode(raw, c.layout)
	if err != nil {
		return nil, nil, err
	}
	if next, err = c.current.encode(d, d.Version); err != nil {
		return nil, nil, fmt.Errorf("mongo: convert %s of %s: %w", d.ID, c.name, err)
	}
	layout, _ := bsoncore.Document(raw).Lookup("layout").AsInt64OK()
	return next, bson.D{{Key: "_id", Value: d.ID}, {Key: "version", Value: d.Version}, {Key: "layout", Value: layout}}, nil
}

// pass marks the documents that an older layout and the newest write alike: nothing stands at the place of any column
// that differs, and nothing was set aside.
func (c *collection) pass(ctx context.Context) error {
	for version, old := range c.older {
		filter := bson.D{{Key: "layout", Value: version}, {Key: "odd", Value: bson.D{{Key: "$exists", Value: false}}}}
		for path := range c.current.differs(old) {
			filter = append(filter, bson.E{Key: path, Value: bson.D{{Key: "$exists", Value: false}}})
		}
		_, err := c.UpdateMany(ctx, filter, op("$set", bson.D{{Key: "layout", Value: c.current.version}}))
		if err != nil {
			return fmt.Errorf("mongo: convert %s: %w", c.name, err)
		}
	}
	return nil
}

// differs are the places in the body of columns that two layouts write differently.
func (l *layout) differs(old *layout) map[string]bool {
	out := map[string]bool{}
	for _, pair := range [][2]*layout{{l, old}, {old, l}} {
		for key, c := range pair[0].columns {
			other, ok := pair[1].columns[key]
			if !ok || spellColumn(c) != spellColumn(other) || pair[0].fields[key] != pair[1].fields[key] {
				out["doc."+escapePath(c.Path)] = true
			}
		}
	}
	return out
}
