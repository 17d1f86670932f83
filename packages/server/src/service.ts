import type { Route, ServiceDefinition } from '@bookinfo/contract'
import { AppError } from '@bookinfo/errors'
import { startPushingProfiles } from '@bookinfo/profiling'
import type { FastifyInstance } from 'fastify'
import { createAdmin } from './admin.ts'
import { createApi, type ErrorRenderer } from './api.ts'
import { createDirectCall, type DirectCall } from './direct.ts'
import type { Handlers } from './handlers.ts'
import type { Kit } from './kit.ts'
import { createRequestTelemetry } from './request-telemetry.ts'

/** A service that has been put together and not yet started. */
export type Service = {
  name: string
  /** Starts listening; when a port is taken it rejects, naming it, and closes everything. */
  listen(): Promise<{ api: string; admin: string }>
  /** Calls a route from inside the process; only while it listens. */
  call: DirectCall
  /** Stops intake, lets requests in flight end within the drain limit, then closes what the service opened. */
  close(): Promise<void>
}

type Options<Routes extends Record<string, Route>> = {
  kit: Kit
  definition: ServiceDefinition<Routes>
  handlers: Handlers<Routes>
  renderError?: ErrorRenderer
  replyHeaders?: Record<string, string>
  /** Runs once both servers listen: relays and poll loops begin here. */
  onListening?: () => void
  /** Closed after the last request, in this order. */
  resources?: readonly { close(): Promise<void> }[]
}

/** Joins a contract and its handlers to an API server and an admin server with one life. */
export const createService = <Routes extends Record<string, Route>>(options: Options<Routes>): Service => {
  const { kit, definition, handlers, renderError, replyHeaders, onListening, resources = [] } = options
  const { config, health, logger, tracer } = kit
  const telemetry = createRequestTelemetry(kit)
  const api = createApi({ kit, telemetry, definition, handlers, renderError, replyHeaders })
  const admin = createAdmin(kit)
  const profiles = startPushingProfiles(config)
  let closing: Promise<void> | undefined

  const close = async () => {
    health.draining()
    logger.info('shutdown signal received, draining connections...')
    await within(config.drainMs, api.close())
    api.server.closeAllConnections()
    for (const resource of resources) await resource.close()
    await within(config.drainMs, admin.close())
    admin.server.closeAllConnections()
    await Promise.all([tracer.close(), profiles.close()])
    logger.info('servers stopped')
  }

  const listenBoth = async () => ({
    admin: await listen(admin, config.host, config.adminPort),
    api: await listen(api, config.host, config.httpPort),
  })

  return {
    name: config.name,
    call: createDirectCall({ kit, telemetry, definition, handlers }),
    listen: async () => {
      const addresses = await listenBoth().catch(async (error) => {
        closing ??= close()
        await closing
        throw error
      })
      health.started()
      onListening?.()
      logger.info('listening', addresses)
      return addresses
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

const listen = async (server: FastifyInstance, host: string, port: number): Promise<string> => {
  try {
    return await server.listen({ host, port })
  } catch (cause) {
    const isTaken = (cause as { code?: string }).code === 'EADDRINUSE'
    throw new AppError('unavailable', isTaken ? `port ${port} is taken` : `listening on ${host}:${port}`, { cause })
  }
}

const within = async (limitMs: number, work: PromiseLike<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}
