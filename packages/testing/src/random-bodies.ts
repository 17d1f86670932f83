import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Pool } from 'undici'

const bodiesPerRoute = 10_000
const atOnce = 16
const seed = 7
const nestingBeyondReason = 20_000

/** For each field of a body, values that fit; mostly one of them is sent. `undefined` leaves the field out. */
type Fields = Record<string, readonly unknown[]>

/** What a door said to one body. */
export type Answer = {
  body: Buffer
  status: number
  text: string
  headers: Record<string, string | string[] | undefined>
}

const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.constantFrom('a\0b', '\ud800', '', ' ', '\u00a0', '\u{10ffff}'.repeat(300), 'x'.repeat(20_000)),
  fc.constantFrom('constructor', '__proto__', '../..', '<script>', "'; --", '\u202e\u200b', '-0', '1e999'),
  fc.constantFrom(0, -1, 5, 2 ** 31, 2 ** 53, 1e300, 4.5, -0.1),
  fc.constantFrom(null, true, false, undefined, [], {}, [[]]),
  fc.jsonValue({ maxDepth: 2 }),
)

const nested = `${'['.repeat(nestingBeyondReason)}1${']'.repeat(nestingBeyondReason)}`

// Each has been a surprise to one parser or another; one line, one text.
const oddTexts = `
 \
null
true
0
""
[]
{}
[{}]
\ufeff{}
{"a":1}{"a":1}
{"a":1,}
{'a':1}
{"a":01}
{"a":NaN}
{"a":1e999}
"\\ud800"
{"__proto__":{"a":1}}
{"constructor":{"prototype":1}}
a=1&b=2
<a/>
${nested}
${'['.repeat(nestingBeyondReason)}`.split('\n')

/** Bodies that fit but for a field or two, texts that are any JSON or none, and bytes that are no text. */
const bodiesLike = (fields: Fields, encode: (body: object) => string): fc.Arbitrary<Buffer> => {
  const nearlyValid = fc
    .record(
      Object.fromEntries(
        Object.entries(fields).map(([name, values]) => [
          name,
          fc.oneof({ weight: 14, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: anyValue }),
        ]),
      ),
    )
    .map(encode)
  return fc.oneof(
    { weight: 32, arbitrary: nearlyValid.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: nearlyValid.map((text) => Buffer.from(text.replace('{', `{"deep":${nested},`))) },
    { weight: 2, arbitrary: fc.json().map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.constantFrom(...oddTexts).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  )
}

type Options = {
  fields: Fields
  /** What a body is written as; JSON when absent. */
  encode?: (body: object) => string
  headers?: Record<string, string>
  /** How a refusal says what is wrong; `{"error": …}` when absent. */
  isClear?: (text: string) => boolean
}

/**
 * Posts ten thousand random bodies to an address and gives back every answer. Each of them is a success or a refusal that says what is
 * wrong; no body makes the door fail inside, and some are taken and some refused, or nothing would have been tested.
 */
export const postRandomBodies = async (url: string, options: Options): Promise<Answer[]> => {
  const { fields, encode = JSON.stringify, headers = {}, isClear = saysError } = options
  const bodies = fc.sample(bodiesLike(fields, encode), { numRuns: bodiesPerRoute, seed })
  const { origin, pathname, search } = new URL(url)
  const client = new Pool(origin, { connections: atOnce })
  const answers: Answer[] = []
  const sendAll = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const reply = await client.request({ method: 'POST', path: `${pathname}${search}`, headers, body })
      const answer = { body, status: reply.statusCode, text: await reply.body.text(), headers: reply.headers }
      const told = () => `${answer.status} ${answer.text.slice(0, 300)} for ${body?.toString().slice(0, 300)}`
      assert.ok(answer.status < 500, told())
      assert.ok(answer.status < 400 || isClear(answer.text), told())
      answers.push(answer)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendAll))
  await client.close()
  const statuses = new Set(answers.map(({ status }) => status))
  assert.ok([...statuses].some(isSuccess) && [...statuses].some((status) => status >= 400), [...statuses].join())
  return answers
}

const isSuccess = (status: number): boolean => status >= 200 && status < 400

const saysError = (text: string): boolean => {
  const { error, ...more } = JSON.parse(text) as { error?: unknown }
  return typeof error === 'string' && error !== '' && error !== 'internal error' && Object.keys(more).length === 0
}

const repliesOf = <T>(answers: readonly Answer[], status: number): T[] =>
  answers.filter((answer) => answer.status === status).map(({ text }) => JSON.parse(text) as T)

/**
 * What was taken is there and nothing else: the rows in the store are those that a reply called new, and what was called a repeat
 * is one of them.
 */
export const assertStored = (answers: readonly Answer[], stored: readonly { id: string }[]): void => {
  const idsOf = (status: number) => repliesOf<{ id: string }>(answers, status).map(({ id }) => id)
  const created = idsOf(201)
  assert.deepEqual(stored.map(({ id }) => id).sort(), created.sort())
  const known = new Set(created)
  assert.deepEqual(
    idsOf(200).filter((id) => !known.has(id)),
    [],
  )
}
