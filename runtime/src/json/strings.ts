/** Go's JSON encoders escape these in strings; the value is the same. */
export const escapeHtml = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A JSON string as Go's encoder writes it. */
export const jsonString = (text: string): string => escapeHtml(JSON.stringify(text.toWellFormed()))
