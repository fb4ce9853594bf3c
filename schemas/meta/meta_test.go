package meta

import (
	"testing"
	"formwork/schemas/validate"
)

func TestCompile(t *testing.T) {
	for k, b := range All() {
		if _, err := validate.Compile(k, b); err != nil { t.Errorf("%s: %v", k, err) }
	}
}
