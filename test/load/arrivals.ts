// What the rate moves to by the end of each of six equal parts: steady, a rise, a fall, a lull, a burst, and back.
const parts = [1, 2, 1, 0.5, 3, 1]
const slowestPerSecond = 1
const stepMs = 1

/**
 * When iterations begin, in milliseconds from the start. Inside a part the rate moves in a straight line. The times are fixed beforehand,
 * so a system that answers late is asked no less (open loop).
 */
export const planArrivals = ({ rate, durationMs }: { rate: number; durationMs: number }): number[] => {
  const targets = [rate, ...parts.map((factor) => Math.max(rate * factor, slowestPerSecond))]
  const arrivals: number[] = []
  let owed = 0
  for (let atMs = 0; atMs < durationMs; atMs += stepMs) {
    owed += (rateAt(targets, atMs / durationMs) * stepMs) / 1_000
    if (owed < 1) continue
    owed -= 1
    arrivals.push(atMs)
  }
  return arrivals
}

const rateAt = (targets: readonly number[], share: number): number => {
  const part = Math.floor(share * parts.length)
  const [from = 0, to = 0] = targets.slice(part, part + 2)
  return from + (to - from) * (share * parts.length - part)
}
