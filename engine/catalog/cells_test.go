package catalog_test

import (
	"strings"
	"testing"

	"formwork/engine/store/storetest"
	"formwork/schemas/problem"
)

func TestColumnsThatComputeAreChecked(t *testing.T) {
	column := func(settings string) string { return `{"x-field":{"type":"formula",` + settings + `}}` }
	at := func(columns string) string {
		return form(`"rate":`+number+`,"lines":{"type":"array","items":{"type":"object","properties":{"qty":`+number+`,`+columns+`}},"x-field":{"type":"table"}},
			"sum":{"type":"number","x-field":{"type":"formula","expr":"sum(lines, .a)"}}`, "")
	}
	const a = "/lab/form/thing/schema/properties/lines/items/properties/a/x-field"
	for columns, want := range map[string]string{
		`"a":` + column(`"expr":"qty * 2","scale":2`):                        "",
		`"a":` + column(`"expr":"b + 1"`) + `,"b":` + column(`"expr":"qty"`): "",
		`"a":` + column(`"expr":"qtty * 2"`):                                 a + "/expr unknown-name",
		`"a":` + column(`"expr":"qty * rate"`):                               a + "/expr unknown-name", // of the record, not of the row
		`"a":` + column(`"expr":"now()"`):                                    a + "/expr volatile",
		`"a":` + column(`"expr":"qty","result":"date"`):                      a + "/result formula-type",
		`"a":` + column(`"expr":"qty","live":true`):                          a + "/live unknown-setting",
		`"a":` + column(`"expr":"b"`) + `,"b":` + column(`"expr":"a"`):       "/lab/form/thing/schema/properties/lines/items/properties/b/x-field/expr cycle",
		`"a":` + column(`"expr":"a"`):                                        a + "/expr cycle",
		`"a":` + column(`"expr":"'x' + qty"`):                                "/lab/form/thing/schema/properties/sum/x-field/expr type-mismatch",
	} {
		c := open(t, storetest.NewMemory())
		err := publish(c, app(at(columns)))
		got := ""
		for _, p := range problem.Of(err) {
			if p.Blocks() && got == "" {
				got = p.Pointer + " " + p.Code
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q (%v)", columns, got, want, err)
		}
		if want == "" {
			f := c.Snapshot().Forms["lab.thing"]
			if cells := f.ByKey["lines"].Cells; cells[len(cells)-1].Key != "a" || !strings.Contains(string(f.Published), `"a":{"type":"number"`) {
				t.Errorf("%s: %v, %s", columns, cells, f.Published)
			}
		}
	}
}
