/** Numbers that look random and come again for the same seed. */
export type Random = {
  /** From 0 up to 1. */
  next(): number
  pick<T>(list: readonly T[]): T
}

/** mulberry32: 32 bits of state, good enough to choose what to break next. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number] }
}
