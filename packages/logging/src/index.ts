export { currentContext, type RequestContext, withContext } from './context.ts'
export { createLogger, type Fields, type LogDestination, type Logger, silentLogger } from './logger.ts'
