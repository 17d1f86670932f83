export {
  defineEvent,
  defineRoute,
  defineService,
  type EventDefinition,
  type Method,
  type Route,
  type ServiceDefinition,
} from './define.ts'
export { parseJson } from './json.ts'
export { ErrorReply, Id, IdempotencyKeyField, OptionalText, pageQuery, Text, Timestamp } from './schemas.ts'
export { type Validator, validator } from './validate.ts'
export {
  type CommandNode,
  defineTopology,
  type FieldSource,
  path,
  raw,
  type ReactionNode,
  type ServiceNode,
  type Topology,
} from './topology.ts'
