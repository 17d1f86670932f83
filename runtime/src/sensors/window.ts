/** The entries of one log that a trigger has begun and not finished, and how far everything is finished. */
export type Window = {
  /** False when the position has begun or ended already. */
  begin(position: number): boolean
  finish(position: number): void
  /** Everything up to here is finished. */
  low(): number
  size(): number
}

/** Starts above `committed`; positions in `finished` ended in an earlier life. */
export const createWindow = (committed: number, finished: ReadonlySet<number> = new Set()): Window => {
  const order: number[] = []
  const open = new Map<number, boolean>()
  let low = committed

  const advance = () => {
    while (order.length > 0 && open.get(order[0] as number) === true) {
      low = order.shift() as number
      open.delete(low)
    }
  }
  return {
    begin: (position) => {
      if (position <= low || open.has(position)) return false
      const isFinished = finished.has(position)
      order.push(position)
      open.set(position, isFinished)
      if (isFinished) advance()
      return !isFinished
    },
    finish: (position) => {
      if (open.has(position)) open.set(position, true)
      advance()
    },
    low: () => low,
    size: () => open.size,
  }
}
