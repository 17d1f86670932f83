export { startNats } from './nats/server.ts'
export { outboxEvents } from './outbox.ts'
export { startTestPostgres, type TestDatabase, testDatabase } from './postgres.ts'
export { waitFor } from './wait-for.ts'
