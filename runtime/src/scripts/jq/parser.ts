import { fail, type Token, tokenize } from './lexer.ts'
import type { Binding, Definition, Node } from './syntax.ts'

/** Loosest first, below `|`: how tightly an operator binds, and whether it groups from the left, the right or not at all. */
const operators: Record<string, [number, 'left' | 'right' | 'none']> = {
  ',': [2, 'left'],
  '//': [3, 'right'],
  ...Object.fromEntries(['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='].map((name) => [name, [4, 'none'] as const])),
  or: [5, 'left'],
  and: [6, 'left'],
  ...Object.fromEntries(['==', '!=', '<', '<=', '>', '>='].map((name) => [name, [7, 'none'] as const])),
  '+': [8, 'left'],
  '-': [8, 'left'],
  '*': [9, 'left'],
  '/': [9, 'left'],
  '%': [9, 'left'],
}
const keywords = new Set(
  'def if then elif else end as reduce foreach try catch label import include and or __loc__'.split(' '),
)
const depthMax = 200
const identity: Node = { kind: 'identity' }

/** Reads a jq program; throws `invalid` for a mistake in it. */
export const parse = (program: string): Node => {
  const parser = createParser(tokenize(program))
  return parser.whole()
}

/** Reads definitions that stand alone. */
export const parseDefinitions = (text: string): Definition[] => createParser(tokenize(text)).definitions()

