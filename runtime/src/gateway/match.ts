import { AppError } from '@bookinfo/errors'
import type { HttpRoute } from '../manifest/kinds.ts'

/** Where a matching request goes. */
export type Backend = { route: string; service: string; port: number }

type Rule = Backend & { path: string; isExact: boolean; method: string | undefined }

/** Finds the backend of a request; `methods` lists what the path would take when only the method does not fit. */
export type Matcher = (method: string, path: string) => { backend: Backend } | { methods: string[] }

/** Gateway API matching: an exact path before a prefix, a longer prefix first, a named method before any; then the order given. */
export const createMatcher = (routes: readonly HttpRoute[]): Matcher => {
  const rules = routes.flatMap(rulesOf).sort(precedence)
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method
    const onPath = rules.filter((rule) => fits(rule, path))
    const found = onPath.find((rule) => rule.method === undefined || rule.method === asked)
    if (found !== undefined) return { backend: found }
    return { methods: [...new Set(onPath.flatMap((rule) => rule.method ?? []))] }
  }
}

const rulesOf = ({ name, spec, at }: HttpRoute): Rule[] =>
  (spec.rules ?? []).flatMap(({ matches = [{}], backendRefs = [] }, index) => {
    const [backend, ...more] = backendRefs
    if (backend === undefined || more.length > 0) {
      throw new AppError('invalid', `${at(['spec', 'rules', index])}: a rule needs exactly one backend here`)
    }
    return matches.map(({ path, method }) => ({
      route: name,
      service: backend.name,
      port: backend.port ?? 80,
      path: path?.value ?? '/',
      isExact: path?.type === 'Exact',
      method,
    }))
  })

const precedence = (a: Rule, b: Rule): number =>
  Number(b.isExact) - Number(a.isExact) ||
  b.path.length - a.path.length ||
  Number(b.method !== undefined) - Number(a.method !== undefined)

/** A prefix matches whole segments only: `/v1` is a prefix of `/v1/x`, not of `/v10`. */
const fits = ({ path, isExact }: Rule, asked: string): boolean => {
  if (isExact) return asked === path
  const prefix = path.endsWith('/') ? path.slice(0, -1) : path
  return asked === prefix || asked.startsWith(`${prefix}/`)
}
