package api

import (
	"net/http"
	"strings"

	"formwork/engine/record"
)

// listComments gives what was said about a record, the newest first.
func (s *Server) listComments(x *call) error {
	limit, err := x.number("limit", 50)
	if err != nil {
		return err
	}
	items, cursor, names, err := s.Engine.Records.Comments(x.ctx, x.caller(), x.form(), x.param("id"), x.fiber.Query("cursor"), int(limit))
	if err != nil {
		return err
	}
	return named(x, items, cursor, names)
}

// named answers with a page of items and the names of what they hold ids of.
func named[T any](x *call, items []T, cursor string, names map[string]string) error {
	if items == nil {
		items = []T{}
	}
	out := object{"items": items, "names": names}
	if cursor != "" {
		out["cursor"] = cursor
	}
	return x.answer(http.StatusOK, out)
}

// addComment says something about a record: {text, mentions?}.
func (s *Server) addComment(x *call) error {
	text, mentions, err := x.said()
	if err != nil {
		return err
	}
	o, err := x.writeOptions()
	if err != nil {
		return err
	}
	c, err := s.Engine.Records.AddComment(x.ctx, x.caller(), x.form(), x.param("id"), text, mentions, o)
	if err != nil {
		return err
	}
	return x.answer(http.StatusCreated, c)
}

// editComment changes a comment of one's own.
func (s *Server) editComment(x *call) error {
	text, mentions, err := x.said()
	if err != nil {
		return err
	}
	c, err := s.Engine.Records.EditComment(x.ctx, x.caller(), x.form(), x.param("id"), x.param("comment"), text, mentions)
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, c)
}

// removeComment takes a comment back.
func (s *Server) removeComment(x *call) error {
	if err := s.Engine.Records.RemoveComment(x.ctx, x.caller(), x.form(), x.param("id"), x.param("comment")); err != nil {
		return err
	}
	return x.nothing()
}

func (x *call) said() (text string, mentions []string, err error) {
	f, err := x.object(false)
	if err != nil {
		return "", nil, err
	}
	text, mentions = f.text("text"), f.texts("mentions")
	return text, mentions, f.err()
}

// recordTimeline gives what happened with a record and around it, the newest first; before continues a page.
func (s *Server) recordTimeline(x *call) error {
	limit, err := x.number("limit", 50)
	if err != nil {
		return err
	}
	q := record.TimelineQuery{Cursor: x.fiber.Query("before"), Limit: int(limit)}
	if kinds := x.fiber.Query("kinds"); kinds != "" {
		q.Kinds = strings.Split(kinds, ",")
	}
	t, err := s.Engine.Records.Timeline(x.ctx, x.caller(), x.form(), x.param("id"), q)
	if err != nil {
		return err
	}
	return named(x, t.Items, t.Cursor, t.Names)
}
