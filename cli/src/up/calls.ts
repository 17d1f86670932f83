import { AppError, describeError, type ErrorCode, toAppError } from '@bookinfo/errors'

/** One end of the channel between a process and its child. */
type End = {
  send?(message: unknown, onSent: () => void): boolean
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown
}

type Handlers = Record<string, (argument: never) => Promise<unknown>>
type Message = { id: number } & (
  | { call: string; argument: unknown }
  | { result: unknown }
  | { error: { code: ErrorCode; message: string } }
)
type Waiting = { resolve(result: unknown): void; reject(error: Error): void }

/** Calls a function of the process at the other end; rejects with its error, or with `unavailable` when that process ends first. */
export type Call = (name: string, argument?: unknown) => Promise<unknown>

/** Lets both ends of a channel call each other's handlers. */
export const createCalls = (end: End, handlers: Handlers): Call => {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let isGone = false
  // Whether a message arrived is told by its answer, and that none will come by the channel's end.
  const send = (message: Message) => end.send?.(message, () => {})

  const answer = async (id: number, name: string, argument: unknown) => {
    try {
      const handler = handlers[name]
      if (handler === undefined) throw new AppError('notFound', `there is no call ${name}`)
      send({ id, result: await handler(argument as never) })
    } catch (error) {
      send({ id, error: { code: toAppError(error).code, message: describeError(error) } })
    }
  }
  end.on('message', (received) => {
    const message = received as Message
    if ('call' in message) return void answer(message.id, message.call, message.argument)
    const caller = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) caller?.reject(new AppError(message.error.code, message.error.message))
    else caller?.resolve(message.result)
  })
  end.on('disconnect', () => {
    isGone = true
    for (const { reject } of waiting.values()) reject(gone())
    waiting.clear()
  })

  return (name, argument) =>
    new Promise((resolve, reject) => {
      if (isGone) return reject(gone())
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      send({ id: lastId, call: name, argument })
    })
}

const gone = () => new AppError('unavailable', 'the other process has ended')
