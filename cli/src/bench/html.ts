import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { html, raw, render } from '@bookinfo/html'
import { type Point, type Report, spreads } from './report.ts'

const plots: Record<string, { title: string; x: string; isLogarithmic: boolean }> = {
  readable: { title: 'POST → row readable under load', x: 'events/s offered', isLogarithmic: false },
  pages: { title: 'Book page', x: 'reviews of the book', isLogarithmic: true },
}

/** The report as one page that needs nothing else: the table, and uPlot with its data inside. */
export const renderHtml = (report: Report): string => {
  const { at, machine, runs } = report
  const figures = spreads(report)
  const rows = (runs[0]?.rows ?? []).flatMap(({ id, what, unit, aim, figures: named }) =>
    Object.keys(named).map((name) => ({ what, name, unit, aim, spread: figures.get(`${id} ${name}`) })),
  )
  const data = Object.entries(plots).map(([id, plot]) => ({
    ...plot,
    ...plotData(
      runs.flatMap(({ points }) => points),
      id,
    ),
  }))
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookinfo bench, ${at}</title>
<style>${raw(asset('uPlot.min.css'))}${raw(styles)}</style>
<h1>Bookinfo bench</h1>
<p>${at} · ${machine.processors}, ${machine.cores} cores, ${machine.megabytes} MB · ${machine.system} · Node ${machine.node} · ${runs.length} run(s)</p>
<table>
<thead><tr><th>What</th><th></th><th>Median</th><th>Lowest</th><th>Highest</th><th>Unit</th><th>Aim</th></tr></thead>
<tbody>${rows.map(
    ({ what, name, unit, aim, spread }) =>
      html`<tr><td>${what}</td><td>${name === 'value' ? '' : name}</td><td>${number(spread?.median)}</td><td>${number(spread?.min)}</td><td>${number(spread?.max)}</td><td>${unit}</td><td>${aim}</td></tr>`,
  )}</tbody>
</table>
<div id="plots"></div>
<script>${raw(asset('uPlot.iife.min.js'))}</script>
<script>${raw(`const plots = ${JSON.stringify(data).replaceAll('<', '\\u003c')};${drawing}`)}</script>
</html>`
  return `${render(page)}\n`
}

/** uPlot takes columns: x first, then each series with a value or null for every x. */
const plotData = (points: readonly Point[], id: string): { columns: (number | null)[][]; series: string[] } => {
  const own = points.filter(({ plot }) => plot === id)
  const xs = [...new Set(own.map(({ x }) => x))].sort((a, b) => a - b)
  const series = [...new Set(own.map((point) => point.series))]
  const value = (name: string, x: number) => median(own.filter((point) => point.series === name && point.x === x))
  return { series, columns: [xs, ...series.map((name) => xs.map((x) => value(name, x)))] }
}

const median = (points: readonly Point[]): number | null => {
  const sorted = points.map(({ y }) => y).toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value)
    ? ''
    : value >= 100
      ? Math.round(value).toLocaleString('en')
      : value.toFixed(2)

const asset = (name: string): string =>
  readFileSync(join(dirname(createRequire(import.meta.url).resolve('uplot/package.json')), 'dist', name), 'utf8')

const styles = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
td:nth-child(n+3):nth-child(-n+5) { text-align: right }`

const drawing = `
const colours = ['#2563eb', '#d97706']
for (const { title, x, isLogarithmic, series, columns } of plots) {
  if (columns[0].length === 0) continue
  new uPlot({
    title, width: Math.min(900, innerWidth - 32), height: 300,
    scales: { x: { time: false, ...(isLogarithmic && { distr: 3 }) } },
    axes: [{ label: x, stroke: '#888' }, { label: 'ms', stroke: '#888' }],
    series: [{ label: x }, ...series.map((label, index) => ({ label, stroke: colours[index], width: 2, points: { show: true } }))],
  }, columns, document.getElementById('plots'))
}`
