package scenario_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"formwork/engine/scenario"
	"formwork/engine/store"
	"formwork/engine/store/mongo"
	"formwork/engine/store/sqlite"
	"formwork/engine/store/storetest"
	"formwork/engine/store/storetest/mongoserver"
	"formwork/schemas/definition"
	"formwork/templates"
)

func all(t *testing.T) map[string][]*scenario.Scenario {
	t.Helper()
	entries, err := fs.ReadDir(templates.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]*scenario.Scenario{}
	for _, e := range entries {
		list, err := scenario.Read(templates.FS, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = list
	}
	return out
}

func TestScenarios(t *testing.T) {
	stores := map[string]func(t *testing.T) store.Store{
		"sqlite": func(t *testing.T) store.Store {
			st, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			return st
		},
		"mongo": func(t *testing.T) store.Store {
			st, err := mongo.Open(t.Context(), mongo.Options{URI: mongoserver.SharedDatabase(t)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			return st
		},
	}
	for template, list := range all(t) {
		for _, s := range list {
			for name, open := range stores {
				t.Run(template+"/"+s.Name+"/"+name, func(t *testing.T) {
					wrong, err := scenario.Run(t.Context(), open(t), templates.FS, template, s)
					for _, w := range wrong {
						t.Error(w)
					}
					if err != nil {
						t.Fatal(err)
					}
				})
			}
		}
	}
}

// Every automation of a template has a scenario that is called after it.
func TestEveryAutomationHasAScenario(t *testing.T) {
	for template, list := range all(t) {
		have := map[string]bool{}
		for _, s := range list {
			have[s.Name] = true
		}
		files, err := fs.Glob(templates.FS, template+"/apps/*/automations/*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := fs.ReadFile(templates.FS, f)
			if err != nil {
				t.Fatal(err)
			}
			head, err := definition.Peek(b)
			if err != nil {
				t.Fatal(err)
			}
			if !have[head.Key] {
				t.Errorf("%s has no %s/scenarios/%s.json", f, template, head.Key)
			}
		}
	}
}

// A scenario that is not met says at which step and how.
func TestWhatIsNotMetIsSaid(t *testing.T) {
	s := &scenario.Scenario{At: "2026-03-02 09:00", Timezone: "Asia/Shanghai", Locale: "en", Actors: []scenario.Actor{{Key: "ann", Name: "Ann", Admin: true}}}
	two := 2
	s.Steps = []scenario.Step{
		{As: "ann", Create: "tasks.task", Data: map[string]any{"title": "One"}, Name: "one"},
		{Record: "one", Data: map[string]any{"title": "Two"}},
		{Told: "ann", Titles: []string{"something"}},
		{Count: "tasks.task", Is: &two},
		{As: "ann", Update: "one", Data: map[string]any{"title": ""}},
		{As: "ann", Update: "one", Data: map[string]any{"title": "x"}, Refused: "required"},
	}
	wrong, err := scenario.Run(t.Context(), storetest.NewMemory(), templates.FS, "starter", s)
	if err != nil {
		t.Fatal(err)
	}
	wants := []string{"step 2: title of one is One, want Two", `step 3: ann was told [], want ["something"]`, "step 4: there are 1 of tasks.task", "step 5: it was refused", "step 6: it should be refused with required"}
	if len(wrong) != len(wants) {
		t.Fatalf("%d are wrong: %v", len(wrong), wrong)
	}
	for i, w := range wants {
		if !strings.HasPrefix(wrong[i].Error(), w) {
			t.Errorf("%v, want %s", wrong[i], w)
		}
	}
	s.Steps = []scenario.Step{{As: "nobody", Create: "tasks.task"}}
	if _, err := scenario.Run(t.Context(), storetest.NewMemory(), templates.FS, "starter", s); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("a step that cannot be: %v", err)
	}
}
