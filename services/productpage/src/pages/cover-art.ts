import { type Html, html } from '@bookinfo/html'
import type { Box } from './cover-text.ts'

/** Four colours that go together; `ink` is readable on `ground`. */
export type Palette = { ground: string; ink: string; accent: string; second: string }

export const palettes: readonly Palette[] = [
  { ground: '#b8430f', ink: '#fff6ea', accent: '#2a1a12', second: '#f0b45a' },
  { ground: '#0b4f4a', ink: '#f3efe2', accent: '#e0a83a', second: '#1f7a70' },
  { ground: '#1f3a68', ink: '#f4f1e8', accent: '#e0764a', second: '#4a6ea8' },
  { ground: '#f0e3c4', ink: '#2b2320', accent: '#a3302a', second: '#d9b36a' },
  { ground: '#7a1f2b', ink: '#f8ecdc', accent: '#e6b450', second: '#a5424a' },
  { ground: '#26302b', ink: '#efe9da', accent: '#8fb39a', second: '#4c5f54' },
  { ground: '#dcb545', ink: '#221d12', accent: '#8a2c1d', second: '#f3dc97' },
  { ground: '#3a2a55', ink: '#f5eefb', accent: '#e59a6f', second: '#65508c' },
  { ground: '#cbd8d4', ink: '#17312f', accent: '#b2452f', second: '#7fa39d' },
  { ground: '#12466f', ink: '#fdf6e3', accent: '#f2c14e', second: '#2f78a8' },
  { ground: '#f3efe6', ink: '#1c1c1c', accent: '#1d5c8a', second: '#c8b89a' },
  { ground: '#1b1b1f', ink: '#f1ece0', accent: '#d2483b', second: '#4a4a52' },
  { ground: '#e6cfc4', ink: '#35201c', accent: '#7c3a5a', second: '#c78f7d' },
  { ground: '#2f5233', ink: '#f5f0dd', accent: '#e8c468', second: '#5d8a5c' },
]

/** Where the texts stand, and what is drawn around them; `pick(n)` gives the book's own number below n. */
export type Layout = {
  title: Box
  /** Right below the title when it has no place of its own. */
  author?: Box
  isSans?: boolean
  /** Set when the title stands on a pale label of its own. */
  isLabelled?: boolean
  art(palette: Palette, pick: (below: number) => number, initial: string): Html
}

const paper = '#f8f1e2'
export const paperInk = '#241e18'

const count = (many: number): number[] => Array.from({ length: many }, (_, index) => index)
const titleAbove: Box = { x: 22, y: 26, width: 196, height: 132 }
const titleBelow: Box = { x: 22, y: 196, width: 196, height: 98, keepsTo: 'top' }
const authorBelow: Box = { x: 22, y: 304, width: 196, height: 34, keepsTo: 'bottom' }

