/** Counters, gauges, histograms and the registry; the rest watches clusters and pushes to gateways. */
module.exports = {
  Counter: require('../../../node_modules/prom-client/lib/counter.js'),
  Gauge: require('../../../node_modules/prom-client/lib/gauge.js'),
  Histogram: require('../../../node_modules/prom-client/lib/histogram.js'),
  Registry: require('../../../node_modules/prom-client/lib/registry.js'),
}
