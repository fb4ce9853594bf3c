package api

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"

	"formwork/engine/outbox"
	"formwork/engine/transfer"
	"formwork/schemas/problem"
	"formwork/schemas/value"
)

// maxPart bounds the parts of an import request that are not the file.
const maxPart = 1 << 20

// importRows is how many rows a mapping is guessed from.
const importRows = 5000

// importForm takes a multipart form: `file`, or `fileId` of one that was sent before; `mapping`, guessed where it or
// its columns are left out; `key`, fields by which rows find records (again for each); `mode`; `automations`; `preview`. A preview is
// answered with what would happen, anything else with the job that does it.
func (s *Server) importForm(x *call) error { return s.importInto(x, x.form(), "") }

func (s *Server) importUsers(x *call) error { return s.importInto(x, "", transfer.Users) }

func (s *Server) importDepartments(x *call) error { return s.importInto(x, "", transfer.Departments) }

func (s *Server) importInto(x *call, form string, target transfer.Target) error {
	if form != "" {
		if _, _, err := s.Engine.Records.Decision(x.ctx, x.caller(), form); err != nil {
			return err
		}
	} else if err := x.admin(); err != nil {
		return err
	}
	in, err := x.importRequest()
	if err != nil {
		return err
	}
	f, err := s.Engine.Transfer.Files.Open(x.ctx, in.file)
	if err != nil {
		return err
	}
	defer f.Close()
	m, err := s.mapping(x, in, f, form, target)
	if err != nil {
		return err
	}
	if !in.preview {
		j, err := s.Engine.Transfer.Start(x.ctx, x.caller(), in.file, m, transfer.StartOptions{Locale: x.language()})
		if err != nil {
			return err
		}
		return x.answer(http.StatusAccepted, startedJob{Job: j.ID, State: j.State})
	}
	look, _, err := transfer.LookAt(f, m, s.Engine.Catalog.Snapshot().Forms[form], importRows)
	if err != nil {
		return err
	}
	p, err := s.Engine.Transfer.Preview(x.ctx, x.caller(), f, m)
	if err != nil {
		return err
	}
	if p.Columns == nil {
		p.Columns = []transfer.ColumnReport{}
	}
	if m.Columns == nil {
		m.Columns = []transfer.Column{}
	}
	p.Problems = x.explain(p.Problems)
	for i := range p.RefusedRows {
		p.RefusedRows[i].Problems = x.explain(p.RefusedRows[i].Problems)
	}
	for i := range p.Sample {
		p.Sample[i].Warnings = x.explain(p.Sample[i].Warnings)
	}
	return x.answer(http.StatusOK, importPreview{Preview: p, Table: look, Mapping: m, FileID: in.file})
}

type startedJob struct {
	Job   string       `json:"job"`
	State outbox.State `json:"state"`
}

// importPreview is a preview with the mapping that it is of, and the file's id: the import itself need not send it again.
type importPreview struct {
	transfer.Preview
	Table   transfer.Look    `json:"table"`
	Mapping transfer.Mapping `json:"mapping"`
	FileID  string           `json:"fileId"`
}

// importRequest is what the parts of a form said.
type importRequest struct {
	file        string
	mapping     []byte
	key         []string
	mode        string
	automations bool
	preview     bool
}

// importRequest reads the parts in whatever order they come; the file is stored as it streams by.
func (x *call) importRequest() (in importRequest, err error) {
	body, err := x.stream()
	if err != nil {
		return in, err
	}
	kind, params, err := mime.ParseMediaType(x.fiber.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return in, problem.Fail(problem.Malformed, "not-multipart", "", nil)
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if problem.KindOf(err) != "" {
			return in, err
		}
		if err != nil {
			return in, &problem.Failure{Kind: problem.Malformed, Problems: problem.List{problem.New("not-multipart", "", nil)}, Cause: err}
		}
		if err := x.importPart(p, &in); err != nil {
			return in, err
		}
	}
	if in.file == "" {
		return in, problem.Fail(problem.Malformed, "no-file", "", problem.P{"part": "file"})
	}
	return in, nil
}

