import { AppError } from '@bookinfo/errors'
import { createLogPublisher, type OutgoingEvent } from '@bookinfo/eventlog'
import type { Runtime, ServiceControl } from 'sluice'
import { createCalls } from './calls.ts'
import { openRuntime, type RuntimeSetting } from './runtime.ts'

// The runtime as a process of its own: what starts it tells it everything over the channel, and it ends when that ends.
let runtime: Runtime | undefined
const opened = (): Runtime => {
  if (runtime === undefined) throw new AppError('unavailable', 'the runtime is starting')
  return runtime
}
let closing: ReturnType<Runtime['close']> | undefined
const close = () => {
  closing ??= opened().close()
  return closing
}

const call = createCalls(process, {
  open: async (setting: RuntimeSetting) => {
    const serviceControl: ServiceControl = {
      list: () => call('list') as ReturnType<ServiceControl['list']>,
      stop: async (name) => void (await call('stop', name)),
      start: async (name) => void (await call('start', name)),
    }
    runtime = await openRuntime(setting, { serviceControl })
    await runtime.start()
  },
  publish: async (events: OutgoingEvent[]) => createLogPublisher(opened().eventLog).publish(events.map(withBuffer)),
  ledger: async () => opened().ledger(),
  close: async () => close(),
})

// Bytes cross the channel as plain arrays.
const withBuffer = (event: OutgoingEvent): OutgoingEvent => ({ ...event, payload: Buffer.from(event.payload) })

const end = () =>
  void Promise.resolve()
    .then(close)
    .finally(() => process.exit(0))
process.once('SIGINT', end)
process.once('SIGTERM', end)
process.once('disconnect', end)
