export { currentContext, type RequestContext, withContext } from './context.ts'
export { openLogFile } from './log-file.ts'
export { createLogger, type Fields, type LogDestination, type Logger, silentLogger } from './logger.ts'
