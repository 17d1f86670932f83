import type { Publisher } from '@bookinfo/eventlog'
import type { LedgerReport, ServiceControl } from 'sluice'
import type { RuntimeSetting } from './runtime.ts'
import type { Launch } from './services.ts'

/** How the parts share processes: all in one, or each in its own. */
export type Arrangement = {
  launch: Launch
  /** Publishes to topics, for what this process itself has to say. */
  publisher: Publisher
  /** Opens the doors. The services must be there by then. */
  start(control: ServiceControl): Promise<void>
  /** The runtime's process, where it has one of its own. */
  pids(): Record<string, number>
  ledger(): Promise<LedgerReport>
  /** Takes nothing new and drains. The ledger is undefined when the database cannot be asked any more. */
  close(): Promise<LedgerReport | undefined>
}

export type ArrangementOptions = {
  setting: RuntimeSetting
  environment(service: string): Record<string, string>
  report(line: string): void
  /** A process id has changed. */
  onChange(): void
}
