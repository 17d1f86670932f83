import { createHash } from 'node:crypto'
import { html, render } from '@bookinfo/html'
import { type Layout, layouts, type Palette, palettes, paperInk, serif } from './cover-art.ts'
import { letter } from './cover-text.ts'
import { firstCharacter, formatYear, shortAuthors, splitSeries } from './text.ts'

const sans = 'system-ui, -apple-system, Segoe UI, sans-serif'
const titleSizes = [38, 34, 30, 27, 24, 21, 18, 16, 14]

export type CoverModel = { title: string; author: string; year?: number | undefined }

/** A drawn cover: layout and colours are picked by the book, the texts are fitted. The same book always gets the same cover. */
export const coverSvg = ({ title, author, year }: CoverModel): string => {
  const seed = createHash('sha256').update(`${title}\u001f${author}`).digest()
  const palette = palettes[(seed[0] as number) % palettes.length] as Palette
  const layout = layouts[(seed[1] as number) % layouts.length] as Layout
  const { name } = splitSeries(title)
  let drawn = 2
  const pick = (below: number): number => {
    drawn += 1
    return (seed[drawn % seed.length] as number) % below
  }
  const fill = layout.isLabelled ? paperInk : palette.ink
  const by = year === undefined ? shortAuthors(author) : `${shortAuthors(author)}, ${formatYear(year)}`
  const heading = letter(name, layout.title, {
    sizes: titleSizes,
    family: layout.isSans ? sans : serif,
    weight: 700,
    fill,
  })
  const authorBox = layout.author ?? { ...layout.title, y: heading.bottom + 8, height: 36 }
  return render(
    html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 360" role="img" aria-label="${`Cover of ${title.slice(0, 120)}`}"><path fill="${palette.ground}" d="M0 0H240V360H0Z"/>${layout.art(palette, pick, firstCharacter(name))}${heading.drawn}${letter(by, authorBox, { sizes: [16, 14, 12], family: sans, fill }).drawn}</svg>`,
  )
}
