package api

import (
	"net/http"
	"strconv"

	"formwork/engine/notify"
	"formwork/schemas/problem"
)

// notification is what a user is told, in their language.
type notification struct {
	ID    string       `json:"id"`
	At    string       `json:"at"`
	Title string       `json:"title"`
	Body  string       `json:"body,omitempty"`
	Kind  string       `json:"kind,omitempty"`
	Link  *notify.Link `json:"link,omitempty"`
	Read  bool         `json:"read"`
}

// listNotifications is the caller's inbox, the newest first. ?unread=true leaves out what was read.
func (s *Server) listNotifications(x *call) error {
	limit := 0
	if q := x.fiber.Query("limit"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 || n > notify.MaxLimit {
			return problem.Fail(problem.Invalid, "wrong-value", "/limit", problem.P{"value": q})
		}
		limit = n
	}
	page, err := s.Engine.Inbox.List(x.ctx, x.id.User.ID, x.fiber.Query("unread") == "true", x.fiber.Query("cursor"), limit)
	if err != nil {
		return err
	}
	items := make([]notification, len(page.Items))
	for i, n := range page.Items {
		items[i] = notification{ID: n.ID, At: moment(n.At), Title: x.text(n.Title), Body: x.text(n.Body), Kind: n.Kind, Read: n.Read}
		if n.Link != (notify.Link{}) {
			items[i].Link = &n.Link
		}
	}
	out := object{"items": items, "unread": page.Unread}
	if page.Cursor != "" {
		out["cursor"] = page.Cursor
	}
	return x.answer(http.StatusOK, out)
}

// readNotifications marks some, or all, of the caller's notifications as read.
func (s *Server) readNotifications(x *call) error {
	f, err := x.object(false)
	if err != nil {
		return err
	}
	all, raw := f.bool("all"), f.list("ids")
	ids := make([]string, len(raw))
	for i, v := range raw {
		id, ok := v.(string)
		if !ok {
			f.problems = append(f.problems, problem.New("type", problem.Pointer("ids", i), problem.P{"expected": "string"}))
		}
		ids[i] = id
	}
	if !all && raw == nil {
		f.required("ids")
	}
	if err := f.err(); err != nil {
		return err
	}
	user := x.id.User.ID
	if all {
		err = s.Engine.Inbox.MarkAllRead(x.ctx, user)
	} else {
		err = s.Engine.Inbox.MarkRead(x.ctx, user, ids)
	}
	if err != nil {
		return err
	}
	n, err := s.Engine.Inbox.Unread(x.ctx, user)
	if err != nil {
		return err
	}
	s.Hub.Notified(user, "", n)
	return x.answer(http.StatusOK, object{"unread": n})
}
