package auth

import (
	"cmp"
	"context"
	"crypto/subtle"
	"sync"

	"formwork/engine/org"
	"formwork/schemas/problem"
)

// FirstRun sets a workspace up: settings, the first admin and, where wanted, a template. Safe for concurrent use.
type FirstRun struct {
	auth      *Auth
	workspace *org.Workspace
	installer Installer
	key       string
	turn      sync.Mutex
}

// Installer brings templates in.
type Installer interface {
	// Has says whether there is such a template.
	Has(template string) bool
	// Install installs a template in the name of a user, and does nothing when it is installed.
	Install(ctx context.Context, template string, demo bool, by string) error
}

// Wish is what a first run is asked for. Empty settings take their defaults.
type Wish struct {
	Name, Login, Password      string
	Locale, Timezone, Currency string
	Template                   string
	Demo                       bool
}

// NewFirstRun prepares a first run.
func NewFirstRun(a *Auth, w *org.Workspace, i Installer) *FirstRun {
	return &FirstRun{auth: a, workspace: w, installer: i, key: secret()}
}

// Needed says whether the workspace still waits to be set up.
func (f *FirstRun) Needed() bool { return !f.workspace.Settings().IsSetUp() }

// Key is the secret of the one-time link that the start prints.
func (f *FirstRun) Key() string { return f.key }

// Allowed says whether a caller may set up: who has the link, or who sits at the machine.
func (f *FirstRun) Allowed(key string, local bool) error {
	if local || subtle.ConstantTimeCompare([]byte(key), []byte(f.key)) == 1 {
		return nil
	}
	return problem.Fail(problem.Forbidden, "setup-link-needed", "", nil)
}

// Run sets the workspace up. Conflict when it already is. A template that a crash kept from being installed is installed
// by Resume at the next start.
func (f *FirstRun) Run(ctx context.Context, w Wish) (*org.User, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	if !f.Needed() {
		return nil, problem.Fail(problem.Conflict, "already-set-up", "", nil)
	}
	if w.Template != "" && !f.installer.Has(w.Template) {
		return nil, problem.Fail(problem.Invalid, "unknown-template", "/template", problem.P{"template": w.Template})
	}
	d := org.Defaults()
	s := org.Settings{Name: cmp.Or(w.Name, d.Name), Locale: cmp.Or(w.Locale, d.Locale), Timezone: cmp.Or(w.Timezone, d.Timezone),
		Currency: cmp.Or(w.Currency, d.Currency), Template: w.Template, Demo: w.Demo}
	hash, err := f.auth.Hash(ctx, w.Login, w.Password, "/password")
	if err != nil {
		return nil, err
	}
	admin, err := f.auth.Org.Found(ctx, f.workspace, s, org.User{Login: w.Login, Password: hash})
	if err != nil {
		return nil, err
	}
	return admin, f.finish(ctx, admin.ID)
}

// Resume ends a first run that was cut short. It does nothing else.
func (f *FirstRun) Resume(ctx context.Context) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	if f.Needed() || f.workspace.Settings().Template == "" {
		return nil
	}
	for _, u := range f.auth.Org.Directory().List("") {
		if u.Admin && u.Active {
			return f.finish(ctx, u.ID)
		}
	}
	return nil
}

func (f *FirstRun) finish(ctx context.Context, by string) error {
	s := f.workspace.Settings()
	if s.Template == "" {
		return nil
	}
	if err := f.installer.Install(ctx, s.Template, s.Demo, by); err != nil {
		return err
	}
	_, err := f.workspace.Save(ctx, 0, func(s *org.Settings) { s.Template, s.Demo = "", false })
	return err
}
