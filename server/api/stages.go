package api

import (
	"net/http"

	"formwork/engine/query"
	"formwork/engine/record"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// way is a transition that leads away from where a record stands, in the caller's language.
type way struct {
	record.Way
	Title    string       `json:"title,omitempty"`
	Problems problem.List `json:"problems,omitempty"`
}

// recordTransitions tells of each transition from a record's stage whether it can be made now, and what it needs.
func (s *Server) recordTransitions(x *call) error {
	ways, err := s.Engine.Records.Ways(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	out := make([]way, len(ways))
	for i, w := range ways {
		out[i] = way{Way: w, Title: x.text(w.Title), Problems: x.explain(w.Problems)}
	}
	return list(x, out)
}

// aggregateMoves computes figures over the changes of stage of a form's records.
func (s *Server) aggregateMoves(x *call) error {
	f, err := x.object(true)
	if err != nil {
		return err
	}
	ask, ps := query.ParseAsk(f.m, "")
	if err := problem.Refuse(ps); err != nil {
		return err
	}
	answer, err := s.Engine.Records.Moves(x.ctx, x.caller(), x.form(), ask)
	if err != nil {
		return err
	}
	return x.send(http.StatusOK, value.AppendJSON(nil, answerTree(answer)))
}

// recordStages tells how long a record has been in which stage.
func (s *Server) recordStages(x *call) error {
	log, err := s.Engine.Records.StageLog(x.ctx, x.caller(), x.form(), x.param("id"))
	if err != nil {
		return err
	}
	return x.answer(http.StatusOK, log)
}
