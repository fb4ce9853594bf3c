package mongoserver

import (
	"errors"
	"fmt"
	"os"
)

// ErrAbsent says that there is no server here, and that none is required.
var ErrAbsent = errors.New("MongoDB is not available")

// During calls f with the connection string of a server that lives as long: the one FORMWORK_TEST_MONGODB_URI names, else a
// new one. For commands that are no test; [ErrAbsent] where a test would be skipped.
func During(f func(uri string) error) error {
	if uri := os.Getenv(EnvURI); uri != "" {
		return f(uri)
	}
	p, err := launch(Options{})
	var none *absentError
	if errors.As(err, &none) && !required() {
		return fmt.Errorf("%w: %w", ErrAbsent, none)
	}
	if err != nil {
		return err
	}
	defer func() {
		p.kill()       // the data goes with it, so there is nothing to flush
		_ = p.remove() // in a temporary folder
	}()
	return f(p.uri())
}
