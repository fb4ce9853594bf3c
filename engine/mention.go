package engine

import (
	"context"

	"formwork/engine/notify"
	"formwork/engine/record"
	"formwork/engine/store"
	"formwork/schemas/definition"
)

// mentioned tells users that a comment names them, if they may read what it is about.
func (e *Engine) mentioned(ctx context.Context, tx store.Tx, m record.Mention) error {
	by := e.Org.Directory().Users[m.Comment.By]
	name := ""
	if by != nil {
		name = by.Name
	}
	var list []notify.Notification
	for _, user := range m.Users {
		title, ok, err := e.Records.Glimpse(ctx, tx, e.Caller(user, "mention"), m.Comment.Form, m.Comment.Record)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		list = append(list, notify.Notification{User: user, Kind: "mention", Key: "comment/" + m.Comment.ID, Body: definition.Text{"": m.Comment.Text},
			Title: definition.Text{"zh-CN": name + " 在“" + title + "”的评论中提到了你", "en": name + " mentioned you in a comment on " + title},
			Link:  notify.Link{Form: m.Comment.Form, ID: m.Comment.Record}})
	}
	if len(list) == 0 {
		return nil
	}
	_, err := e.Inbox.Send(ctx, tx, list...)
	return err
}
