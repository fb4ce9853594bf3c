package value

import (
	"os"
	"path/filepath"
	"testing"
)

// shared finds a folder of the read-only data that stand beside the repository, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("FORMWORK_SHARED")
	for here, _ := os.Getwd(); dir == "" && here != filepath.Dir(here); here = filepath.Dir(here) {
		if info, err := os.Stat(filepath.Join(here, "shared", "data")); err == nil && info.IsDir() {
			dir = filepath.Join(here, "shared")
		}
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); dir == "" || err != nil {
		t.Skipf("needs ../shared/%s", filepath.Join(parts...))
	}
	return path
}
