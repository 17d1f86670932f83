/** Quantiles of durations in milliseconds. */
export const quantiles = (durationsMs: readonly number[]): { p50: number; p99: number } => {
  const sorted = durationsMs.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
