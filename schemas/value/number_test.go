package value

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestRound(t *testing.T) {
	for _, c := range []struct {
		f     float64
		scale int
		want  float64
	}{
		{1.005, 2, 1.01}, {2.675, 2, 2.68}, {1.115, 2, 1.12}, {-1.005, 2, -1.01}, {0.5, 0, 1}, {-0.5, 0, -1}, {1.5, 0, 2}, {2.5, 0, 3}, {0.49999999999999994, 0, 0}, {1e15 + 0.5, 0, 1e15 + 1},
		{1e15 + 0.5, 1, 1e15 + 0.5}, {9.995, 2, 10}, {99.5, 0, 100}, {1234.5, -3, 1000}, {1500, -3, 2000}, {500, -3, 1000}, {499, -3, 0}, {-500, -3, -1000}, {49, -3, 0}, {1e21, 2, 1e21},
		{1e-7, 2, 0}, {5e-3, 2, 0.01}, {4.9e-3, 2, 0}, {-4.9e-3, 2, 0}, {5e-324, 10, 0}, {math.MaxFloat64, -308, math.MaxFloat64}, {math.MaxFloat64, 10, math.MaxFloat64}, {0.1 + 0.2, 10, 0.3},
		{9007199254740991, 0, 9007199254740991}, {math.Copysign(0, -1), 2, 0}, {1.45, 1, 1.5}, {8.345, 2, 8.35}, {math.Inf(1), 2, math.Inf(1)},
	} {
		if got := Round(c.f, c.scale); got != c.want || math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("Round(%v, %d) = %v, want %v", c.f, c.scale, got, c.want)
		}
	}
	if !math.IsNaN(Round(math.NaN(), 2)) {
		t.Error("NaN")
	}
}

// TestRoundAgainstBig: the same rule in exact arithmetic on the shortest text.
func TestRoundAgainstBig(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		f := float64(r.Int64N(2e9)-1e9) / math.Pow10(r.IntN(8))
		if r.IntN(4) == 0 {
			f = math.Float64frombits(r.Uint64())
			if math.IsNaN(f) || math.Abs(f) > 1e30 || math.Abs(f) < 1e-30 {
				continue
			}
		}
		scale := r.IntN(12) - 3
		x, _ := new(big.Rat).SetString(strconv.FormatFloat(math.Abs(f), 'e', -1, 64))
		unit := new(big.Rat).SetInt(power(scale))
		if scale < 0 {
			unit.SetFrac(big.NewInt(1), power(-scale))
		}
		x.Mul(x, unit).Add(x, big.NewRat(1, 2))
		whole := new(big.Rat).SetInt(new(big.Int).Quo(x.Num(), x.Denom()))
		want, _ := whole.Quo(whole, unit).Float64()
		if f < 0 && want != 0 {
			want = -want
		}
		if got := Round(f, scale); got != want {
			t.Fatalf("Round(%v, %d) = %v, want %v", f, scale, got, want)
		}
	}
}

func TestScaled(t *testing.T) {
	for _, c := range []struct {
		f     float64
		scale int
		want  int64
		err   error
	}{
		{12.345, 2, 1235, nil}, {1.005, 2, 101, nil}, {-1.005, 2, -101, nil}, {0, 10, 0, nil}, {math.Copysign(0, -1), 2, 0, nil}, {0.004, 2, 0, nil}, {0.005, 2, 1, nil}, {1e-300, 10, 0, nil}, {0.5, 0, 1, nil},
		{9007199254740991, 0, 9007199254740991, nil}, {-9007199254740991, 0, -9007199254740991, nil}, {9007199254740992, 0, 0, ErrRange}, {9007199254740992, 2, 0, ErrRange}, {1e16, 0, 0, ErrRange},
		{1e15, 1, 0, ErrRange}, {9e14, 1, 9e15, nil}, {1e15 + 0.5, 0, 1e15 + 1, nil}, {1e300, 0, 0, ErrRange}, {1e21, 0, 0, ErrRange}, {1234, -2, 12, nil}, {1250, -2, 13, nil}, {math.NaN(), 2, 0, ErrRange}, {math.Inf(-1), 2, 0, ErrRange},
		{900719.9254740991, 10, 9007199254740991, nil}, {900719.9254740992, 10, 0, ErrRange},
	} {
		got, err := Scaled(c.f, c.scale)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Scaled(%v, %d) = %d, %v; want %d, %v", c.f, c.scale, got, err, c.want, c.err)
		}
	}
}

func TestScaledRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300_000 {
		scale := r.IntN(MaxScale + 1)
		n := r.Int64N(2*1e15) - 1e15
		if r.IntN(2) == 0 {
			n /= int64(math.Pow10(r.IntN(15)))
		}
		f := Unscaled(n, scale)
		if got, err := Scaled(f, scale); err != nil || got != n {
			t.Fatalf("Scaled(Unscaled(%d, %d)) = %d, %v", n, scale, got, err)
		}
		if want := NewDecimal(n, scale).Float(); f != want {
			t.Fatalf("Unscaled(%d, %d) = %v, its text is %v", n, scale, f, want)
		}
		if Round(f, scale) != f {
			t.Fatalf("Round changes %v, which has %d decimals", f, scale)
		}
		n = r.Int64N(2*maxUnscaled+1) - maxUnscaled // beyond 15 digits the number is kept, not the integer
		f = Unscaled(n, scale)
		m, err := Scaled(f, scale)
		if err == nil && Unscaled(m, scale) != f {
			t.Fatalf("%v at scale %d becomes %v", f, scale, Unscaled(m, scale))
		}
		if g := f + 0.3; Round(g, scale) != g {
			if m, err := Scaled(g, scale); err == nil && Unscaled(m, scale) != Round(g, scale) {
				t.Fatalf("%v at scale %d: scaled %d, rounded %v", g, scale, m, Round(g, scale))
			}
		}
	}
}

func TestText(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 0.1: "0.1", 1e21: "1000000000000000000000", 1e-7: "0.0000001", -2.5: "-2.5", 100: "100"} {
		if got := Text(f); got != want {
			t.Errorf("Text(%v) = %s", f, got)
		}
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		n     int64
		scale int
		want  string
	}{{1230, 2, "12.3"}, {-5, 2, "-0.05"}, {10005534, 0, "10005534"}, {0, 4, "0"}, {100, 2, "1"}, {5, 10, "0.0000000005"}, {12, -3, "12000"}, {-1, 1, "-0.1"}} {
		d := NewDecimal(c.n, c.scale)
		if d.String() != c.want || d.Float() != must(strconv.ParseFloat(c.want, 64)) {
			t.Errorf("%d at %d is %s, want %s", c.n, c.scale, d, c.want)
		}
		if b, err := d.MarshalJSON(); err != nil || string(b) != c.want {
			t.Errorf("%s, %v", b, err)
		}
	}
	if (Decimal{}).String() != "0" || (Decimal{}).Cmp(NewDecimal(0, 3)) != 0 || (Decimal{}).Add(NewDecimal(1, 1)).String() != "0.1" {
		t.Error("the zero Decimal is 0")
	}
	if a, b := NewDecimal(10, 1), NewDecimal(1, 0); a.Cmp(b) != 0 || a.Cmp(NewDecimal(101, 2)) != -1 || NewDecimal(-1, 5).Cmp(b) != -1 || a.Add(NewDecimal(25, 2)).String() != "1.25" {
		t.Error("Cmp and Add work across scales")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestQuo(t *testing.T) {
	for _, c := range []struct {
		a, b  Decimal
		scale int
		want  string
	}{
		{NewDecimal(1, 0), NewDecimal(3, 0), 2, "0.33"}, {NewDecimal(2, 0), NewDecimal(3, 0), 2, "0.67"}, {NewDecimal(1, 0), NewDecimal(8, 0), 2, "0.13"}, {NewDecimal(-1, 0), NewDecimal(8, 0), 2, "-0.13"},
		{NewDecimal(1, 0), NewDecimal(-8, 0), 2, "-0.13"}, {NewDecimal(-1, 0), NewDecimal(-8, 0), 2, "0.13"}, {NewDecimal(5, 1), NewDecimal(1, 0), 0, "1"}, {NewDecimal(1005, 3), NewDecimal(1, 0), 2, "1.01"},
		{NewDecimal(0, 2), NewDecimal(7, 0), 2, "0"}, {NewDecimal(123456, 2), NewDecimal(1, 3), 1, "1234560"}, {NewDecimal(1500, 0), NewDecimal(1, 0), -3, "2000"}, {NewDecimal(1499, 0), NewDecimal(1, 0), -3, "1000"},
	} {
		if q, ok := c.a.Quo(c.b, c.scale); !ok || q.String() != c.want {
			t.Errorf("%s / %s at %d = %s, want %s", c.a, c.b, c.scale, q, c.want)
		}
	}
	if _, ok := NewDecimal(1, 0).Quo(NewDecimal(0, 3), 2); ok {
		t.Error("a division by zero has a result")
	}
	a, b := NewDecimal(7, 0), NewDecimal(-2, 0)
	if a.Quo(b, 3); a.String() != "7" || b.String() != "-2" {
		t.Error("Quo changes its operands")
	}
}
