package api

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"formwork/schemas/problem"
)

// metrics are what /metrics shows, in a registry of this server.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "formwork_requests_total", Help: "Requests answered."},
			[]string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "formwork_request_seconds", Help: "Time from request to answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "formwork_streams", Help: "Open streams of live events."},
			func() float64 { return float64(s.Hub.Streams()) }))
	return m
}

func (m *metrics) observe(x *call) {
	route := x.route.path
	m.requests.WithLabelValues(x.route.method, route, strconv.Itoa(x.fiber.Response().StatusCode())).Inc()
	m.seconds.WithLabelValues(x.route.method, route).Observe(x.Now().Sub(x.began).Seconds())
}

// exposition is Prometheus' text, for who sits at the machine and for the API tokens of admins.
func (s *Server) exposition(x *call) error {
	if !x.local() {
		if err := x.identify(); err != nil {
			return err
		}
		if err := x.admin(); err != nil {
			return err
		}
	}
	families, err := s.metrics.registry.Gather()
	if err != nil {
		return problem.Fail(problem.Unavailable, "metrics-unavailable", "", nil)
	}
	var b bytes.Buffer
	e := expfmt.NewEncoder(&b, expfmt.FmtText)
	for _, f := range families {
		if err := e.Encode(f); err != nil {
			return err
		}
	}
	x.fiber.Status(http.StatusOK)
	x.fiber.Set("Content-Type", string(expfmt.FmtText))
	x.fiber.Context().Response.SetBodyRaw(b.Bytes())
	return nil
}
