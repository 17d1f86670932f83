import { numberText } from './numbers.ts'
import { skipSpace, skipString, skipValue, unescape } from './scan.ts'

/** What a path found: its exact text in the document, and that value as text. */
export type Result = {
  exists: boolean
  kind: 'missing' | 'null' | 'false' | 'true' | 'number' | 'string' | 'json'
  raw: string
  text: string
  /** Where `raw` begins in the document; 0 when it is not a part of it. */
  index: number
  /** Where the parts of a collected array begin in the document. */
  indexes?: readonly number[]
}

export const missing: Result = { exists: false, kind: 'missing', raw: '', text: '', index: 0 }

/** The value that starts at `start`. */
export const valueAt = (text: string, start: number): Result => {
  switch (text.charCodeAt(start)) {
    case 34: {
      const raw = text.slice(start, skipString(text, start))
      return { exists: true, kind: 'string', raw, text: unescape(raw), index: start }
    }
    case 116:
      return { exists: true, kind: 'true', raw: 'true', text: 'true', index: start }
    case 102:
      return { exists: true, kind: 'false', raw: 'false', text: 'false', index: start }
    case 110:
      return { exists: true, kind: 'null', raw: 'null', text: '', index: start }
    case 123:
    case 91:
      return jsonResult(text.slice(start, skipValue(text, start)), start)
    default: {
      const raw = text.slice(start, skipValue(text, start))
      return raw === '' ? missing : { exists: true, kind: 'number', raw, text: numberText(raw), index: start }
    }
  }
}

export const jsonResult = (raw: string, index = 0): Result => ({ exists: true, kind: 'json', raw, text: raw, index })

/** A whole text as one value; an object or array keeps everything up to the text's end. */
export const parseResult = (text: string): Result => {
  const start = skipSpace(text, 0)
  const first = text[start]
  return first === '{' || first === '[' ? jsonResult(text.slice(start), start) : valueAt(text, start)
}
