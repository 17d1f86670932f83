import { AppError } from '@bookinfo/errors'

let running = false

/** Records where the CPU time of this process goes, as a gzipped pprof file. One recording at a time: a second one is a conflict. */
export const cpuProfile = async ({ durationMs }: { durationMs: number }): Promise<Buffer> => {
  if (running) throw new AppError('conflict', 'a CPU profile is being recorded already')
  running = true
  try {
    const { encode, time } = await import('@datadog/pprof')
    return await encode(await time.profile({ durationMillis: durationMs }))
  } finally {
    running = false
  }
}

const sampleIntervalBytes = 512 * 1_024
const stackDepth = 64
let heapStarted = false

/** What is on the heap and who allocated it, as a gzipped pprof file; sampling begins with the first call. */
export const heapProfile = async (): Promise<Buffer> => {
  const { encode, heap } = await import('@datadog/pprof')
  if (!heapStarted) heap.start(sampleIntervalBytes, stackDepth)
  heapStarted = true
  return encode(await heap.profile())
}
