import { readFile } from 'node:fs/promises'
import type { CatalogueBook } from '../ports.ts'

/** Reads books from a CSV file with a header line (RFC 4180), at most `limit`. */
export const readCatalogue = async (file: string, { limit }: { limit: number }): Promise<CatalogueBook[]> => {
  const [header = [], ...rows] = parseCsv(await readFile(file, 'utf8'), limit + 1)
  return rows.map((row) => {
    const fields = Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']))
    return {
      title: fields.title,
      authors: (fields.authors ?? '').split(',').map((author) => author.trim()),
      isbn: fields.isbn10,
      year: wholeNumber(fields.year),
      pages: undefined,
      publisher: undefined,
      language: fields.language || undefined,
      stars: [1, 2, 3, 4, 5].map((star) => wholeNumber(fields[`stars_${star}`]) ?? 0),
    }
  })
}

const wholeNumber = (text: string | undefined): number | undefined => {
  const number = Number.parseInt(text ?? '', 10)
  return Number.isNaN(number) ? undefined : number
}

/** Rows of a CSV text: quoted fields may hold commas, doubled quotes and line ends. */
export const parseCsv = (text: string, rowsMax: number): string[][] => {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let isQuoted = false
  const endRow = () => {
    row.push(field)
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
    field = ''
  }
  for (let at = 0; at < text.length && rows.length < rowsMax; at += 1) {
    const character = text[at] as string
    if (isQuoted) {
      if (character !== '"') field += character
      else if (text[at + 1] === '"') field += text[(at += 1)]
      else isQuoted = false
    } else if (character === '"') isQuoted = true
    else if (character === ',') {
      row.push(field)
      field = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r') field += character
  }
  if (rows.length < rowsMax) endRow()
  return rows
}
