import type { Operand, Pipe } from './parse.ts'
import type { Token } from './tokens.ts'

type Setting = { scope: readonly string[]; variablesMax: number; isFunction(name: string): boolean }

/** Reads `$x := command | command …`. */
export const readPipe = (tokens: readonly Token[], setting: Setting): Pipe => {
  let at = 0
  const isSymbol = (text: string): boolean => {
    const token = tokens[at]
    return token?.kind === 'symbol' && token.text === text
  }

  const declared = (): Pick<Pipe, 'variables' | 'isAssignment'> => {
    const names: string[] = []
    for (let look = 0; ; look += 2) {
      const [name, after] = [tokens[look], tokens[look + 1]]
      if (name?.kind !== 'variable' || after?.kind !== 'symbol') break
      names.push(name.text)
      if (after.text === ',' && names.length < setting.variablesMax) continue
      if (after.text !== ':=' && after.text !== '=') break
      at = look + 2
      return { variables: names, isAssignment: after.text === '=' }
    }
    return { variables: [], isAssignment: false }
  }

  const pipeline = (closes: boolean): Operand[][] => {
    const commands: Operand[][] = []
    let command: Operand[] = []
    for (;;) {
      const isEnd = at >= tokens.length
      if (isEnd || isSymbol('|') || isSymbol(')')) {
        if (command.length === 0) throw new Error('missing value for command')
        commands.push(command)
        command = []
        if (isEnd || isSymbol(')')) {
          if (isEnd === closes) throw new Error(closes ? 'unclosed left paren' : 'unexpected right paren')
          at += 1
          return commands
        }
        at += 1
      } else command.push(operand())
    }
  }

  const operand = (): Operand => {
    const token = tokens[at++] as Token
    const one = start(token)
    for (let field = tokens[at]; field?.kind === 'field' && !field.spaced; field = tokens[at]) {
      if (one.kind === 'nil' || one.kind === 'constant') throw new Error('unexpected . after a constant')
      one.fields.push(field.text.slice(1))
      at += 1
    }
    return one
  }

  const start = (token: Token): Operand => {
    const fields: string[] = []
    switch (token.kind) {
      case 'number':
        return { kind: 'constant', value: token.value, fields }
      case 'string':
        return { kind: 'constant', value: token.text, fields }
      case 'field':
        return { kind: 'dot', fields: [token.text.slice(1)] }
      case 'variable':
        if (!setting.scope.includes(token.text)) throw new Error(`undefined variable "${token.text}"`)
        return { kind: 'variable', name: token.text, fields }
      case 'word':
        return word(token.text)
      default:
        if (token.text === '.') return { kind: 'dot', fields }
        if (token.text !== '(') throw new Error(`unexpected "${token.text}" in operand`)
        return { kind: 'pipe', pipe: { variables: [], isAssignment: false, commands: pipeline(true) }, fields }
    }
  }

  const word = (text: string): Operand => {
    if (text === 'nil') return { kind: 'nil', fields: [] }
    if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true', fields: [] }
    if (!setting.isFunction(text)) throw new Error(`function "${text}" not defined`)
    return { kind: 'function', name: text, fields: [] }
  }

  const head = declared()
  if (head.isAssignment && head.variables.some((name) => !setting.scope.includes(name)))
    throw new Error(`undefined variable "${head.variables[0]}"`)
  return { ...head, commands: pipeline(false) }
}
