package record

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/field"
	"formwork/schemas/problem"
)

const commentsCollection = "comments"

// Limits of a comment.
const (
	MaxCommentText = 10_000 // characters
	MaxMentions    = 50
)

// Comment is what somebody says about a record. Whoever may read the record may read its comments, and write some.
type Comment struct {
	ID       string   `json:"id"`
	Form     string   `json:"form"`
	Record   string   `json:"record"`
	At       string   `json:"at"`
	By       string   `json:"by"`
	Text     string   `json:"text"`
	Mentions []string `json:"mentions,omitempty"` // users
	EditedAt string   `json:"editedAt,omitempty"`
	// Mine says that the caller may change it.
	Mine bool `json:"mine"`
}

// Mention is told of users who are named in a comment.
type Mention struct {
	Comment Comment
	Title   string   // what the record is called
	Users   []string // who were not named in it before
}

func commentColumns() store.Collection {
	return store.Collection{Name: commentsCollection,
		Columns: []query.Column{{Key: "record", Path: []string{"record"}, Kind: query.Text}, {Key: "at", Path: []string{"at"}, Kind: query.Instant, Order: true}},
		Indexes: []store.Index{{Key: "record", Columns: []query.Order{{Column: "record"}, {Column: "at"}}}}}
}

func commentOf(d *store.Doc, c Caller) Comment {
	t := d.Tree()
	s := func(k string) string { v, _ := t[k].(string); return v }
	out := Comment{ID: d.ID, Form: s("form"), Record: s("record"), At: s("at"), By: s("by"), Text: s("text"), EditedAt: s("editedAt")}
	list, _ := t["mentions"].([]any)
	for _, m := range list {
		if id, ok := m.(string); ok {
			out.Mentions = append(out.Mentions, id)
		}
	}
	out.Mine = out.By == c.User
	return out
}

func (c Comment) tree() map[string]any {
	t := map[string]any{"form": c.Form, "record": c.Record, "at": c.At, "by": c.By, "text": c.Text}
	if c.EditedAt != "" {
		t["editedAt"] = c.EditedAt
	}
	if len(c.Mentions) > 0 {
		list := make([]any, len(c.Mentions))
		for i, m := range c.Mentions {
			list[i] = m
		}
		t["mentions"] = list
	}
	return t
}

// checkComment gives text and mentions as they are stored.
func (s *session) checkComment(text string, mentions []string) (string, []string, error) {
	long, _ := field.Lookup("longtext")
	v, ps := long.Coerce(&definition.Field{XField: definition.XField{Type: "longtext"}}, text, s.fieldEnv(s.zone))
	ps = ps.At("/text")
	said, _ := v.(string)
	said = strings.TrimSpace(said)
	switch n := len([]rune(said)); {
	case ps.Blocks():
	case n == 0:
		ps = append(ps, problem.New("required", "/text", nil))
	case n > MaxCommentText:
		ps = append(ps, problem.New("max-length", "/text", problem.P{"limit": MaxCommentText, "actual": n}))
	}
	if len(mentions) > MaxMentions {
		ps = append(ps, problem.New("max-items", "/mentions", problem.P{"limit": MaxMentions, "actual": len(mentions)}))
		mentions = nil
	}
	var users []string
	for i, id := range mentions {
		if _, ok := s.people.Person(id); !ok {
			ps = append(ps, problem.New("unknown-user", fmt.Sprintf("/mentions/%d", i), problem.P{"user": shorten(id)}))
		} else if !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	return said, users, problem.Refuse(ps)
}

// commented is the form and the live record that a comment is about, if the caller may read it.
func (s *session) commented(r store.Reader, form, id string) (*catalog.Form, *access.Decision, *store.Doc, error) {
	f, d, err := s.form(form)
	if err != nil {
		return nil, nil, nil, err
	}
	doc, err := s.visible(r, f, id)
	if err == nil && doc.Deleted {
		err = notFound(form, id)
	}
	return f, d, doc, err
}

// AddComment says something about a record. It, its key and what it tells others commit together.
func (r *Records) AddComment(ctx context.Context, c Caller, form, id, text string, mentions []string, o WriteOptions) (Comment, error) {
	s := r.session(ctx, c)
	text, mentions, err := s.checkComment(text, mentions)
	if err != nil {
		return Comment{}, err
	}
	out, replayed := Comment{}, false
	err = r.Store.Update(ctx, func(tx store.Tx) (err error) {
		_, _, doc, err := s.commented(tx, form, id)
		if err != nil {
			return err
		}
		if out, replayed, err = s.commentedBefore(tx, o); replayed || err != nil {
			return err
		}
		out = Comment{ID: r.NewID(), Form: form, Record: id, At: instant(s.now), By: c.User, Text: text, Mentions: mentions, Mine: true}
		if err := tx.Insert(ctx, commentsCollection, store.New(out.ID, out.tree())); err != nil {
			return err
		}
		if err := s.mention(tx, Mention{out, titleOf(s.snap.Forms[form], doc), mentions}); err != nil || o.Key == "" {
			return err
		}
		return tx.Insert(ctx, onceCollection, store.New(onceID(c.User, o.Key), map[string]any{"at": instant(s.now), "hash": o.Hash, "comment": out.ID}))
	})
	if dup, ok := asDuplicate(err); ok && dup.Collection == onceCollection {
		return Comment{}, problem.Fail(problem.Conflict, "request-under-way", "", nil)
	}
	if err == nil && !replayed {
		r.Changed(form, []string{id})
	}
	return out, err
}

// commentedBefore finds the comment that an earlier request under the same key made, as it stands now.
func (s *session) commentedBefore(tx store.Tx, o WriteOptions) (Comment, bool, error) {
	if o.Key == "" {
		return Comment{}, false, nil
	}
	once, err := tx.Get(s.ctx, onceCollection, onceID(s.caller.User, o.Key))
	if isNotFound(err) {
		return Comment{}, false, nil
	}
	if err != nil {
		return Comment{}, false, err
	}
	id, ok := once.Tree()["comment"].(string)
	if !ok || once.Tree()["hash"] != o.Hash {
		return Comment{}, true, problem.Fail(problem.Invalid, "idempotency-key-reused", "", nil)
	}
	doc, err := tx.Get(s.ctx, commentsCollection, id)
	if isNotFound(err) {
		return Comment{}, true, problem.Fail(problem.NotFound, "not-found", "", problem.P{"comment": id})
	}
	if err != nil {
		return Comment{}, true, err
	}
	return commentOf(doc, s.caller), true, nil
}

func (s *session) mention(tx store.Tx, m Mention) error {
	m.Users = slices.DeleteFunc(slices.Clone(m.Users), func(u string) bool { return u == s.caller.User })
	if s.Mentioned == nil || len(m.Users) == 0 {
		return nil
	}
	return s.Mentioned(s.ctx, tx, m)
}

// EditComment changes a comment of the caller's. Who is named for the first time is told.
func (r *Records) EditComment(ctx context.Context, c Caller, form, id, comment, text string, mentions []string) (Comment, error) {
	s := r.session(ctx, c)
	text, mentions, err := s.checkComment(text, mentions)
	if err != nil {
		return Comment{}, err
	}
	var out Comment
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		_, _, doc, err := s.commented(tx, form, id)
		if err != nil {
			return err
		}
		old, err := s.comment(tx, id, comment)
		if err != nil {
			return err
		}
		was := commentOf(old, c)
		if !was.Mine {
			return access.Forbid(definition.Update, form)
		}
		if out = was; was.Text == text && slices.Equal(was.Mentions, mentions) {
			return nil
		}
		out.Text, out.Mentions, out.EditedAt = text, mentions, instant(s.now)
		if err := tx.Replace(ctx, commentsCollection, store.New(old.ID, out.tree()), old.Version); err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(mentions), func(u string) bool { return slices.Contains(was.Mentions, u) })
		return s.mention(tx, Mention{out, titleOf(s.snap.Forms[form], doc), fresh})
	})
	if err == nil {
		r.Changed(form, []string{id})
	}
	return out, err
}

