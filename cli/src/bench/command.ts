import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Setting } from './chapter.ts'
import { measureLoad } from './chapter-load.ts'
import { measurePages } from './chapter-pages.ts'
import { measureRedrive } from './chapter-redrive.ts'
import { measureWrites, writeAndRead } from './chapter-writes.ts'
import { createClient } from './client.ts'
import { type BenchOptions, parseBenchOptions } from './options.ts'
import { bookOf, fillCatalogue, fillReviews, reviewSizes } from './fill.ts'
import { renderHtml } from './html.ts'
import { readPopularity } from './popularity.ts'
import { type Product, startProduct } from '../product.ts'
import { compare, describeRow, type Recorder, type Report, type Run } from './report.ts'

const catalogueBooks = 10_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** `npm run bench`: measures the product in a process of its own, prints figures beside the aims, and keeps them in files. */
export const bench = async (args: readonly string[]): Promise<void> => {
  const options = parseBenchOptions(args)
  const report: Report = { at: new Date().toISOString(), machine: machine(), arguments: [...args], runs: [] }
  for (let run = 1; run <= options.runs; run += 1) {
    if (options.runs > 1) say(`run ${run} of ${options.runs}`)
    report.runs.push(await runOnce(options))
  }
  mkdirSync(options.out, { recursive: true })
  writeFileSync(join(options.out, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(join(options.out, 'bench.html'), renderHtml(report))
  say(`kept in ${options.out}: bench.json, bench.html`)
  if (options.compare !== undefined) {
    const saved = JSON.parse(readFileSync(options.compare, 'utf8')) as Report
    say(`compared with ${options.compare} of ${saved.at}:`)
    for (const line of compare(report, saved)) say(line)
  }
}

const runOnce = async ({ chapters, rate, product: productOptions }: BenchOptions): Promise<Run> => {
  const run: Run = { rows: [], points: [] }
  const recorder: Recorder = {
    row: (row) => {
      run.rows.push(row)
      say(describeRow(row))
    },
    point: (point) => void run.points.push(point),
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'bookinfo-bench-'))
  const withProduct = async (work: (setting: Setting) => Promise<void>) => {
    const product = await startProduct(dataDir, { options: productOptions })
    const client = createClient(product.addresses)
    try {
      await work({ product, client, recorder })
    } finally {
      await client.close()
      await product.stop()
    }
  }
  const start = (id: string, what: string, aim: string) =>
    withProduct(async ({ product, client }) => {
      const startMs = performance.now()
      await writeAndRead(client)
      recorder.row({ id, what, unit: 'ms', figures: { value: product.readyMs + performance.now() - startMs }, aim })
    })
  try {
    await start('start-fresh', 'start → first write readable, new data', '4,000')
    await start('start-kept', 'start → first write readable, data kept', '2,000')
    const popularity = await readPopularity({ books: catalogueBooks })
    await withProduct(async (setting) => {
      recordIdle(setting)
      if (chapters.has('writes')) await measureWrites(setting)
      if (chapters.has('load')) await measureLoad({ ...setting, popularity }, { rate })
      if (chapters.has('redrive')) await measureRedrive(setting)
    })
    if (chapters.has('pages')) {
      const reviewed = new Map<number, string>()
      await withProduct(async ({ product }) => {
        await fillCatalogue(product, { books: catalogueBooks })
        for (const reviews of reviewSizes) reviewed.set(reviews, await bookOf(product, reviews))
      })
      await fillReviews(dataDir, reviewed)
      await withProduct((setting) => measurePages(setting, { reviewed }))
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
  return run
}

const recordIdle = ({ product, recorder }: { product: Product; recorder: Recorder }): void => {
  const usage = product.usage()
  if (usage === undefined) return
  const { node, postgres } = usage
  const figures = { node: node.megabytes, postgres: postgres.megabytes, all: node.megabytes + postgres.megabytes }
  recorder.row({ id: 'memory-idle', what: 'memory when idle', unit: 'MB', figures, aim: 'all 250' })
}

const machine = (): Report['machine'] => ({
  processors: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  megabytes: Math.round(totalmem() / 1_048_576),
  node: process.version,
  system: `${platform()} ${release()} ${arch()}`,
})
