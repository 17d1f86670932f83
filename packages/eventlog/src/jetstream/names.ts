import { AppError } from '@bookinfo/errors'

const nameMaxCharacters = 200

/**
 * A text as a stream name or one token of a subject: letters, digits, `-` and `_` stay as they are, every other byte becomes `=XX`.
 * Two texts never share a token.
 */
export const toToken = (text: string): string => {
  const token = [...Buffer.from(text, 'utf8')].map(encodeByte).join('')
  if (token.length > nameMaxCharacters)
    throw new AppError('invalid', `the name ${text.slice(0, 80)}… is too long for NATS`)
  return token
}

/** The text that a token stands for. */
const fromToken = (token: string): string => decodeURIComponent(token.replaceAll('=', '%'))

const encodeByte = (byte: number): string => {
  const character = String.fromCharCode(byte)
  return /[A-Za-z0-9_-]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** Where entries of a log are published: a topic's on the subject that has the stream's own name, others one level below it. */
export const natsSubject = (stream: string, subject: string): string =>
  subject === '' ? stream : `${stream}.${toToken(subject)}`

/** The subject of an entry that was published there. */
export const entrySubject = (stream: string, published: string): string =>
  published === stream ? '' : fromToken(published.slice(stream.length + 1))
