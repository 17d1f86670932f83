/** What came back; status 0 when nothing did. */
export type Answer = { status: number; text: string; headers: Headers }

export type Step = { name: string; durationsMs: number[]; failed: number }
export type Check = { name: string; passed: number; failed: number }
export type Meter = ReturnType<typeof createMeter>

const requestMaxMs = 30_000

/** Sends requests and keeps what they took; remembers which checks held. */
export const createMeter = () => {
  const steps = new Map<string, Step>()
  const checks = new Map<string, Check>()
  const stepOf = (name: string): Step => {
    const step = steps.get(name) ?? { name, durationsMs: [], failed: 0 }
    steps.set(name, step)
    return step
  }
  return {
    steps: () => [...steps.values()],
    checks: () => [...checks.values()],
    /** Sends a request and counts it under a name that stands for all of its kind. */
    request: async (name: string, url: string, init: RequestInit = {}): Promise<Answer> => {
      const step = stepOf(name)
      const startMs = performance.now()
      const answer = await send(url, init)
      step.durationsMs.push(performance.now() - startMs)
      if (answer.status < 200 || answer.status > 399) step.failed += 1
      return answer
    },
    check: (name: string, holds: boolean): void => {
      const check = checks.get(name) ?? { name, passed: 0, failed: 0 }
      checks.set(name, check)
      if (holds) check.passed += 1
      else check.failed += 1
    },
  }
}

/** One request that counts nowhere; an answer that does not come is one with status 0. */
export const send = async (url: string, init: RequestInit = {}): Promise<Answer> => {
  try {
    const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(requestMaxMs) })
    return { status: reply.status, text: await reply.text(), headers: reply.headers }
  } catch (error) {
    return { status: 0, text: error instanceof Error ? error.message : String(error), headers: new Headers() }
  }
}

/** A request with a JSON body. */
export const jsonPost = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})
