import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

type Problem = { keyword: string; instancePath: string; params: Record<string, unknown>; schemaPath: string }

export type Validator<Schema extends TSchema> = {
  /** Whether the value fits, at full speed. */
  check(value: unknown): value is Static<Schema>
  /** What is wrong, one readable sentence a problem; empty when the value fits. At most `problemsMax`. */
  problems(value: unknown): string[]
}

const problemsMax = 20

/** Compiles a schema once. Problems name fields by the `title` of their schema, or by their path. */
export const validator = <Schema extends TSchema>(schema: Schema): Validator<Schema> => {
  const compiled = Compile(schema)
  return {
    check: (value): value is Static<Schema> => compiled.Check(value),
    problems: (value) => {
      if (compiled.Check(value)) return []
      const problems = compiled.Errors(value) as unknown as Problem[]
      const sentences = problems.flatMap((problem) => describe(schema as JsonSchema, value, problem))
      return [...new Set(sentences)].slice(0, problemsMax)
    },
  }
}

type JsonSchema = {
  title?: string
  type?: string
  minimum?: number
  maximum?: number
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
}

const describe = (schema: JsonSchema, value: unknown, problem: Problem): string[] => {
  const path = problem.instancePath.split('/').slice(1)
  const { params } = problem
  if (problem.keyword === 'required') {
    const parent = schemaAt(schema, path)
    return (params.requiredProperties as string[]).map(
      (name) => `${parent?.properties?.[name]?.title ?? name} is required`,
    )
  }
  const own = schemaAt(schema, path)
  const name = own?.title ?? (path.join('.') || 'body')
  return [`${name} ${requirement(own, valueAt(value, path), problem)}`]
}

const requirement = (schema: JsonSchema | undefined, value: unknown, { keyword, params }: Problem): string => {
  switch (keyword) {
    case 'type':
      return value === null || value === undefined ? 'is required' : `must be ${article(String(params.type))}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return range(schema, value, params)
    case 'minLength':
      return 'is required'
    case 'pattern':
      return params.pattern === '\\S' || params.pattern === undefined ? 'is required' : 'has the wrong form'
    case 'maxLength':
      return `must have at most ${params.limit} characters`
    case 'maxItems':
      return `must have at most ${params.limit} entries`
    case 'minItems':
      return `must have at least ${params.limit} entries`
    case 'not':
      return 'holds a character that cannot be stored'
    case 'anyOf':
    case 'enum':
    case 'const':
      return `must be one of ${choices(schema)}, got ${shown(value)}`
    case 'format':
      return `must be a valid ${params.format}`
    default:
      return 'is not valid'
  }
}

const range = (schema: JsonSchema | undefined, value: unknown, params: Record<string, unknown>): string =>
  schema?.minimum !== undefined && schema.maximum !== undefined
    ? `must be between ${schema.minimum} and ${schema.maximum}, got ${shown(value)}`
    : `must be ${params.comparison} ${params.limit}, got ${shown(value)}`

const choices = (schema: JsonSchema | undefined): string => {
  const options = schema?.enum ?? schema?.anyOf?.map((option) => option.const) ?? [schema?.const]
  return options.filter((option) => option !== undefined).join(', ')
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const article = (type: string): string => (/^[aio]/.test(type) ? `an ${type}` : `a ${type}`)

const schemaAt = (schema: JsonSchema | undefined, path: string[]): JsonSchema | undefined =>
  path.reduce<JsonSchema | undefined>((found, step) => found?.properties?.[step] ?? found?.items, schema)

const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>((found, step) => (found as Record<string, unknown> | undefined)?.[step], value)