// RemoveComment takes a comment back: one's own, or any for who may do everything with the form.
func (r *Records) RemoveComment(ctx context.Context, c Caller, form, id, comment string) error {
	s := r.session(ctx, c)
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		_, d, _, err := s.commented(tx, form, id)
		if err != nil {
			return err
		}
		old, err := s.comment(tx, id, comment)
		if err != nil {
			return err
		}
		if !commentOf(old, c).Mine && !d.All {
			return access.Forbid(definition.Delete, form)
		}
		return tx.Delete(ctx, commentsCollection, old.ID, old.Version)
	})
	if err == nil {
		r.Changed(form, []string{id})
	}
	return err
}

// comment finds a comment on a record.
func (s *session) comment(r store.Reader, record, id string) (*store.Doc, error) {
	doc, err := r.Get(s.ctx, commentsCollection, id)
	if isNotFound(err) || err == nil && doc.Tree()["record"] != record {
		return nil, problem.Fail(problem.NotFound, "not-found", "", problem.P{"comment": shorten(id)})
	}
	return doc, err
}

// Comments lists what was said about a record, the newest first, 50 a page at most. The cursor is empty on the last page.
func (r *Records) Comments(ctx context.Context, c Caller, form, id, cursor string, limit int) (list []Comment, next string, names map[string]string, err error) {
	s := r.session(ctx, c)
	if limit <= 0 || limit > 50 {
		limit = 50
	}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		list, next, names = nil, "", map[string]string{}
		f, _, err := s.form(form)
		if err != nil {
			return err
		}
		if _, err := s.visible(rd, f, id); err != nil {
			return err
		}
		coll := commentColumns()
		sort := []query.Order{{Column: "at", Desc: true}}
		find := query.Find{Where: query.Is("record", id), Sort: sort, Limit: limit + 1}
		cols := query.Columns{"at": coll.Columns[1]}
		if cursor != "" {
			if find.After, err = query.DecodePosition(cursor, sort, cols); err != nil {
				return problem.Fail(problem.Invalid, "wrong-cursor", "/cursor", nil)
			}
		}
		docs, err := store.All(ctx, rd, commentsCollection, find)
		if err != nil {
			return err
		}
		if len(docs) > limit {
			docs = docs[:limit]
			next = docs[limit-1].Document().At(sort, cols).Encode(sort)
		}
		for _, doc := range docs {
			one := commentOf(doc, c)
			list = append(list, one)
			for _, user := range append([]string{one.By}, one.Mentions...) {
				if n := s.personName(user); n != "" {
					names[user] = n
				}
			}
		}
		return nil
	})
	return list, next, names, err
}
