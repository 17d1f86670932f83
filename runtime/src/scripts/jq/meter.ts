/** Counts the work of one run. */
export type Meter = { tick(): void }

const stepsMax = 250_000
const timeMaxMs = 5_000
const stepsPerLook = 16

/** A run ends, whatever it does, when its steps or its time are used up. */
export const createMeter = (): Meter => {
  const deadline = performance.now() + timeMaxMs
  let steps = 0
  return {
    tick: () => {
      if ((steps += 1) > stepsMax) throw new OutOfSteps(`the program takes more than ${stepsMax} steps`)
      if (steps % stepsPerLook === 0 && performance.now() > deadline) throw new OutOfSteps('the program takes too long')
    },
  }
}

/** Not to be caught by `try`. */
export class OutOfSteps extends Error {
  constructor(why: string) {
    super(`jq: ${why}`)
  }
}
