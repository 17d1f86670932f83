import type { Logger } from '@bookinfo/logging'
import type { Dispatcher } from '../ports.ts'

/** "Sends" by writing one log line, as the reference does. */
export const createLogDispatcher = ({ logger }: { logger: Pick<Logger, 'info'> }): Dispatcher => ({
  send: async ({ id, recipient, channel, subject, body }) => {
    logger.info('dispatching notification (log mode)', { notification_id: id, recipient, channel, subject, body })
  },
})
