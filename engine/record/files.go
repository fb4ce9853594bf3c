package record

import (
	"context"

	"formwork/engine/store"
	"formwork/schemas/field"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// Files answers for uploaded files. Implemented by file.Files.
type Files interface {
	// Entry is who sent a file, and what a field holds of it: id, name, size, type. ok is false when there is none.
	Entry(ctx context.Context, r store.Reader, id string) (by string, entry map[string]any, ok bool, err error)
	// Attach marks files as used, in the transaction of the record that holds them; what nobody uses goes after a day.
	Attach(ctx context.Context, tx store.Tx, ids ...string) error
}

// attachments checks files that were added: they exist, the writer sent them - else anybody could open another's file
// by putting its id into a record of their own - and what is kept of them is what they are, not what a client says.
func (p *pipeline) attachments() error {
	for _, x := range p.f.Fields {
		list, ok := p.data[x.Key].([]any)
		if x.Type.Key != "file" && x.Type.Key != "image" || !ok || !p.e.touched[x.Key] {
			continue
		}
		was := map[string]any{}
		before, _ := p.was[x.Key].([]any)
		for _, v := range before {
			if m, ok := v.(map[string]any); ok {
				id, _ := m["id"].(string)
				was[id] = m
			}
		}
		out := make([]any, 0, len(list))
		for i, v := range list {
			m, _ := v.(map[string]any)
			id, _ := m["id"].(string)
			if have, kept := was[id]; kept {
				out = append(out, have)
				continue
			}
			by, entry, known, err := p.Files.Entry(p.ctx, p.r, id)
			if err != nil {
				return err
			}
			if !known || by != p.caller.User && !p.caller.Subject.Trusted {
				p.problems = append(p.problems, problem.New("unknown-file", "/data"+problem.Pointer(x.Key, i, "id"), problem.P{"file": id}))
				continue
			}
			if got, ps := x.Type.Coerce(x.Def, []any{entry}, field.Env{Zone: p.zone, NewID: p.NewID}); ps.Blocks() { // its real size and type
				p.problems = append(p.problems, ps.At("/data"+problem.Pointer(x.Key))...)
				continue
			} else if kept, ok := got.([]any); ok {
				out = append(out, kept...)
			}
			p.e.files = append(p.e.files, id)
		}
		if !value.Equal(out, list) {
			p.set(x.Key, out)
		}
	}
	return nil
}
