package api

import (
	"cmp"
	"context"
	"net/http"

	"formwork/schemas/definition"
	"formwork/server/live"
)

// live is the stream of events, see server/live. It outlives the request.
func (s *Server) live(x *call) error {
	user := x.id.User.ID
	stream := s.Hub.Subscribe(live.Who{User: user, Session: cmp.Or(x.id.Session, x.id.Token), MayRead: func(form string) bool {
		_, d, err := s.Engine.Records.Decision(context.Background(), s.Engine.Caller(user, "api"), form)
		return err == nil && d.Can(definition.Read)
	}})
	x.fiber.Status(http.StatusOK)
	x.fiber.Set("Content-Type", "text/event-stream")
	x.fiber.Set("X-Accel-Buffering", "no") // proxies must not hold events back
	x.fiber.Context().SetBodyStreamWriter(stream.Write)
	return nil
}
