import { readPipe } from './pipe.ts'
import { cut, type Piece, type Token } from './tokens.ts'

/** What one argument of a command is; `fields` are looked up in it one after the other. */
export type Operand = { fields: string[] } & (
  | { kind: 'dot' | 'nil' }
  | { kind: 'constant'; value: string | boolean | number | bigint }
  | { kind: 'variable'; name: string }
  | { kind: 'function'; name: string }
  | { kind: 'pipe'; pipe: Pipe }
)

/** Commands joined by `|`, whose value variables may keep. */
export type Pipe = { variables: string[]; isAssignment: boolean; commands: Operand[][] }

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'print'; pipe: Pipe }
  | { kind: 'if' | 'with' | 'range'; pipe: Pipe; body: Node[]; otherwise: Node[] }
  | { kind: 'template'; name: string; pipe: Pipe | undefined }
  | { kind: 'break' | 'continue' }

export type Parsed = { body: Node[]; templates: Map<string, Node[]> }

/** Reads a Go template. Throws when Go would: bad syntax, an unknown function, a variable that is not declared. */
export const parse = (template: string, isFunction: (name: string) => boolean): Parsed => {
  const pieces = cut(template)
  const templates = new Map<string, Node[]>()
  let next = 0
  const scope: string[] = ['$']
  let loops = 0

  /** Reads nodes up to one of the words that end a block. */
  const nodes = (ends: readonly string[]): { list: Node[]; end: string; tokens: Token[] } => {
    const list: Node[] = []
    for (; next < pieces.length; ) {
      const piece = pieces[next++] as Piece
      if (piece.kind === 'text') {
        list.push(piece)
        continue
      }
      const word = wordOf(piece.tokens[0])
      if (ends.includes(word)) return { list, end: word, tokens: piece.tokens.slice(1) }
      const node = action(word, piece.tokens)
      if (node !== undefined) list.push(node)
    }
    if (ends.length > 0) throw new Error('unexpected EOF')
    return { list, end: '', tokens: [] }
  }

  const action = (word: string, tokens: Token[]): Node | undefined => {
    const rest = tokens.slice(1)
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return block(word, rest)
      case 'define':
        define(rest)
        return undefined
      case 'block': {
        const name = nameOf(rest[0])
        const pipe = pipeOf(rest.slice(1))
        define(rest.slice(0, 1))
        return { kind: 'template', name, pipe }
      }
      case 'template':
        return { kind: 'template', name: nameOf(rest[0]), pipe: rest.length > 1 ? pipeOf(rest.slice(1)) : undefined }
      case 'break':
      case 'continue':
        if (loops === 0 || rest.length > 0) throw new Error(`{{${word}}} outside {{range}}`)
        return { kind: word }
      case 'else':
      case 'end':
        throw new Error(`unexpected {{${word}}}`)
      default:
        return { kind: 'print', pipe: pipeOf(tokens) }
    }
  }

  const block = (kind: 'if' | 'with' | 'range', tokens: Token[]): Node => {
    const depth = scope.length
    const pipe = pipeOf(tokens, kind === 'range' ? 2 : 1)
    loops += kind === 'range' ? 1 : 0
    const body = nodes(['else', 'end'])
    loops -= kind === 'range' ? 1 : 0
    const otherwise = body.end === 'else' ? elseOf(kind, body.tokens) : []
    scope.length = depth
    return { kind, pipe, body: body.list, otherwise }
  }

  const elseOf = (kind: string, tokens: Token[]): Node[] => {
    const word = wordOf(tokens[0])
    if (word !== '' && word === kind && kind !== 'range') return [block(kind as 'if' | 'with', tokens.slice(1))]
    if (tokens.length > 0) throw new Error('unexpected input after {{else}}')
    return nodes(['end']).list
  }

  const define = (tokens: Token[]): void => {
    const name = nameOf(tokens[0])
    const outer = scope.splice(1)
    templates.set(name, nodes(['end']).list)
    scope.push(...outer)
  }

  const pipeOf = (tokens: Token[], variablesMax = 1): Pipe => {
    const pipe = readPipe(tokens, { scope, variablesMax, isFunction })
    if (!pipe.isAssignment) scope.push(...pipe.variables)
    return pipe
  }

  return { body: nodes([]).list, templates }
}

const wordOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text : '')

const nameOf = (token: Token | undefined): string => {
  if (token?.kind !== 'string') throw new Error('a template needs a name in quotes')
  return token.text
}
