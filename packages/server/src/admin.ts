import { cpuProfile, heapProfile } from '@bookinfo/profiling'
import { type FastifyInstance, fastify } from 'fastify'
import { assertHost } from './access.ts'
import { answerClientError } from './client-error.ts'
import type { Kit } from './kit.ts'

const profileSecondsMax = 60
const profileSecondsDefault = 10

/** The admin server: liveness, readiness, metrics and profiles on demand. */
export const createAdmin = ({ config, health, metrics }: Kit): FastifyInstance => {
  const server = fastify({ forceCloseConnections: 'idle', clientErrorHandler: answerClientError })
  server.addHook('onRequest', async (request) => assertHost(config.allowedHosts, request.headers.host))
  server.setErrorHandler((thrown, _request, reply) => {
    const status = (thrown as { code?: string }).code === 'forbidden' ? 403 : 500
    return reply.code(status).send({ error: status === 403 ? (thrown as Error).message : 'internal error' })
  })
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const readiness = await health.readiness()
    if (readiness.isReady) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', failing: readiness.failing })
  })
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
  server.get('/debug/pprof/', async () => ({ profiles: ['/debug/pprof/profile?seconds=10', '/debug/pprof/heap'] }))
  server.get('/debug/pprof/profile', async (request, reply) => {
    const asked = Number((request.query as { seconds?: string }).seconds ?? profileSecondsDefault)
    if (!Number.isInteger(asked) || asked < 1 || asked > profileSecondsMax) {
      return reply.code(400).send({ error: `seconds must be an integer between 1 and ${profileSecondsMax}` })
    }
    return reply.type('application/octet-stream').send(await cpuProfile({ durationMs: asked * 1_000 }))
  })
  server.get('/debug/pprof/heap', async (_request, reply) =>
    reply.type('application/octet-stream').send(await heapProfile()),
  )
  return server
}
