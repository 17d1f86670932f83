type Kind = 'connector' | 'punctuation' | 'upper' | 'letters' | 'number' | 'other'
type Word = { kind: Kind; text: string }

/** Cuts a text into words of one kind each; `HTTPServer` is `HTTP` and `Server`. */
const cut = (text: string): Word[] => {
  const words: Word[] = []
  const patterns: [Kind, RegExp][] = [
    ['connector', /^[-_\s]+/u],
    ['punctuation', /^\p{P}+/u],
    ['upper', /^\p{Lu}{2,}(?!\p{Ll})|^\p{Lu}+(?=\p{Lu}\p{Ll})|^\p{Lu}(?:\p{Ll}|\p{Lo}|\p{Lm}|\p{Lt})*/u],
    ['letters', /^\p{L}(?:(?!\p{Lu})\p{L})*/u],
    ['number', /^\p{N}+/u],
    ['other', /^[^-_\s\p{L}\p{N}\p{P}]+/u],
  ]
  for (let rest = text; rest !== ''; ) {
    for (const [kind, pattern] of patterns) {
      const found = pattern.exec(rest)?.[0]
      if (found === undefined) continue
      words.push({ kind, text: found })
      rest = rest.slice(found.length)
      break
    }
  }
  return words
}

const isMark = (word: Word | undefined): boolean =>
  word === undefined || word.kind === 'connector' || word.kind === 'punctuation'

/** `FirstName` as `first_name`; a number belongs to the word before it unless small letters follow. */
export const joinWords = (text: string, connector: string): string => {
  const words = cut(text)
  let result = ''
  const put = ({ kind, text: word }: Word) => {
    if (kind === 'connector') result += [...word].map(() => connector).join('')
    else result += kind === 'upper' ? word.toLowerCase() : word
  }
  let at = 0
  const putRest = () => {
    for (; words[at]?.kind === 'letters' || words[at]?.kind === 'number'; at += 1) put(words[at] as Word)
    if (!isMark(words[at])) result += connector
  }
  while (at < words.length) {
    const word = words[at++] as Word
    put(word)
    if (word.kind === 'connector' || word.kind === 'punctuation') continue
    const next = words[at]
    if (word.kind === 'number') putRest()
    else if (next?.kind !== 'number') result += isMark(next) ? '' : connector
    else if (words[at + 1] !== undefined && words[at + 1]?.kind === 'letters') {
      result += connector
      put(next)
      at += 1
      putRest()
    } else {
      put(next)
      at += 1
      if (!isMark(words[at])) result += connector
    }
  }
  return result
}

/** `some_words` as `SomeWords`. */
export const camelCase = (text: string): string => {
  const lead = /^[-_\s]*/u.exec(text)?.[0] ?? ''
  const rest = text.slice(lead.length)
  if (rest === '') return text
  const extra = (gap: string) => [...gap].slice(1).join('')
  const words = rest.replaceAll(
    /([-_\s]*)(\p{L}|[^-_\s\p{L}])([^-_\s]*)/gu,
    (_, gap: string, first: string, tail: string) => {
      const leading = first === first.toUpperCase() ? (/^\p{Lu}*/u.exec(tail)?.[0] ?? '') : ''
      return extra(gap) + first.toUpperCase() + leading.toLowerCase() + tail.slice(leading.length)
    },
  )
  return lead + words
}
