/** Stores what arrives while the previous batch is being stored, together and with no timer. */
export const createBatcher = <T>({ store, batchMax }: { store: (batch: T[]) => Promise<void>; batchMax: number }) => {
  const queue: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = []
  let running: Promise<void> | undefined

  const run = async () => {
    while (queue.length > 0) {
      const batch = queue.splice(0, batchMax)
      try {
        await store(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    running = undefined
  }
  return {
    add: (item: T): Promise<void> =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        running ??= Promise.resolve().then(run)
      }),
    idle: async () => {
      while (running !== undefined) await running
    },
  }
}
