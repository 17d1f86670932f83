import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** One process part's own metrics; seven services in one process keep seven of these. */
export type Metrics = {
  /** A counter that is shown as 0 from the start when it has no labels. */
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, labels?: readonly string[]): Gauge
  histogram(name: string, help: string, labels: readonly string[], buckets?: readonly number[]): Histogram
  /** A gauge that is read anew for each scrape. A reading that fails leaves it empty: a scrape never fails for one figure. */
  reading(name: string, help: string, reading: { labels: readonly string[]; read(): Promise<Reading[]> }): void
  /** The Prometheus text of everything counted. */
  text(): Promise<string>
  contentType: string
}

/** A value and the labels it is for. */
export type Reading = { labels: Record<string, string>; value: number }

/** From 1 ms to 10 s, in seconds: what HTTP calls and their parts take. */
export const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** Creates an empty registry; with `process: true` it also shows the process's own figures. */
export const createMetrics = (options: { process?: boolean } = {}): Metrics => {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers }),
    histogram: (name, help, labels, buckets = durationBuckets) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
    reading: (name, help, { labels, read }) => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        collect: async () => {
          const readings = await read().catch(() => [])
          gauge.reset()
          for (const reading of readings) gauge.set(reading.labels, reading.value)
        },
      })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
