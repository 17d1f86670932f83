import type { Pool } from '@bookinfo/database'
import { AppError } from '@bookinfo/errors'
import { createJetStreamEventLog, createKafkaEventLog, type EventLog, parseBrokers } from '@bookinfo/eventlog'
import type { Logger } from '@bookinfo/logging'
import type { EventBus } from '../manifest/kinds.ts'
import { busLog } from './bus.ts'

/** A broker: `kind` says which one, `address` is in that broker's own form. */
export type BusAddress = { kind: string; address: string }

type Needs = { database: Pool; logger: Logger; bus: EventBus }

/** How the logs of a bus and of topics are opened on each kind of broker. */
const kinds: Readonly<Record<string, (address: string, needs: Needs) => Promise<EventLog>>> = {
  kafka: (address, { database, logger, bus }) =>
    createKafkaEventLog({
      brokers: parseBrokers(address),
      pool: database,
      logger,
      buses: { [busLog(bus.name)]: bus.kafka?.topic ?? `${bus.namespace}-${bus.name}` },
    }),
  jetstream: (url, { database, logger }) => createJetStreamEventLog({ address: { url }, pool: database, logger }),
}

/** Refuses a kind of broker that nobody here can talk to. */
export const assertBusKind = ({ kind }: BusAddress): void => {
  const known = Object.keys(kinds).join(', ')
  if (!Object.hasOwn(kinds, kind)) throw new AppError('invalid', `there is no bus of kind ${kind}; there are: ${known}`)
}

/** Opens the logs of the bus and of the topics on a broker. */
export const openBus = async (broker: BusAddress, needs: Needs): Promise<EventLog> => {
  assertBusKind(broker)
  return (kinds[broker.kind] as (typeof kinds)[string])(broker.address, needs)
}
