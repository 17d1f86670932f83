import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '@bookinfo/errors'

const chapterNames = ['writes', 'load', 'redrive', 'pages'] as const
type Chapter = (typeof chapterNames)[number]

/** What `npm run bench` was asked for. */
export type BenchOptions = {
  runs: number
  chapters: ReadonlySet<Chapter>
  out: string
  compare: string | undefined
  /** Events a second to measure at, instead of searching for the highest rate. */
  rate: number | undefined
  /** Goes to `npm start` as it is. */
  product: readonly string[]
}

const usage = `npm run bench -- [options] [-- OPTIONS OF npm start]
  --runs N           repeat everything N times (default 1)
  --only A,B         some of ${chapterNames.join(', ')}
  --out DIR          where bench.json and bench.html go (default test-output/bench)
  --rate N           measure at N events/s instead of searching for the highest rate
  --compare FILE     print ratios against an earlier bench.json`

const runsMax = 50
const rateMax = 100_000

/** Reads the command line; anything unknown is `invalid` with the usage. */
export const parseBenchOptions = (args: readonly string[]): BenchOptions => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '1' },
        only: { type: 'string', default: chapterNames.join(',') },
        out: { type: 'string', default: 'test-output/bench' },
        compare: { type: 'string' },
        rate: { type: 'string' },
      },
    })
    const runs = Number(values.runs)
    if (!Number.isInteger(runs) || runs < 1 || runs > runsMax) throw new Error(`--runs must be from 1 to ${runsMax}`)
    const rate = values.rate === undefined ? undefined : Number(values.rate)
    if (rate !== undefined && !(rate >= 1 && rate <= rateMax)) throw new Error(`--rate must be from 1 to ${rateMax}`)
    const chapters = values.only.split(',')
    const unknown = chapters.find((name) => !chapterNames.some((known) => known === name))
    if (unknown !== undefined) throw new Error(`there is no chapter ${unknown}`)
    return {
      runs,
      chapters: new Set(chapters as Chapter[]),
      out: resolve(values.out),
      rate,
      compare: values.compare && resolve(values.compare),
      product: positionals,
    }
  } catch (cause) {
    throw new AppError('invalid', `${cause instanceof Error ? cause.message : cause}\n${usage}`, { cause })
  }
}
