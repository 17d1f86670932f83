import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@bookinfo/errors'

/** Sends a JSON answer. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

/** Reads a whole body; rejects with `tooLarge` past the limit and leaves the rest unread. */
export const readBody = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) {
        request.pause()
        reject(new AppError('tooLarge', `the body is larger than ${maxBytes} bytes`))
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('aborted', () => reject(new AppError('invalid', 'the request ended too early')))
  })

/** A request's headers as they arrived, repeated ones repeated. */
export const headerPairs = ({ rawHeaders }: IncomingMessage): [string, string][] =>
  Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[index * 2] as string,
    rawHeaders[index * 2 + 1] as string,
  ])