const createParser = (tokens: readonly Token[]) => {
  let at = 0
  let depth = 0
  const peek = (): Token => tokens[at] as Token
  const textOf = (token: Token): string => (token.kind === 'text' ? '"' : token.text)
  const is = (text: string): boolean => {
    const token = peek()
    return (token.kind === 'operator' || token.kind === 'name') && token.text === text
  }
  const skip = (text: string): boolean => {
    if (!is(text)) return false
    at += 1
    return true
  }
  const expect = (text: string): void => {
    if (!skip(text)) fail(`unexpected ${textOf(peek())}, ${text} was expected`)
  }
  const take = (kind: 'name' | 'variable'): string => {
    const token = peek()
    if (token.kind !== kind) return fail(`unexpected ${textOf(token)}`)
    at += 1
    return token.text
  }

  const whole = (): Node => {
    if (peek().kind === 'end') return identity
    const node = pipe()
    if (peek().kind !== 'end') fail(`unexpected ${textOf(peek())}`)
    return node
  }
  const definitions = (): Definition[] => {
    const all: Definition[] = []
    while (is('def')) all.push(definition())
    return all
  }
  const definition = (): Definition => {
    expect('def')
    const name = take('name')
    const parameters: string[] = []
    if (skip('(')) {
      do parameters.push(peek().kind === 'variable' ? `$${take('variable')}` : take('name'))
      while (skip(';'))
      expect(')')
    }
    expect(':')
    const body = pipe()
    expect(';')
    return { name, parameters, body }
  }

  const pipe = (): Node => {
    if ((depth += 1) > depthMax) fail(`more than ${depthMax} levels inside each other`)
    const node = pipeInside()
    depth -= 1
    return node
  }
  const pipeInside = (): Node => {
    if (is('def')) return { kind: 'define', definition: definition(), body: pipe() }
    if (skip('label')) {
      const name = take('variable')
      expect('|')
      return { kind: 'label', name, body: pipe() }
    }
    const left = binary(2)
    if (skip('as')) {
      const bindings = [binding()]
      while (skip('?//')) bindings.push(binding())
      expect('|')
      return { kind: 'as', source: left, bindings, body: pipe() }
    }
    return skip('|') ? { kind: 'pipe', left, right: pipe() } : left
  }

  const binary = (level: number): Node => {
    let left = postfix()
    for (;;) {
      const token = peek()
      if (token.kind !== 'operator' && token.kind !== 'name') return left
      const [tightness, side] = operators[token.text] ?? [0, 'left']
      if (tightness < level) return left
      at += 1
      const right = binary(side === 'right' ? tightness : tightness + 1)
      left = joined(token.text, tightness, left, right)
      const next = operators[textOf(peek())]
      if (side === 'none' && next?.[0] === tightness) fail(`unexpected ${textOf(peek())}`)
    }
  }
  const joined = (operator: string, tightness: number, left: Node, right: Node): Node => {
    if (operator === ',') return { kind: 'comma', left, right }
    if (operator === '//') return { kind: 'alternative', left, right }
    if (operator === 'and' || operator === 'or') return { kind: operator, left, right }
    return { kind: tightness === 4 ? 'assign' : 'binary', operator, left, right }
  }

  const postfix = (): Node => {
    if (skip('reduce') || skip('foreach')) return loop(textOf(tokens[at - 1] as Token) as 'reduce' | 'foreach')
    if (skip('if')) return suffixes(condition())
    if (skip('try')) {
      const body = suffixes(term())
      return skip('catch') ? { kind: 'try', body, handler: suffixes(term()) } : { kind: 'try', body }
    }
    if (skip('-')) return { kind: 'negative', of: postfix() }
    return suffixes(term())
  }
  const condition = (): Node => {
    const test = pipe()
    expect('then')
    const yes = pipe()
    if (skip('elif')) return { kind: 'if', condition: test, yes, no: condition() }
    const no = skip('else') ? pipe() : undefined
    expect('end')
    return { kind: 'if', condition: test, yes, ...(no && { no }) }
  }
  const loop = (kind: 'reduce' | 'foreach'): Node => {
    const source = suffixes(term())
    expect('as')
    const bound = binding()
    expect('(')
    const start = pipe()
    expect(';')
    const update = pipe()
    const extract = kind === 'foreach' && skip(';') ? pipe() : undefined
    expect(')')
    const node = { source, binding: bound, start, update }
    return suffixes(kind === 'reduce' ? { kind, ...node } : { kind, ...node, ...(extract && { extract }) })
  }
  const binding = (): Binding => {
    if (peek().kind === 'variable') return { kind: 'variable', name: take('variable') }
    if (skip('[')) {
      const all: Binding[] = []
      do all.push(binding())
      while (skip(','))
      expect(']')
      return { kind: 'array', all }
    }
    expect('{')
    const members: { key: Node; variable?: string; inner?: Binding }[] = []
    do {
      const variable = peek().kind === 'variable' ? take('variable') : undefined
      const key: Node = variable === undefined ? memberKey() : { kind: 'literal', value: variable }
      const inner = skip(':') ? binding() : undefined
      if (variable === undefined && inner === undefined) fail(`unexpected ${textOf(peek())}`)
      members.push({ key, ...(variable !== undefined && { variable }), ...(inner && { inner }) })
    } while (skip(','))
    expect('}')
    return { kind: 'object', members }
  }

  const suffixes = (start: Node): Node => {
    let node = start
    for (;;) {
      const token = peek()
      if (token.kind === 'field') {
        at += 1
        node = { kind: 'index', of: node, by: { kind: 'literal', value: token.text } }
      } else if (is('.') && (tokens[at + 1]?.kind === 'text' || textOf(tokens[at + 1] as Token) === '[')) {
        at += 1
        if (peek().kind === 'text') node = { kind: 'index', of: node, by: text('') }
      } else if (skip('[')) node = brackets(node)
      else if (skip('?')) node = { kind: 'try', body: node }
      else return node
    }
  }
  const brackets = (of: Node): Node => {
    if (skip(']')) return { kind: 'each', of }
    if (skip(':')) {
      const to = pipe()
      expect(']')
      return { kind: 'slice', of, to }
    }
    const by = pipe()
    if (skip(']')) return { kind: 'index', of, by }
    expect(':')
    const to = is(']') ? undefined : pipe()
    expect(']')
    return { kind: 'slice', of, from: by, ...(to && { to }) }
  }

  const text = (format: string): Node => {
    const token = peek()
    if (token.kind !== 'text') return fail(`unexpected ${textOf(token)}`)
    at += 1
    const parts = token.parts.map((part) => (typeof part === 'string' ? part : createParser(part).whole()))
    if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: parts.join('') }
    return { kind: 'text', format, parts }
  }

  const term = (): Node => {
    const token = peek()
    switch (token.kind) {
      case 'text':
        return text('')
      case 'number':
        at += 1
        return { kind: 'literal', value: numberOf(token.text) }
      case 'format':
        at += 1
        return peek().kind === 'text' ? text(token.text) : { kind: 'format', name: token.text }
      case 'field':
        return identity
      case 'variable':
        at += 1
        return token.text === '__loc__' ? fail('$__loc__ is not available') : { kind: 'variable', name: token.text }
      case 'name':
        at += 1
        return named(token.text)
      case 'operator':
        at += 1
        return symbol(token.text)
      default:
        return fail(`unexpected ${token.text}`)
    }
  }
  const named = (name: string): Node => {
    if (name === 'break') return { kind: 'break', name: take('variable') }
    if (keywords.has(name)) return fail(`unexpected ${name}`)
    if (name === 'null') return { kind: 'literal', value: null }
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' }
    const args: Node[] = []
    if (skip('(')) {
      do args.push(pipe())
      while (skip(';'))
      expect(')')
    }
    return { kind: 'call', name, args }
  }
  const symbol = (name: string): Node => {
    switch (name) {
      case '.':
        return peek().kind === 'text' ? { kind: 'index', of: identity, by: text('') } : identity
      case '..':
        return { kind: 'recurse' }
      case '(': {
        const node = pipe()
        expect(')')
        return node
      }
      case '[': {
        if (skip(']')) return { kind: 'array' }
        const all = pipe()
        expect(']')
        return { kind: 'array', all }
      }
      case '{':
        return object()
      default:
        return fail(`unexpected ${name}`)
    }
  }
  const object = (): Node => {
    const members: { key: Node; value: Node }[] = []
    while (!skip('}')) {
      members.push(member())
      if (!is('}')) expect(',')
    }
    return { kind: 'object', members }
  }
  const member = (): { key: Node; value: Node } => {
    if (peek().kind === 'variable') {
      const name = take('variable')
      const key: Node = { kind: 'literal', value: name }
      return { key, value: skip(':') ? memberValue() : { kind: 'variable', name } }
    }
    const isNamed = peek().kind !== 'operator'
    const key = memberKey()
    if (skip(':')) return { key, value: memberValue() }
    return isNamed ? { key, value: { kind: 'index', of: identity, by: key } } : fail(`unexpected ${textOf(peek())}`)
  }
  const memberKey = (): Node => {
    const token = peek()
    if (token.kind === 'text') return text('')
    if (token.kind === 'format') {
      at += 1
      return text(token.text)
    }
    if (token.kind === 'name' || token.kind === 'number') {
      at += 1
      return { kind: 'literal', value: token.text }
    }
    expect('(')
    const key = pipe()
    expect(')')
    return key
  }
  /** Values of members take `|` and what binds more tightly than `,`. */
  const memberValue = (): Node => {
    const left = binary(3)
    return skip('|') ? { kind: 'pipe', left, right: memberValue() } : left
  }

  return { whole, definitions }
}

/** Whole numbers that a float cannot hold stay exact. */
const numberOf = (text: string): number | bigint => {
  const value = Number(text)
  return /^\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value
}
