package record

import (
	"context"
	"errors"
	"slices"
	"strings"

	"formwork/engine/catalog"
	"formwork/engine/flow"
	"formwork/engine/formula"
	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/definition"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// ViaAutomation is the way by which automations write. They may fill fields that are closed to people, and move records
// only through transitions, like everybody.
const ViaAutomation = "automation"

// maxJournal is how many changes of stage are told of one record; older ones are folded into the first.
const maxJournal = 1000

// journal is a record's changes of stage, the oldest first.
func (s *session) journal(r store.Reader, id string) ([]flow.Entry, error) {
	latest := query.Find{Where: query.Is("record", id), Sort: []query.Order{{Column: "at", Desc: true}}, Limit: maxJournal}
	docs, err := store.All(s.ctx, r, movesCollection, latest)
	if err != nil {
		return nil, err
	}
	slices.Reverse(docs)
	out := make([]flow.Entry, 0, len(docs))
	for _, d := range docs {
		t := d.Tree()
		at, _ := value.ParseInstant(text(t, "at"))
		out = append(out, flow.Entry{From: text(t, "from"), To: text(t, "to"), At: at, By: text(t, "by"), Comment: text(t, "comment")})
	}
	return out, nil
}

// Stay is one stay of a record in a stage.
type Stay struct {
	Stage   string `json:"stage"`
	Since   string `json:"since"`
	Until   string `json:"until,omitempty"` // absent while it lasts
	Days    int64  `json:"days"`            // calendar days in the caller's time zone
	By      string `json:"by,omitempty"`
	Comment string `json:"comment,omitempty"`
}

// StageLog is how a record came through its stages.
type StageLog struct {
	Stage string `json:"stage"`
	Since string `json:"since"`
	Due   string `json:"due,omitempty"`   // the last day within the stage's limit
	Limit int    `json:"limit,omitempty"` // days
	Days  int64  `json:"days"`            // in the stage so far, this time
	// Total are the days by stage, over all stays.
	Total map[string]int64 `json:"total"`
	Stays []Stay           `json:"stays"`
}

// StageLog tells how long a record has been in which stage. NotFound also for what the caller may not see, and for a form
// without stages.
func (r *Records) StageLog(ctx context.Context, c Caller, form, id string) (StageLog, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return StageLog{}, err
	}
	if f.Stages == nil || !d.Askable(f.Stages.Field) {
		return StageLog{}, notFound(form, id)
	}
	var doc *store.Doc
	var journal []flow.Entry
	err = r.Store.View(ctx, func(rd store.Reader) (err error) {
		if doc, err = s.visible(rd, f, id); err != nil {
			return err
		}
		journal, err = s.journal(rd, id)
		return err
	})
	if err != nil {
		return StageLog{}, err
	}
	return s.stageLog(f, doc, journal), nil
}

func (s *session) stageLog(f *catalog.Form, doc *store.Doc, journal []flow.Entry) StageLog {
	tree := doc.Tree()
	data, _ := s.lifted(f, tree)
	begun, _ := value.ParseInstant(text(tree, "createdAt"))
	stage := text(data, f.Stages.Field)
	visits := flow.Visits(stage, begun, text(tree, "createdBy"), journal)
	if since := f.Stages.Since; since != nil { // an import may have brought it along
		if ms, ok := since.Column.Scalar(data[since.Key]).(int64); ok {
			last := &visits[len(visits)-1]
			last.Since = ms
			if len(visits) > 1 {
				visits[len(visits)-2].Until = max(ms, visits[len(visits)-2].Since)
			}
		}
	}
	out := StageLog{Stage: stage, Total: map[string]int64{}, Stays: make([]Stay, len(visits))}
	for i, v := range visits {
		until := v.Until
		if until == 0 {
			until = s.now.UnixMilli()
		}
		days := max(0, value.DayIn(until, s.zone)-value.DayIn(v.Since, s.zone))
		out.Stays[i] = Stay{Stage: v.Stage, Since: value.FormatInstant(v.Since), Days: days, By: v.By, Comment: v.Comment}
		if v.Until != 0 {
			out.Stays[i].Until = value.FormatInstant(v.Until)
		}
		out.Total[v.Stage] += days
	}
	last := visits[len(visits)-1]
	out.Since, out.Days = value.FormatInstant(last.Since), out.Stays[len(visits)-1].Days
	if day, ok := flow.Due(f.Stages.Def, stage, value.DayIn(last.Since, s.Zone())); ok {
		out.Due, out.Limit = value.FormatDate(day), flow.State(f.Stages.Def, stage).Limit
	}
	return out
}

