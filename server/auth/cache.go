package auth

import (
	"sync"
	"time"
)

const (
	// cachedFor is how long a lookup of a session or token is believed: how late another process's logout may be seen.
	cachedFor  = 5 * time.Second
	cacheLimit = 10_000
)

// entry is what the store said about a session or token. user is "" for one that does not exist.
type entry struct {
	id, user string
	epoch    int64
	until    time.Time
}

// cache remembers lookups by the digest of the secret.
type cache struct {
	now func() time.Time
	mu  sync.RWMutex
	m   map[string]entry
}

func newCache(now func() time.Time) *cache { return &cache{now: now, m: map[string]entry{}} }

func (c *cache) get(key string) (entry, bool) {
	c.mu.RLock()
	e, ok := c.m[key]
	c.mu.RUnlock()
	return e, ok && c.now().Before(e.until)
}

func (c *cache) put(key string, e entry) {
	now := c.now()
	e.until = now.Add(cachedFor)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= cacheLimit {
		for k, old := range c.m {
			if now.After(old.until) {
				delete(c.m, k)
			}
		}
		if len(c.m) >= cacheLimit {
			clear(c.m)
		}
	}
	c.m[key] = e
}

// drop forgets everything: rare, and cheap to learn anew.
func (c *cache) drop() {
	c.mu.Lock()
	clear(c.m)
	c.mu.Unlock()
}
