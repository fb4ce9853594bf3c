package query_test

import (
	"testing"

	"formwork/engine/query"
	"formwork/schemas/value"
)

func span(t *testing.T, from, to string) query.Span {
	t.Helper()
	a, err := value.ParseDate(from)
	b, err2 := value.ParseDate(to)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return query.Span{From: a, To: b}
}

func TestSpansBefore(t *testing.T) {
	for _, c := range [][6]string{
		{"2026-10-01", "2026-12-31", "2026-07-01", "2026-09-30", "2025-10-01", "2025-12-31"}, // a quarter
		{"2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28", "2025-03-01", "2025-03-31"}, // a month
		{"2024-02-01", "2024-02-29", "2024-01-01", "2024-01-31", "2023-02-01", "2023-02-28"}, // a leap month
		{"2025-02-01", "2025-02-28", "2025-01-01", "2025-01-31", "2024-02-01", "2024-02-29"},
		{"2024-01-01", "2025-12-31", "2022-01-01", "2023-12-31", "2023-01-01", "2024-12-31"}, // two years
		{"2026-01-01", "2026-06-30", "2025-07-01", "2025-12-31", "2025-01-01", "2025-06-30"}, // two quarters
		{"2026-02-02", "2026-02-08", "2026-01-26", "2026-02-01", "2025-02-02", "2025-02-08"}, // a week
		{"2026-02-03", "2026-02-12", "2026-01-24", "2026-02-02", "2025-02-03", "2025-02-12"}, // ten days
		{"2024-02-29", "2024-02-29", "2024-02-28", "2024-02-28", "2023-02-28", "2023-02-28"}, // a day
	} {
		s := span(t, c[0], c[1])
		if got, ok := query.Before(s); !ok || got != span(t, c[2], c[3]) {
			t.Errorf("before %s..%s: %s..%s", c[0], c[1], value.FormatDate(got.From), value.FormatDate(got.To))
		}
		if got, ok := query.YearBefore(s); !ok || got != span(t, c[4], c[5]) {
			t.Errorf("a year before %s..%s: %s..%s", c[0], c[1], value.FormatDate(got.From), value.FormatDate(got.To))
		}
	}
	if _, ok := query.Before(span(t, "0001-01-01", "2026-01-01")); ok {
		t.Error("all time has something before it")
	}
	s := span(t, "2026-10-01", "2026-12-31")
	for today, want := range map[string]int64{"2026-09-30": 0, "2026-10-01": 1, "2026-11-29": 60, "2027-01-05": 92} {
		if got := s.Elapsed(span(t, today, today).From); got != want {
			t.Errorf("on %s %d days are over, want %d", today, got, want)
		}
	}
}
