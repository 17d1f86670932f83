/** What binds names: `$x`, `[a, b]` or `{key: pattern}`. */
export type Binding =
  | { kind: 'variable'; name: string }
  | { kind: 'array'; all: Binding[] }
  | { kind: 'object'; members: { key: Node; variable?: string; inner?: Binding }[] }

export type Definition = { name: string; parameters: string[]; body: Node }

/** The tree of a jq program. */
export type Node =
  | { kind: 'identity' }
  | { kind: 'recurse' }
  | { kind: 'literal'; value: null | boolean | number | bigint | string }
  | { kind: 'text'; format: string; parts: (string | Node)[] }
  | { kind: 'format'; name: string }
  | { kind: 'index'; of: Node; by: Node }
  | { kind: 'slice'; of: Node; from?: Node; to?: Node }
  | { kind: 'each'; of: Node }
  | { kind: 'array'; all?: Node }
  | { kind: 'object'; members: { key: Node; value: Node }[] }
  | { kind: 'negative'; of: Node }
  | { kind: 'pipe'; left: Node; right: Node }
  | { kind: 'comma'; left: Node; right: Node }
  | { kind: 'binary'; operator: string; left: Node; right: Node }
  | { kind: 'assign'; operator: string; left: Node; right: Node }
  | { kind: 'and' | 'or' | 'alternative'; left: Node; right: Node }
  | { kind: 'if'; condition: Node; yes: Node; no?: Node }
  | { kind: 'try'; body: Node; handler?: Node }
  | { kind: 'reduce'; source: Node; binding: Binding; start: Node; update: Node }
  | { kind: 'foreach'; source: Node; binding: Binding; start: Node; update: Node; extract?: Node }
  | { kind: 'define'; definition: Definition; body: Node }
  | { kind: 'as'; source: Node; bindings: Binding[]; body: Node }
  | { kind: 'label'; name: string; body: Node }
  | { kind: 'break'; name: string }
  | { kind: 'variable'; name: string }
  | { kind: 'call'; name: string; args: Node[] }