export const layouts: readonly Layout[] = [
  // Three bands, the title on the pale one.
  {
    title: { x: 20, y: 118, width: 200, height: 92, anchor: 'middle', keepsTo: 'middle' },
    author: { x: 30, y: 216, width: 180, height: 30, anchor: 'middle', keepsTo: 'middle' },
    isLabelled: true,
    isSans: true,
    art: ({ accent, ink }) =>
      html`<path fill="${paper}" d="M0 108H240V252H0Z"/><path stroke="${paperInk}" d="M96 213H144"/><ellipse cx="120" cy="54" rx="62" ry="22" fill="none" stroke="${ink}" stroke-width="2"/><path fill="${ink}" d="M104 54l16-11 16 11-16 11z"/><circle cx="120" cy="306" r="19" fill="${accent}"/><circle cx="120" cy="306" r="24" fill="none" stroke="${ink}" stroke-width="1.5"/>`,
  },
  // A sun going down.
  {
    title: titleAbove,
    art: ({ accent, second }, pick) =>
      html`<circle cx="${90 + pick(4) * 20}" cy="300" r="84" fill="${accent}"/><path fill="${second}" d="M0 300H240V360H0Z"/>${count(4).map((row) => html`<path fill="${accent}" fill-opacity=".55" d="M${62 + row * 10} ${308 + row * 13}h${116 - row * 20}v4h-${116 - row * 20}z"/>`)}`,
  },
  // Hills behind hills.
  {
    title: titleAbove,
    art: ({ accent, second, ink }, pick) =>
      html`<circle cx="${60 + pick(5) * 30}" cy="236" r="22" fill="${ink}" fill-opacity=".85"/><path fill="${second}" d="M0 268C50 214 96 228 140 262S214 252 240 230V360H0Z"/><path fill="${accent}" d="M0 306C60 262 108 300 150 300S212 276 240 284V360H0Z"/><path fill="#000" fill-opacity=".28" d="M0 338C70 306 120 344 240 318V360H0Z"/>`,
  },
  // Tiles of quarter circles.
  {
    title: { ...titleAbove, height: 98 },
    isSans: true,
    art: ({ accent, second, ink }, pick) =>
      html`${count(12).map((at) => {
        const [x, y] = [(at % 4) * 60, 180 + Math.floor(at / 4) * 60]
        const turn = pick(4) * 90
        const fill = [accent, second, ink][pick(3)] as string
        return html`<path fill="${fill}" transform="translate(${x} ${y}) rotate(${turn} 30 30)" d="${pick(3) === 0 ? 'M0 0H60L0 60Z' : 'M0 0H60A60 60 0 0 1 0 60Z'}"/>`
      })}`,
  },
  // Stripes above, the title below.
  {
    title: titleBelow,
    author: authorBelow,
    art: ({ accent, second, ink }, pick) =>
      html`${count(10).map((at) => html`<path fill="${[accent, second, ink][(at + pick(2)) % 3]}" d="M${at * 24} 0h${10 + (at % 3) * 5}V${96 + pick(8) * 10}h-${10 + (at % 3) * 5}z"/>`)}`,
  },
  // A frame with an ornament.
  {
    title: { x: 36, y: 66, width: 168, height: 128, anchor: 'middle', keepsTo: 'middle' },
    author: { x: 36, y: 262, width: 168, height: 40, anchor: 'middle', keepsTo: 'middle' },
    art: ({ accent }) =>
      html`<path fill="none" stroke="${accent}" stroke-width="3" d="M14 14H226V346H14Z"/><path fill="none" stroke="${accent}" d="M21 21H219V339H21Z"/><g fill="${accent}"><path d="M120 210l9 18-9 18-9-18zM92 220l5 8-5 8-5-8zM148 220l5 8-5 8-5-8z"/><path d="M52 227.500h30v1h-30zM158 227.500h30v1h-30z"/></g><g fill="none" stroke="${accent}"><path d="M21 48C36 48 48 36 48 21M192 21C192 36 204 48 219 48M219 312C204 312 192 324 192 339M48 339C48 324 36 312 21 312"/></g>`,
  },
  // A label on patterned paper.
  {
    title: { x: 44, y: 80, width: 152, height: 84, anchor: 'middle', keepsTo: 'middle' },
    author: { x: 44, y: 172, width: 152, height: 32, anchor: 'middle', keepsTo: 'middle' },
    isLabelled: true,
    art: ({ accent, second }, pick) => {
      const motif = [
        html`<path fill="${accent}" d="M12 3l9 9-9 9-9-9z"/><circle cx="24" cy="24" r="3" fill="${second}"/><circle cx="0" cy="0" r="3" fill="${second}"/>`,
        html`<circle cx="12" cy="12" r="7" fill="none" stroke="${accent}" stroke-width="2.5"/><circle cx="12" cy="12" r="2.5" fill="${second}"/>`,
        html`<path fill="none" stroke="${accent}" stroke-width="2.5" d="M0 12Q6 2 12 12T24 12M0 24Q6 14 12 24T24 24"/>`,
      ][pick(3)] as Html
      return html`<pattern id="paper" width="24" height="24" patternUnits="userSpaceOnUse">${motif}</pattern><path fill="url(#paper)" d="M0 0H240V360H0Z"/><path fill="${paper}" d="M32 64H208V218H32Z"/><path fill="none" stroke="${accent}" stroke-width="1.5" d="M38 70H202V212H38Z"/>`
    },
  },
  // A broad back, as of cloth.
  {
    title: { x: 78, y: 30, width: 144, height: 180 },
    author: { x: 78, y: 296, width: 144, height: 40, keepsTo: 'bottom' },
    art: ({ accent, second }, pick) =>
      html`<path fill="${second}" d="M0 0H58V360H0Z"/><path fill="${accent}" d="M58 0h5V360h-5z"/>${count(7).map((at) => html`<circle cx="29" cy="${36 + at * 48}" r="${pick(2) === 0 ? 7 : 4}" fill="${accent}"/>`)}`,
  },
  // Rings from a corner.
  {
    title: titleAbove,
    isSans: true,
    art: ({ accent, second }, pick) => {
      const x = pick(2) * 240
      return html`<g fill="none" stroke-width="13">${count(6).map((at) => html`<circle cx="${x}" cy="360" r="${20 + at * 26}" stroke="${at % 2 === 0 ? accent : second}"/>`)}</g>`
    },
  },
  // A night above, the title below.
  {
    title: titleBelow,
    author: authorBelow,
    art: ({ accent, second, ink, ground }, pick) =>
      html`<path fill="${second}" d="M0 0H240V176H0Z"/><circle cx="168" cy="78" r="46" fill="${accent}"/><circle cx="${186 - pick(3) * 18}" cy="64" r="40" fill="${second}"/><g fill="${ink}">${count(11).map(() => html`<circle cx="${10 + pick(140)}" cy="${12 + pick(130)}" r="${1 + pick(3)}"/>`)}</g><path fill="${ground}" d="M0 160L44 132 84 160 132 118 184 158 240 130V180H0Z"/>`,
  },
  // A plant.
  {
    title: titleAbove,
    art: ({ accent, second }, pick) =>
      html`<path fill="none" stroke="${second}" stroke-width="4" d="M120 360C116 320 124 270 120 218"/>${count(4).map(
        (at) => {
          const y = 344 - at * 30
          const reach = 74 - at * 11 + pick(8)
          const rise = 26 - at * 2
          return html`<path fill="${at % 2 === 0 ? accent : second}" d="M120 ${y}C${120 - reach / 2} ${y - rise - 16} ${120 - reach} ${y - rise} ${120 - reach} ${y - rise - 8}C${120 - reach} ${y + 6} ${120 - reach / 2} ${y + 10} 120 ${y}ZM120 ${y - 12}C${120 + reach / 2} ${y - rise - 28} ${120 + reach} ${y - rise - 12} ${120 + reach} ${y - rise - 20}C${120 + reach} ${y - 6} ${120 + reach / 2} ${y - 2} 120 ${y - 12}Z"/>`
        },
      )}<circle cx="120" cy="216" r="9" fill="${accent}"/>`,
  },
  // Mountains of paper.
  {
    title: titleAbove,
    isSans: true,
    art: ({ accent, second }, pick) =>
      html`<path fill="${second}" d="M-20 360L${70 + pick(30)} 214 200 360Z"/><path fill="${accent}" d="M60 360L${150 + pick(40)} ${232 + pick(20)} 280 360Z"/><path fill="#000" fill-opacity=".22" d="M0 360L84 292 168 360Z"/>`,
  },
  // The first letter, very large.
  {
    title: { ...titleAbove, height: 100 },
    art: ({ accent }, pick, initial) =>
      html`<text x="${pick(2) === 0 ? 120 : 164}" y="356" font-family="${serif}" font-size="230" font-weight="700" text-anchor="middle" fill="${accent}">${initial}</text>`,
  },
  // Arches within arches.
  {
    title: { ...titleAbove, anchor: 'middle', height: 106 },
    art: ({ accent, second, ink }) =>
      html`${count(5).map((at) => {
        const half = 90 - at * 18
        return html`<path fill="${[accent, second, ink][at % 3]}" d="M${120 - half} 360V${290}A${half} ${half} 0 0 1 ${120 + half} 290V360Z"/>`
      })}`,
  },
  // Columns of different heights.
  {
    title: titleAbove,
    isSans: true,
    art: ({ accent, second }, pick) =>
      html`${count(8).map((at) => {
        const height = 34 + pick(9) * 12
        return html`<path fill="${at % 3 === 1 ? second : accent}" d="M${22 + at * 25} ${360 - height}h19v${height}h-19z"/>`
      })}`,
  },
]

export const serif = 'Iowan Old Style, Palatino Linotype, Palatino, Georgia, serif'
