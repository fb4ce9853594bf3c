package formula

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"formwork/schemas/value"
)

// shared is the directory of data that is kept beside the repository, not in it.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dirs := []string{os.Getenv("FORMWORK_SHARED")}
	for d, _ := os.Getwd(); d != filepath.Dir(d); d = filepath.Dir(d) {
		dirs = append(dirs, filepath.Join(d, "shared"))
	}
	for _, d := range dirs {
		if d == "" {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(d, "data", "formula", name)); err == nil {
			return data
		}
	}
	t.Skip("needs ../shared/data/formula/" + name)
	return nil
}

// ours maps a spreadsheet's function to ours of the same meaning.
var ours = map[string]string{"ABS": "abs", "AND": "and", "AVERAGE": "avg", "CEILING": "ceil", "CONCATENATE": "concat", "CONCAT": "concat", "COUNTA": "count",
	"DATE": "date", "DATEVALUE": "dateValue", "DAY": "day", "EDATE": "edate", "EOMONTH": "eomonth", "FIND": "find", "FLOOR": "floor", "HOUR": "hour",
	"IF": "if", "IFS": "ifs", "INT": "int", "ISBLANK": "isBlank", "ISOWEEKNUM": "isoWeekNum", "LEFT": "left", "LEN": "len", "LOWER": "lower", "MAX": "max",
	"MID": "mid", "MIN": "min", "MINUTE": "minute", "MOD": "mod", "MONTH": "month", "NETWORKDAYS": "networkDays", "NOT": "not", "OR": "or", "POWER": "power",
	"RIGHT": "right", "ROUND": "round", "ROUNDDOWN": "roundDown", "ROUNDUP": "roundUp", "SECOND": "second", "SIGN": "sign", "SQRT": "sqrt",
	"SUBSTITUTE": "substitute", "SUM": "sum", "SWITCH": "switch", "TEXT": "text", "TRIM": "trim", "TRUNC": "trunc", "UPPER": "upper", "VALUE": "value", "YEAR": "year", "UNIQUE": "unique"}

// dated are the functions whose text and number arguments are dates there.
var dated = map[string]bool{"DAY": true, "EDATE": true, "EOMONTH": true, "ISOWEEKNUM": true, "MONTH": true, "NETWORKDAYS": true, "YEAR": true, "DATEVALUE": true}

// differs are the differences on purpose: what the call looks like, and why ours gives something else.
var differs = []struct {
	call *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`^(and|or)\(.*nil`), "an empty condition is false, as everywhere, not skipped"},
	{regexp.MustCompile(`^(and|or)\(.*\d`), "a number is no condition: write x != 0"},
	{regexp.MustCompile(`^(and|or|not)\(.*"`), "a text is no condition"},
	{regexp.MustCompile(`^date\(1900, 1, 1\)$`), "a date is no number: there is no serial"},
	{regexp.MustCompile(`^(sum|avg|count)\(\[\[|^count\(\[1, nil, 3, "a"`), "a list has elements of one type and is not flattened"},
	{regexp.MustCompile(`^avg\(nil\)$`), "the mean of nothing is empty, not an error: an empty sub-table is normal"},
	{regexp.MustCompile(`^ceil\(4\.1\)$`), "the step is 1 when left out (formula.js takes 0; spreadsheets demand it)"},
	{regexp.MustCompile(`^floor\(.*(nil|, 0)\)$`), "a step of 0 gives 0, as ceil does"},
	{regexp.MustCompile(`^(day|month|year|hour|minute|second|date|dateValue)\(.*"`), "dates are written YYYY-MM-DD; anything else is ambiguous between countries"},
	{regexp.MustCompile(`^if\((true|false|\d == \d|\d != \d)\)$`), "if needs a value for the condition that holds"},
	{regexp.MustCompile(`^if\(false, 1\)$|^if\([^,]*, [^,]*\)$`), "without an else the value is empty, not false"},
	{regexp.MustCompile(`^(left|right|lower|upper|trim|len|max|min|sum)\((\d|true|false|")`), "numbers and texts are not confused: write text(x) or number(x)"},
	{regexp.MustCompile(`^len\(\[`), "len of a list counts its elements"},
	{regexp.MustCompile(`^networkDays\([^,]*, [^,]*, `), "holidays belong to calendars, which a formula does not know"},
	{regexp.MustCompile(`^power\((nil, nil|0, 0)\)$`), "0 to the power of 0 is 1, as in IEEE 754"},
	{regexp.MustCompile(`^power\(true|"2(\.5)?"\)$|"3"\)$`), "numbers and texts are not confused: write text(x) or number(x)"},
	{regexp.MustCompile(`^switch\(7, "Default Expression"\)$`), "switch needs a case"},
	{regexp.MustCompile(`^switch\((10, 9|7, 9|0, 1, 2\))`), "no case and no default is empty"},
	{regexp.MustCompile(`^text\(123, (nil|111)\)$`), "an empty pattern is no pattern; a pattern is a text"},
	{regexp.MustCompile(`^text\(.*(MMMM|mmm)`), "names of months depend on the reader's language, a value does not"},
	{regexp.MustCompile(`^unique\(([^\[]|\[\])`), "unique takes one list"},
	{regexp.MustCompile(`^value\((true|"%12"|"11 000"|"\$|"EUR|"5, 000|".*:)`), "the text of a number has no currency, no spaces, no time; true is 1"},
	{regexp.MustCompile(`^(text|edate|eomonth|networkDays|isoWeekNum|hour|minute|second|day|month|year)\((-?\d|"|'|int)`), "a date is no number: there is no serial"},
	{regexp.MustCompile(`\(\)|, ,|""`), "an argument that must be there; empty text counts as empty, not as an error"},
}

