package store

import (
	"formwork/engine/query"
	"formwork/schemas/value"
)

// Doc is a stored document: an id, a version that counts every write to it, a recycle-bin mark, and a JSON object. It is
// held as text, as a tree, or both; each is made from the other when first asked. Not safe for concurrent first use.
type Doc struct {
	ID      string // unique in its collection, at most 64 bytes
	Version int64
	Deleted bool
	json    []byte
	tree    map[string]any
}

// New makes a document from a tree in canonical values (see schemas/value); nil is an empty one. The tree belongs to the
// document afterwards.
func New(id string, tree map[string]any) *Doc {
	if tree == nil {
		tree = map[string]any{}
	}
	return &Doc{ID: id, tree: tree}
}

// Read makes a document from its stored JSON; for drivers. The slice belongs to the document afterwards.
func Read(id string, version int64, deleted bool, json []byte) *Doc {
	return &Doc{ID: id, Version: version, Deleted: deleted, json: json}
}

// JSON is the document as canonical JSON: keys sorted, no white space. Read only.
func (d *Doc) JSON() []byte {
	if d.json == nil {
		d.json = value.AppendJSON(nil, d.tree)
	}
	return d.json
}

// Tree is the document's content. Read only: writers make a new tree.
func (d *Doc) Tree() map[string]any {
	if d.tree == nil {
		d.tree = value.MustDecode(d.json)
	}
	return d.tree
}

// Document is the view of the reference semantics.
func (d *Doc) Document() query.Document {
	return query.Document{ID: d.ID, Deleted: d.Deleted, Tree: d.Tree()}
}