func (x *call) importPart(p *multipart.Part, in *importRequest) error {
	if p.FormName() == "file" {
		m, err := x.Engine.Files.Save(x.ctx, x.id.User.ID, p.FileName(), p.Header.Get("Content-Type"), p, fileLimit)
		in.file = m.ID
		return cutOff(err)
	}
	b, err := io.ReadAll(io.LimitReader(p, maxPart+1))
	if err != nil {
		return cutOff(err)
	}
	if len(b) > maxPart {
		return problem.Fail(problem.TooLarge, "too-large", "/"+p.FormName(), problem.P{"limit": maxPart})
	}
	text := string(b)
	yes, err := strconv.ParseBool(text)
	wrong := problem.Fail(problem.Malformed, "wrong-parameter", "", problem.P{"parameter": p.FormName()})
	switch p.FormName() {
	case "fileId":
		m, err := x.Engine.Files.Get(x.ctx, text)
		if err != nil {
			return err
		}
		if m.By != x.id.User.ID {
			return problem.Fail(problem.NotFound, "not-found", "", problem.P{"file": text})
		}
		in.file = m.ID
	case "mapping":
		in.mapping = b
	case "key":
		if text != "" {
			in.key = append(in.key, text)
		}
	case "mode":
		in.mode = text
	case "preview", "automations":
		if err != nil {
			return wrong
		}
		if p.FormName() == "preview" {
			in.preview = yes
		} else {
			in.automations = yes
		}
	default:
		return wrong
	}
	return nil
}

// mapping is what the caller sent, or a guess; the other parts overrule it.
func (s *Server) mapping(x *call, in importRequest, f transfer.File, form string, target transfer.Target) (m transfer.Mapping, err error) {
	if len(in.mapping) > 0 {
		v, err := value.Decode(in.mapping)
		if err != nil {
			return m, malformed(err)
		}
		if tree, ok := v.(map[string]any); ok && tree["form"] == nil && tree["target"] == nil { // the address says it
			if tree["form"] = form; form == "" {
				delete(tree, "form")
				tree["target"] = string(target)
			}
			in.mapping = value.AppendJSON(nil, tree)
		}
		if m, err = transfer.ParseMapping(in.mapping); err != nil {
			return m, err
		}
	}
	if len(m.Columns) == 0 {
		guess, err := s.guess(f, m, form, target)
		if err != nil {
			return m, err
		}
		m = guess
	}
	if m.Form != "" && m.Form != form || m.Target != "" && m.Target != target {
		return m, problem.Fail(problem.Invalid, "mapping-elsewhere", "/mapping/form", problem.P{"form": m.Form})
	}
	m.Form, m.Target = form, target
	if len(in.key) > 0 {
		m.Key = in.key
	}
	if in.mode != "" {
		m.Mode = transfer.Mode(in.mode)
	}
	m.Automations = m.Automations || in.automations
	return m, nil
}

// guess proposes columns, key and mode of the table that a mapping without columns means; what it says stays.
func (s *Server) guess(f transfer.File, m transfer.Mapping, form string, target transfer.Target) (transfer.Mapping, error) {
	_, columns, err := transfer.Profile(f, m, importRows)
	if err != nil {
		return m, err
	}
	g := transfer.GuessPeople(target, columns)
	if form != "" {
		g = transfer.Guess(s.Engine.Catalog.Snapshot().Forms[form], columns)
	}
	g.Sheet, g.HeaderRow, g.Encoding, g.Delimiter = m.Sheet, m.HeaderRow, m.Encoding, m.Delimiter
	g.Automations, g.When, g.Set = m.Automations, m.When, m.Set
	if len(m.Key) > 0 {
		g.Key = m.Key
	}
	if m.Mode != "" && m.Mode != transfer.Create {
		g.Mode = m.Mode
	}
	return g, nil
}

// undoJob takes an import back.
func (s *Server) undoJob(x *call) error {
	j, err := x.ownJob()
	if err != nil {
		return err
	}
	if j.Kind != transfer.JobImport {
		return problem.Fail(problem.Conflict, "cannot-undo", "", problem.P{"kind": j.Kind})
	}
	undo, err := s.Engine.Transfer.StartUndo(x.ctx, x.caller(), j.ID)
	if err != nil {
		return err
	}
	return x.answer(http.StatusAccepted, startedJob{Job: undo.ID, State: undo.State})
}