// literal writes an argument in our language; ok is false for what has no literal (errors, cell ranges).
func literal(v any, date bool) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "nil", true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		if date {
			return "'" + value.FormatDate(int64(v)-25569) + "'", v > 60 && v == math.Trunc(v)
		}
		return value.Text(v), true
	case string:
		if strings.HasPrefix(v, "#") && strings.HasSuffix(v, "!") || v == "#N/A" {
			return "", false
		}
		if date {
			for _, layout := range []string{"1/2/2006", "2006-01-02", "01/02/2006"} {
				if t, err := time.Parse(layout, v); err == nil {
					v = t.Format("2006-01-02")
				}
			}
		}
		return strconv.Quote(v), true
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			var ok bool
			if parts[i], ok = literal(e, date); !ok {
				return "", false
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	case map[string]any:
		if d, ok := v["date"].([]any); ok && len(d) >= 3 {
			return fmt.Sprintf("'%04.0f-%02.0f-%02.0f'", d[0], d[1], d[2]), true
		}
		return "nil", v["undefined"] == true
	}
	return "", false
}

// outcome runs a call; failed is true when it is refused or has an error: a spreadsheet shows #VALUE!.
func outcome(src string) (v any, failed bool) {
	p, problems := Compile(src, nil, Options{Volatile: true})
	if len(problems) > 0 {
		return problems.String(), true
	}
	v, errs, err := p.Eval(context.Background(), Env{})
	return v, err != nil || len(errs) > 0
}

func agree(got, want any, tolerance float64) bool {
	switch w := want.(type) {
	case float64:
		switch g := got.(type) {
		case float64:
			return math.Abs(g-w) <= max(tolerance, 1e-9, 1e-14*math.Abs(w))
		case Date:
			return float64(g)+25569 == w
		case nil:
			return w == 0
		}
	case map[string]any:
		s, ok := literal(w, true)
		d, isDate := got.(Date)
		return ok && isDate && s == "'"+d.String()+"'"
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !agree(g[i], w[i], tolerance) {
				return false
			}
		}
		return true
	case string:
		return got == want || got == nil && w == ""
	}
	return got == want
}

// tally counts what agrees and what differs for a reason in the table; anything else is an error.
type tally struct{ agree, differ int }

