import { ErrorReply, type Route, type ServiceDefinition } from '@bookinfo/contract'

const meanings: Record<number, string> = {
  200: 'Done',
  201: 'Stored',
  204: 'Done',
  303: 'Go there',
  422: 'What was given is not valid',
  502: 'A service did not answer',
}
const commonFailures: Record<number, string> = { 400: 'What was given is not valid', 500: 'An internal error' }

/** The OpenAPI 3.1 document of a service. */
export const openApi = ({ name, version, summary, routes }: ServiceDefinition): object => ({
  openapi: '3.1.0',
  info: { title: name, version, summary, license: { name: 'MIT', identifier: 'MIT' } },
  servers: [{ url: 'http://localhost:8080' }],
  tags: [{ name }],
  paths: Object.fromEntries(
    [...Map.groupBy(Object.entries(routes), ([, route]) => route.path.replace(/:(\w+)/g, '{$1}'))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, group]) => [
        path,
        Object.fromEntries(group.map(([id, route]) => [route.method.toLowerCase(), operation(name, id, route)])),
      ]),
  ),
  components: {
    schemas: { Error: ErrorReply },
    securitySchemes: { operator: { type: 'http', scheme: 'bearer', description: "The operator's token" } },
  },
})

const operation = (service: string, id: string, route: Route): object => {
  const parameters = [...describeParameters('path', route.params), ...describeParameters('query', route.query)]
  const body = route.body as { bodyOptional?: boolean } | undefined
  const failures = {
    ...commonFailures,
    ...(route.operatorOnly && { 401: 'The operator token is missing' }),
    ...route.failures,
  }
  return {
    operationId: `${service}_${id}`,
    summary: route.summary,
    tags: [service],
    ...(route.operatorOnly && { security: [{ operator: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: !body.bodyOptional, content: { [mediaOf(route)]: { schema: body } } } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.reply).map(([status, schema]) => [status, success(Number(status), schema)]),
      ),
      ...Object.fromEntries(
        Object.entries(failures).map(([status, description]) => [
          status,
          { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
        ]),
      ),
    },
  }
}

const mediaOf = ({ takesForms }: Route): string =>
  takesForms ? 'application/x-www-form-urlencoded' : 'application/json'

type ObjectSchema = { properties?: Record<string, object>; required?: string[] }

const describeParameters = (place: 'path' | 'query', schema: unknown): object[] => {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }))
}

const success = (status: number, schema: unknown): object => {
  const media = (schema as { contentMediaType?: string } | null)?.contentMediaType ?? 'application/json'
  return { description: meanings[status] ?? 'Done', ...(schema ? { content: { [media]: { schema } } } : {}) }
}
