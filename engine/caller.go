package engine

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"formwork/engine/access"
	"formwork/engine/catalog"
	"formwork/engine/org"
	"formwork/engine/record"
	"formwork/schemas/definition"
)

// callers remembers what users may do under one snapshot of the definitions and one directory.
type callers struct {
	snap *catalog.Snapshot
	dir  *org.Directory
	mu   sync.RWMutex
	m    map[string]*caller
}

type caller struct {
	subject access.Subject
	zone    *time.Location
}

// Caller is a user as records know them: their rights by the roles they have now, and their time zone. via says by what
// way they come. Somebody unknown has no rights.
func (e *Engine) Caller(user, via string) record.Caller {
	snap, dir := e.Catalog.Snapshot(), e.Org.Directory()
	known := e.callers.Load()
	if known == nil || known.snap != snap || known.dir != dir {
		known = &callers{snap: snap, dir: dir, m: map[string]*caller{}}
		e.callers.Store(known)
	}
	known.mu.RLock()
	c := known.m[user]
	known.mu.RUnlock()
	if c == nil {
		c = known.find(user)
		known.mu.Lock()
		known.m[user] = c
		known.mu.Unlock()
	}
	return record.Caller{User: user, Subject: c.subject, Zone: c.zone, Via: via}
}

func (k *callers) find(user string) *caller {
	c := &caller{subject: access.Subject{User: user}}
	u := k.dir.Users[user]
	if u == nil || !u.Active {
		return c
	}
	c.subject.Admin = u.Admin
	leads := len(k.dir.Leads(user)) > 0
	for _, a := range k.snap.Apps {
		for _, r := range a.Roles {
			if r.Members.Default || r.Members.Leaders && leads || slices.Contains(u.Roles[a.Key], r.Key) {
				c.subject.Roles = append(c.subject.Roles, access.Role{App: a.Key, Def: r})
			}
		}
	}
	if u.Timezone != "" {
		c.zone, _ = time.LoadLocation(u.Timezone)
	}
	return c
}

// AppAdmin says whether a subject may change an app's definitions.
func AppAdmin(s access.Subject, app string) bool {
	return s.Admin || slices.ContainsFunc(s.Roles, func(r access.Role) bool { return r.App == app && r.Def.Admin })
}

// callersCache is the pointer to what is remembered now.
type callersCache = atomic.Pointer[callers]

// Dashboards are the dashboards of an app that a subject may open.
func Dashboards(s access.Subject, a *catalog.App) []*definition.Dashboard {
	return slices.DeleteFunc(slices.Clone(a.Boards), func(d *definition.Dashboard) bool {
		return !AppAdmin(s, a.Key) && !slices.ContainsFunc(s.Roles, func(r access.Role) bool {
			return r.App == a.Key && (slices.Contains(r.Def.Dashboards, "*") || slices.Contains(r.Def.Dashboards, d.Key))
		})
	})
}
