import { randomBytes } from 'node:crypto'
import { type EnvReader, readServiceConfig, type ServiceConfig } from '@bookinfo/config'

export type ProductpageConfig = {
  service: ServiceConfig
  urls: { details: string; reviews: string; ratings: string; gateway: string | undefined }
  redisUrl: string | undefined
  /** Signs the cookie of a reader's own reviews; a new one at each start unless several instances share one. */
  cookieSecret: string
}

/** Reads this service's settings from the environment. */
export const readConfig = (env: EnvReader): ProductpageConfig => ({
  service: readServiceConfig(env),
  urls: {
    details: env.text('DETAILS_SERVICE_URL', 'http://localhost:8081'),
    reviews: env.text('REVIEWS_SERVICE_URL', 'http://localhost:8082'),
    ratings: env.text('RATINGS_SERVICE_URL', 'http://localhost:8083'),
    gateway: env.optional('GATEWAY_URL'),
  },
  redisUrl: env.optional('REDIS_URL'),
  cookieSecret: env.text('COOKIE_SECRET', randomBytes(32).toString('hex')),
})
