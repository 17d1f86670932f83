export const outcomes = ['applied', 'filtered', 'superseded', 'dead', 'parked', 'held'] as const
export const statuses = ['pending', 'replaying', 'replayed', 'resolved', 'poisoned'] as const

export type Figures = Record<
  'deliveries' | 'applied' | 'filtered' | 'superseded' | 'dead' | 'parked' | 'in_flight',
  number
> & { balanced: boolean }
export type Ledger = Figures & { by_consumer: Record<string, Figures> }

export type Consumer = {
  name: string
  sensor: string
  trigger: string
  lag: number
  in_flight: number
  backing_off: number
  parked: number
  last_error: string | null
}

export type ServiceState = { name: string; state: 'running' | 'stopped' | 'starting' }

export type Parked = {
  id: number
  consumer: string
  event_id: string
  reason: string | null
  attempts: number
  retries: number
  retry_at: string | null
  parked_at: string
}

export type Attempt = { at: string; duration_ms: number; status: number | null; error: string | null }

export type Delivery = {
  event_id: string
  sensor: string
  trigger: string
  outcome: (typeof outcomes)[number]
  reason: string | null
  origin: string
  attempts: Attempt[]
  started_at: string
  finished_at: string
}

export type Lineage = Record<
  'id' | 'source' | 'type' | 'subject' | 'time' | 'origin' | 'log' | 'key' | 'payload',
  string
> & {
  trace_id: string | null
  deliveries: Delivery[]
  related: Delivery[]
}

export type LetterFilter = { status?: string; event_source?: string; sensor_name?: string; failed_trigger?: string }

export type Letter = {
  id: string
  event_id: string
  event_type: string
  event_source: string
  sensor_name: string
  failed_trigger: string
  original_payload_text: string
  original_headers: Record<string, string[]>
  failure_status?: number
  failure_error?: string
  attempts: Attempt[]
  status: (typeof statuses)[number]
  retry_count: number
  max_retries: number
  last_replayed_at?: string
  resolved_at?: string
  resolved_by?: string
  created_at: string
}
