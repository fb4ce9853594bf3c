package outbox

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"formwork/engine/query"
	"formwork/engine/store"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

const collection = "outbox"

// declaration of the collection. All that changes with every attempt is in one small index, turn; the key index too
// holds unfinished jobs only.
func declaration() store.Collection {
	column := func(key string, kind query.Kind) query.Column {
		return query.Column{Key: key, Path: []string{key}, Kind: kind}
	}
	index := func(columns ...query.Order) store.Index {
		return store.Index{Key: columns[0].Column, Columns: columns}
	}
	few := func(columns ...query.Order) store.Index { // of a column that is empty in most: those that are finished
		x := index(columns...)
		x.Sparse = true
		return x
	}
	newest := query.Order{Column: "at", Desc: true}
	held := index(query.Order{Column: "held"})
	held.Unique = true
	fifo := few(query.Order{Column: "line"}, query.Order{Column: "order"})
	lanes := few(query.Order{Column: "lane"}, query.Order{Column: "turn"})
	return store.Collection{
		Name: collection,
		Columns: []query.Column{
			column("turn", query.Instant), column("held", query.Text), column("finished", query.Instant),
			column("state", query.Text), column("kind", query.Text), column("by", query.Text), column("at", query.Instant),
			column("line", query.Text), column("order", query.Number), column("lane", query.Text), column("topic", query.Text), column("subject", query.Text),
		},
		Indexes: []store.Index{
			few(query.Order{Column: "turn"}), held, few(query.Order{Column: "finished"}),
			index(query.Order{Column: "state"}, newest), index(query.Order{Column: "kind"}, newest), few(query.Order{Column: "by"}, newest),
			fifo, lanes, few(query.Order{Column: "topic"}, newest), few(query.Order{Column: "subject"}, newest),
		},
	}
}

// entry is a job as it is stored.
type entry struct {
	Job
	version int64
	// turn is when a worker must look at the job: its due time when queued, the end of its lease when running. Zero when
	// it is finished or waits behind another job of its key.
	turn time.Time
	// holds: it is the job of its key; of the unfinished jobs with one key exactly one does.
	holds bool
	// next is the job that waits behind this one, "" for none.
	next string
	// followed: another stood behind it in the queue, once.
	followed bool
	// order is the place in the queue.
	order        float64
	owner, token string // of the lease
	cancel       bool   // asked to stop while running
	finished     time.Time
}

func (e *entry) doc() *store.Doc {
	tree := map[string]any{"kind": e.Kind, "state": string(e.State), "due": instant(e.Due), "at": instant(e.CreatedAt), "updated": instant(e.UpdatedAt)}
	set := func(key string, v any) {
		if !value.IsEmpty(v) {
			tree[key] = v
		}
	}
	set("key", e.Key)
	set("by", e.By)
	set("error", e.Error)
	set("problems", writeProblems(e.Problems))
	set("payload", e.Payload)
	set("progress", e.Progress)
	set("result", e.Result)
	set("turn", instant(e.turn))
	set("finished", instant(e.finished))
	set("next", e.next)
	set("owner", e.owner)
	set("token", e.token)
	set("topic", e.Topic)
	set("subject", e.Subject)
	set("queue", e.Queue)
	if !e.State.Finished() {
		if e.State == Queued {
			tree["lane"] = e.lane()
		}
		if e.Queue != "" {
			tree["line"], tree["order"] = e.Queue, e.order
		}
	}
	if e.holds {
		tree["held"] = e.Key
	}
	if e.Attempts > 0 {
		tree["attempts"] = float64(e.Attempts)
	}
	if e.cancel {
		tree["cancel"] = true
	}
	if e.followed {
		tree["followed"] = true
	}
	return store.New(e.ID, tree)
}

// lane is what fairness goes by.
func (e *entry) lane() string {
	if e.Topic != "" {
		return e.Topic
	}
	return e.Kind
}

func read(d *store.Doc) *entry {
	tree := d.Tree()
	text := func(key string) string { s, _ := tree[key].(string); return s }
	object := func(key string) map[string]any { m, _ := tree[key].(map[string]any); return m }
	attempts, _ := tree["attempts"].(float64)
	order, _ := tree["order"].(float64)
	cancel, _ := tree["cancel"].(bool)
	followed, _ := tree["followed"].(bool)
	return &entry{
		Job: Job{
			ID: d.ID, Kind: text("kind"), Key: text("key"), State: State(text("state")), By: text("by"),
			Queue: text("queue"), Topic: text("topic"), Subject: text("subject"),
			Due: moment(text("due")), CreatedAt: moment(text("at")), UpdatedAt: moment(text("updated")),
			Attempts: int(attempts), Error: text("error"), Problems: readProblems(tree["problems"]),
			Payload: object("payload"), Progress: object("progress"), Result: object("result"),
		},
		version: d.Version, order: order, followed: followed, turn: moment(text("turn")), finished: moment(text("finished")), holds: text("held") != "",
		next: text("next"), owner: text("owner"), token: text("token"), cancel: cancel,
	}
}

// instant spells a time, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return value.FormatInstant(t.UnixMilli())
}

func moment(s string) time.Time {
	ms, err := value.ParseInstant(s)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// canonical copies an object into canonical values; what JSON cannot say panics, as in value.AppendJSON.
func canonical(what string, m map[string]any) (map[string]any, error) {
	if len(m) == 0 {
		return nil, nil
	}
	if isCanonical(m, value.MaxDepth) {
		return value.Clone(m).(map[string]any), nil
	}
	v, err := value.Decode(value.AppendJSON(nil, m))
	if err != nil {
		return nil, fmt.Errorf("%s of a job: %w", what, err)
	}
	return v.(map[string]any), nil
}

// isCanonical says whether a value needs no more than to be copied: what is not sure of it goes through JSON.
func isCanonical(v any, depth int) bool {
	switch v := v.(type) {
	case nil, bool:
		return true
	case string:
		return utf8.ValidString(v)
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0) && (v != 0 || !math.Signbit(v))
	case []any:
		for _, x := range v {
			if depth == 0 || !isCanonical(x, depth-1) {
				return false
			}
		}
		return true
	case map[string]any:
		for k, x := range v {
			if depth == 0 || !utf8.ValidString(k) || !isCanonical(x, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}

// writeProblems goes through encoding/json, as parameters may be of any type. What it cannot write is left out: the
// job's error text says the same.
func writeProblems(l problem.List) any {
	if len(l) == 0 {
		return nil
	}
	b, err := json.Marshal(l)
	if err != nil {
		return nil
	}
	v, err := value.Decode(b)
	if err != nil {
		return nil
	}
	return v
}

func readProblems(v any) problem.List {
	if v == nil {
		return nil
	}
	var l problem.List
	if json.Unmarshal(value.AppendJSON(nil, v), &l) != nil {
		return nil
	}
	return l
}
