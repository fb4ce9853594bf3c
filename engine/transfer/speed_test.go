package transfer

import (
	"testing"
	"time"

	"formwork/engine/outbox"
)

// BenchmarkImport imports the real pipeline, whose form has relations, lookups, formulas, roll-ups and a dozen indexes.
func BenchmarkImport(b *testing.B) {
	dir := shared(b, "crm", "maven")
	for b.Loop() {
		b.StopTimer()
		r := newRig(b, onSQLite(b), template(b, "sales-crm"))
		r.t.Batch = 400
		for _, s := range [][2]string{{"accounts.csv", "customer.customer"}, {"products.csv", "customer.product"}, {"sales_teams.csv", ""}} {
			id, m := r.guessed(dir, s[0], s[1])
			job, err := r.t.Start(r.ctx, r.caller(boss), id, m, StartOptions{})
			r.must(err)
			r.finish(job)
		}
		id, m := r.guessed(dir, "sales_pipeline.csv", "customer.opportunity")
		b.StartTimer()
		began := time.Now()
		job, err := r.t.Start(r.ctx, r.caller(boss), id, m, StartOptions{})
		r.must(err)
		if job = r.finish(job); job.State != outbox.Done {
			b.Fatal(job.Error)
		}
		b.ReportMetric(8800/time.Since(began).Seconds(), "rows/s")
	}
}