// Way is a transition that leads away from where a record stands, and what stands in its way.
type Way struct {
	Key   string          `json:"key"`
	Title definition.Text `json:"-"`
	To    string          `json:"to"`
	// Allowed says that the move can be made as the record is; Open that it can be made once Missing is filled.
	Allowed bool     `json:"allowed"`
	Open    bool     `json:"open"`
	Require []string `json:"require"` // fields that it asks for
	Missing []string `json:"missing"` // those among them, and by rules, that are empty
	Comment bool     `json:"comment"` // whoever makes it must say why
	// Problems are what else stands in its way.
	Problems problem.List `json:"-"`
}

// Ways are the transitions from where a record stands, to each stage one, tried out on the record without writing.
func (r *Records) Ways(ctx context.Context, c Caller, form, id string) ([]Way, error) {
	s := r.session(ctx, c)
	f, d, err := s.form(form)
	if err != nil {
		return nil, err
	}
	out := []Way{}
	err = r.Store.View(ctx, func(rd store.Reader) error {
		out = out[:0]
		doc, err := s.visible(rd, f, id)
		if err == nil && doc.Deleted {
			err = notFound(form, id)
		}
		if err != nil || f.Stages == nil || !d.Askable(f.Stages.Field) {
			return err
		}
		data, _ := s.lifted(f, doc.Tree())
		seen := map[string]bool{}
		for _, m := range flow.Leaving(f.Stages.Def, text(data, f.Stages.Field)) {
			if seen[m.To] {
				continue
			}
			seen[m.To] = true
			way, err := s.way(rd, f, id, m, text(data, f.Stages.Field))
			if err != nil {
				return err
			}
			out = append(out, way)
		}
		return nil
	})
	return out, err
}

// way tries one transition.
func (s *session) way(rd store.Reader, f *catalog.Form, id string, m *definition.StageMove, from string) (Way, error) {
	d := s.decide(f)
	if own := flow.Choose(f.Stages.Def, from, m.To, true, d.HasRole); own != nil {
		m = own
	}
	way := Way{Key: m.Key, Title: m.Title, To: m.To, Require: []string{}, Missing: []string{}, Comment: m.Comment}
	for _, k := range flow.Requires(f.Stages.Def, m) {
		if d.Field(k) != definition.Hidden {
			way.Require = append(way.Require, k)
		}
	}
	in := &Intent{Verb: Move, Form: f.Name, ID: id, To: m.To, Comment: "?"}
	e := &effect{intent: in, form: f, touched: map[string]bool{}}
	p := &pipeline{session: s, r: rd, e: e, d: d, f: f}
	err := s.load(rd, e, d)
	if err == nil {
		err = p.run()
	}
	var fail *problem.Failure
	if err != nil && !errors.As(err, &fail) {
		return way, err
	}
	if fail == nil {
		way.Allowed, way.Open = true, true
		return way, nil
	}
	for _, q := range fail.Problems {
		key, top := strings.CutPrefix(q.Pointer, "/data/")
		if q.Code == "required" && top && f.ByKey[unescape(key)] != nil && d.Writable(unescape(key)) {
			if !slices.Contains(way.Missing, unescape(key)) {
				way.Missing = append(way.Missing, unescape(key))
			}
		} else if q.Blocks() {
			way.Problems = append(way.Problems, q)
		}
	}
	if i := slices.IndexFunc(f.Stages.Moves, func(x *catalog.Move) bool { return x.Def == m }); i >= 0 && f.Stages.Moves[i].Guard != nil {
		reads := slices.ContainsFunc(f.Stages.Moves[i].Guard.Deps(), func(dep formula.Dep) bool { return slices.Contains(way.Missing, dep[0]) })
		if reads { // whether it holds is not known before they are filled
			way.Problems = slices.DeleteFunc(way.Problems, func(q problem.Problem) bool { return q.Code == "guard" })
		}
	}
	way.Open = len(way.Problems) == 0
	return way, nil
}
