package web

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meters counts what the operator watches. They carry no addresses and no names.
type meters struct {
	registry *prometheus.Registry
	took     map[string]prometheus.Observer // by method
}

func newMeters() *meters {
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tiaojie_http_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, []string{"method"})
	m := &meters{registry: prometheus.NewRegistry(), took: map[string]prometheus.Observer{}}
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, otherMethods} {
		m.took[method] = took.WithLabelValues(method)
	}
	m.registry.MustRegister(took, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// otherMethods are counted together: anybody can think of new ones.
const otherMethods = "other"

func (m *meters) observe(method string, d time.Duration) {
	o, known := m.took[method]
	if !known {
		o = m.took[otherMethods]
	}
	o.Observe(d.Seconds())
}

// Metrics is the Prometheus page; it is served on an address of its own, never on the public one.
func (s *Server) Metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.meters.registry, promhttp.HandlerOpts{}))
	return mux
}
