import type { EnvReader } from '@bookinfo/config'
import { readConfig as readDetails } from '@bookinfo/details/config'
import { createDetails } from '@bookinfo/details/service'
import { readConfig as readDlqueue } from '@bookinfo/dlqueue/config'
import { createDlqueue } from '@bookinfo/dlqueue/service'
import { readConfig as readIngestion } from '@bookinfo/ingestion/config'
import { createIngestion } from '@bookinfo/ingestion/service'
import { readConfig as readNotification } from '@bookinfo/notification/config'
import { createNotification } from '@bookinfo/notification/service'
import { readConfig as readProductpage } from '@bookinfo/productpage/config'
import { createProductpage } from '@bookinfo/productpage/service'
import { readConfig as readRatings } from '@bookinfo/ratings/config'
import { createRatings } from '@bookinfo/ratings/service'
import { readConfig as readReviews } from '@bookinfo/reviews/config'
import { createReviews } from '@bookinfo/reviews/service'
import type { Overrides, Service } from '@bookinfo/server'

/** Puts a service together from an environment. */
export type Builder = (env: EnvReader, overrides: Overrides) => Promise<Service>

const builder =
  <Config>(
    readConfig: (env: EnvReader) => Config,
    create: (config: Config, overrides: Overrides) => Promise<Service>,
  ): Builder =>
  (env, overrides) => {
    const config = readConfig(env)
    env.check()
    return create(config, overrides)
  }

/** Every service that can run here, by name. */
export const builders: Readonly<Record<string, Builder>> = {
  details: builder(readDetails, createDetails),
  reviews: builder(readReviews, createReviews),
  ratings: builder(readRatings, createRatings),
  notification: builder(readNotification, createNotification),
  dlqueue: builder(readDlqueue, createDlqueue),
  ingestion: builder(readIngestion, createIngestion),
  productpage: builder(readProductpage, createProductpage),
}