func (c *tally) judge(t *testing.T, src string, got any, ok bool, there any) {
	t.Helper()
	if ok {
		c.agree++
		return
	}
	for _, d := range differs {
		if d.call.MatchString(src) {
			c.differ++
			return
		}
	}
	t.Errorf("%s = %v, there %v", src, got, there)
}

func (c *tally) report(t *testing.T, least int) {
	t.Helper()
	t.Logf("%d agree, %d differ on purpose", c.agree, c.differ)
	if c.agree < least {
		t.Errorf("only %d vectors agree", c.agree)
	}
}

func TestFormulaJS(t *testing.T) {
	var vectors []struct {
		Fn        string
		Args      []any
		Op        string
		Expected  any
		Tolerance float64
	}
	if err := json.Unmarshal(shared(t, "formulajs_vectors.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	var c tally
	for _, v := range vectors {
		name, ok := ours[v.Fn]
		args := make([]string, len(v.Args))
		for i, a := range v.Args {
			var fits bool
			args[i], fits = literal(a, dated[v.Fn])
			ok = ok && fits
		}
		if !ok || v.Op != "equal" && v.Op != "approximately" {
			continue
		}
		src := name + "(" + strings.Join(args, ", ") + ")"
		got, failed := outcome(src)
		if e, isText := v.Expected.(string); isText && strings.HasPrefix(e, "#") {
			c.judge(t, src, got, failed, e)
		} else {
			c.judge(t, src, got, !failed && agree(got, v.Expected, v.Tolerance), v.Expected)
		}
	}
	c.report(t, 200)
}

// TestExcelize runs the formulas that use nothing but functions of ours on literals, translated token by token.
func TestExcelize(t *testing.T) {
	var file struct {
		Vectors []struct {
			Formula  string
			Expected any
		}
	}
	if err := json.Unmarshal(shared(t, "excelize_vectors.json"), &file); err != nil {
		t.Fatal(err)
	}
	var c tally
	for _, v := range file.Vectors {
		src, ok := translate(v.Formula)
		if !ok {
			continue
		}
		got, failed := outcome(src)
		if want, shown := v.Expected.(string); shown {
			c.judge(t, src, got, !failed && agree(got, displayed(want, got), 1e-9), want)
		} else {
			c.judge(t, src, got, failed, v.Expected)
		}
	}
	c.report(t, 200)
}

var (
	call   = regexp.MustCompile(`[A-Z][A-Z0-9.]*\(`)
	quoted = regexp.MustCompile(`"[^"]*"`)
	other  = regexp.MustCompile(`[A-Z]+\$?[0-9]|[{}&~:]|[A-Z]+\.|_`)
	usDate = regexp.MustCompile(`"(\d{1,2})/(\d{1,2})/(\d{4})"`)
	single = regexp.MustCompile(`([^<>=!])=([^=])`)
)

// translate writes a spreadsheet formula in our language; ok is false when it has cells or functions that we do not.
func translate(f string) (string, bool) {
	if bare := quoted.ReplaceAllString(f, ""); other.MatchString(bare) || !call.MatchString(bare) {
		return "", false
	}
	ok := true
	f = call.ReplaceAllStringFunc(f, func(name string) string {
		to, known := ours[strings.TrimSuffix(name, "(")]
		ok = ok && known
		return to + "("
	})
	f = usDate.ReplaceAllStringFunc(f, func(s string) string {
		d, err := time.Parse("1/2/2006", strings.Trim(s, `"`))
		ok = ok && err == nil
		return "'" + d.Format("2006-01-02") + "'"
	})
	f = single.ReplaceAllString(f, "$1 == $2")
	f = strings.ReplaceAll(f, "<>", " != ")
	f = strings.NewReplacer("TRUE", "true", "FALSE", "false").Replace(f)
	return strings.ReplaceAll(strings.ReplaceAll(f, ", ", ","), ",", ", "), ok
}

// displayed reads what a sheet shows as a value of the kind that we computed.
func displayed(s string, like any) any {
	switch like.(type) {
	case bool:
		return s == "TRUE"
	case float64, Date, nil:
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			return f
		}
	}
	return s
}
