package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
)

func TestPointer(t *testing.T) {
	for _, c := range []struct {
		parts []any
		want  string
	}{
		{nil, ""}, {[]any{"data", "name"}, "/data/name"}, {[]any{"lines", 0, "qty"}, "/lines/0/qty"}, {[]any{"a/b", "m~n", ""}, "/a~1b/m~0n/"}, {[]any{"~1"}, "/~01"}, {[]any{int64(7), true}, "/7/true"},
	} {
		if got := Pointer(c.parts...); got != c.want {
			t.Errorf("Pointer(%v) = %q, want %q", c.parts, got, c.want)
		}
	}
}

func TestListBlocks(t *testing.T) {
	warning := Problem{Code: "w", Severity: Warning}
	if (List{}).Blocks() || (List{warning}).Blocks() || !(List{warning, New("e", "", nil)}).Blocks() || !(List{{Severity: Error}}).Blocks() {
		t.Error("only warnings let pass")
	}
	if err := Refuse(List{warning}); err != nil {
		t.Errorf("refused for a warning: %v", err)
	}
	if err := Refuse(nil); err != nil {
		t.Errorf("refused for nothing: %v", err)
	}
	err := Refuse(List{warning, New("required", "/data/name", P{"max": 80})})
	if KindOf(err) != Invalid || len(Of(err)) != 2 {
		t.Errorf("refusal is %v", err)
	}
}

func TestListAt(t *testing.T) {
	list := List{New("a", "", nil), New("b", "/x", nil)}
	moved := list.At("/data")
	if moved[0].Pointer != "/data" || moved[1].Pointer != "/data/x" || list[1].Pointer != "/x" {
		t.Errorf("moved %v, from %v", moved, list)
	}
	if len(List(nil).At("/x")) != 0 || list.At("")[1].Pointer != "/x" {
		t.Error("nothing to move")
	}
}

func TestFailure(t *testing.T) {
	cause := errors.New("disk full")
	err := fmt.Errorf("saving: %w", &Failure{Kind: Unavailable, Problems: List{New("later", "/x", P{"s": 3})}, Cause: cause})
	if !errors.Is(err, cause) || KindOf(err) != Unavailable || Of(err)[0].Code != "later" {
		t.Errorf("wrapped failure reads as %q, %v", KindOf(err), Of(err))
	}
	if got := err.Error(); got != "saving: unavailable: later at /x map[s:3]: disk full" {
		t.Errorf("error text %q", got)
	}
	if KindOf(cause) != "" || Of(cause) != nil || KindOf(nil) != "" {
		t.Error("an error of another kind has none of ours")
	}
	f := Fail(Duplicate, "taken", "/data/name", nil)
	if f.Kind != Duplicate || f.Error() != "duplicate: taken at /data/name" {
		t.Errorf("failure %q", f.Error())
	}
}

func TestWireForm(t *testing.T) {
	b, err := json.Marshal(List{New("max", "/data/name", P{"max": 80}), {Code: "w", Severity: Warning, Message: "hm"}})
	if want := `[{"code":"max","pointer":"/data/name","params":{"max":80}},{"code":"w","severity":"warning","message":"hm"}]`; err != nil || string(b) != want {
		t.Errorf("got %s, %v", b, err)
	}
}
