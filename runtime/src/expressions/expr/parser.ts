import { binary, groupsRight, readNumber, unary } from './grammar.ts'
import { fail, type Token, tokenize } from './lexer.ts'
import { type Node, predicates } from './syntax.ts'

const depthMax = 200

/** Parses expr-lang as version 1.15 does; throws `invalid` for other syntax. `isBuiltin` tells functions of the language from others. */
export const parse = (expression: string, isBuiltin: (name: string) => boolean): Node => {
  const tokens = tokenize(expression)
  let at = 0
  let depth = 0
  let predicateDepth = 0

  const current = () => tokens[at] as Token
  const is = (kind: Token['kind'], text?: string) =>
    current().kind === kind && (text === undefined || current().text === text)
  const unexpected = () => fail(`unexpected ${current().text} in expression`)
  const next = (): Token => {
    if (current().kind === 'end') unexpected()
    return tokens[at++] as Token
  }
  const expect = (kind: Token['kind'], text?: string): Token => (is(kind, text) ? next() : unexpected())
  const accept = (kind: Token['kind'], text: string): boolean => is(kind, text) && next() !== undefined

  const whole = (): Node => {
    if ((depth += 1) > depthMax) fail(`more than ${depthMax} expressions inside each other`)
    const node = is('operator', 'let') ? declaration() : conditional(level(0))
    depth -= 1
    return node
  }
  const declaration = (): Node => {
    next()
    const name = expect('name').text
    expect('operator', '=')
    const value = whole()
    expect('operator', ';')
    return { kind: 'let', name, value, body: whole() }
  }
  const conditional = (given: Node): Node => {
    let node = given
    while (accept('operator', '?')) {
      const isShort = accept('operator', ':')
      const yes = isShort ? node : whole()
      if (!isShort) expect('operator', ':')
      node = { kind: 'conditional', condition: node, yes, no: whole() }
    }
    return node
  }
  const level = (lowest: number): Node => {
    if ((depth += 1) > depthMax) fail(`more than ${depthMax} expressions inside each other`)
    let left = primary()
    let before = ''
    while (is('operator')) {
      const isNegated = accept('operator', 'not')
      const operator = current().text
      const precedence = is('operator') ? binary[operator] : undefined
      // As in expr-lang, a `not` before an operator that binds too loosely is read and forgotten.
      if (precedence === undefined || precedence < lowest) break
      next()
      if (operator === '|') left = piped(left)
      else {
        if (before === '??' && operator !== '??')
          fail(`operator ${operator} and ?? cannot be mixed without parentheses`)
        const right = level(groupsRight.has(operator) ? precedence : precedence + 1)
        left = { kind: 'binary', operator, left, right }
        if (isNegated) left = { kind: 'unary', operator: 'not', operand: left }
      }
      before = operator
    }
    depth -= 1
    return left
  }
  const primary = (): Node => {
    const { kind, text } = current()
    const precedence = kind === 'operator' ? unary[text] : undefined
    if (precedence !== undefined) {
      next()
      return postfix({ kind: 'unary', operator: text === '!' ? 'not' : text, operand: level(precedence) })
    }
    if (accept('bracket', '(')) {
      const inner = whole()
      expect('bracket', ')')
      return postfix(inner)
    }
    if (is('operator', '#') || is('operator', '.')) return pointer()
    return secondary()
  }
  const pointer = (): Node => {
    if (predicateDepth === 0) fail('cannot use pointer accessor outside closure')
    const name = accept('operator', '#') && is('name') ? next().text : ''
    if (!['', 'acc', 'index'].includes(name)) fail(`unknown pointer #${name}`)
    return postfix({ kind: 'pointer', name })
  }
  const secondary = (): Node => {
    const { kind, text } = next()
    if (kind === 'number') return { kind: 'literal', value: readNumber(text) }
    if (kind === 'string') return { kind: 'literal', value: text }
    if (kind === 'bracket' && text === '[') return postfix({ kind: 'array', items: list(']', whole) })
    if (kind === 'bracket' && text === '{') return postfix({ kind: 'map', pairs: list('}', pair) })
    if (kind !== 'name') {
      at -= 1
      return unexpected()
    }
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' }
    if (text === 'nil') return { kind: 'literal', value: null }
    if (!is('bracket', '(')) return postfix({ kind: 'name', name: text })
    return postfix(invocation(text, []))
  }
  /** What follows a function's name; a pipe gives it its first argument. */
  const invocation = (name: string, first: Node[]): Node => {
    if (!predicates.has(name)) {
      expect('bracket', '(')
      const values = [...first, ...list(')', whole, { mayTrail: false })]
      if (isBuiltin(name)) return { kind: 'builtin', name, arguments: values }
      return { kind: 'call', callee: { kind: 'name', name }, arguments: values }
    }
    expect('bracket', '(')
    const values = [...first]
    if (first.length === 0) {
      values.push(whole())
      expect('operator', ',')
    }
    values.push(predicate())
    if (name === 'reduce' && accept('operator', ',')) values.push(whole())
    expect('bracket', ')')
    return { kind: 'builtin', name, arguments: values }
  }
  const predicate = (): Node => {
    const isBraced = accept('bracket', '{')
    predicateDepth += 1
    const node = whole()
    predicateDepth -= 1
    if (isBraced) expect('bracket', '}')
    return node
  }
  const piped = (left: Node): Node => invocation(expect('name').text, [left])
  const list = <T>(end: string, item: () => T, { mayTrail = true } = {}): T[] => {
    const items: T[] = []
    while (!is('bracket', end)) {
      if (items.length > 0) {
        expect('operator', ',')
        if (mayTrail && is('bracket', end)) break
      }
      items.push(item())
    }
    expect('bracket', end)
    return items
  }
  const pair = (): { key: Node; value: Node } => {
    const isPlain = is('number') || is('string') || is('name')
    if (!isPlain && !is('bracket', '(')) fail(`a map cannot have the key ${current().text}`)
    const key: Node = isPlain ? { kind: 'literal', value: next().text } : whole()
    expect('operator', ':')
    return { key, value: whole() }
  }
  const postfix = (given: Node): Node => {
    let node = given
    for (;;) {
      if (is('operator', '.') || is('operator', '?.')) node = property(node, next().text === '?.')
      else if (accept('bracket', '[')) node = indexed(node)
      else return node
    }
  }
  const property = (given: Node, isOptional: boolean): Node => {
    const { kind, text } = next()
    if (kind !== 'name' && !(kind === 'operator' && /^\w+$/.test(text))) fail('expected name')
    const of = given.kind === 'chain' ? given.node : given
    const member: Node = { kind: 'member', of, key: { kind: 'literal', value: text }, isOptional }
    const node: Node = accept('bracket', '(')
      ? { kind: 'call', callee: member, arguments: list(')', whole, { mayTrail: false }) }
      : member
    return given.kind === 'chain' || isOptional ? { kind: 'chain', node } : node
  }
  const indexed = (of: Node): Node => {
    const from = is('operator', ':') ? undefined : whole()
    if (!accept('operator', ':')) {
      expect('bracket', ']')
      return { kind: 'member', of, key: from as Node, isOptional: false }
    }
    const to = is('bracket', ']') ? undefined : whole()
    expect('bracket', ']')
    return { kind: 'slice', of, from, to }
  }

  const root = whole()
  if (!is('end')) unexpected()
  return root
}
