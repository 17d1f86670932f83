import { pino } from 'pino'
import type { LogDestination } from './logger.ts'

const bufferBytes = 65_536
const writeMaxBytes = 131_072
const flushMs = 200

/** Appends lines to a file, many in one write: a `kill -9` loses those of the last moment, a close none. */
export const openLogFile = (path: string): LogDestination & { close(): void } => {
  const file = pino.destination({
    dest: path,
    append: true,
    sync: false,
    minLength: bufferBytes,
    maxWrite: writeMaxBytes,
    periodicFlush: flushMs,
  })
  // What cannot be written, because its folder was deleted or the disk is full, must not end the process.
  file.on('error', () => {})
  return { write: (line) => void file.write(line), close: () => file.end() }
}
