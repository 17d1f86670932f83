import { AppError } from '@bookinfo/errors'
import { type LuaApi, type LuaEngine, type LuaState, loadLuaEngine } from './lua-engine.ts'
import { luaPrelude } from './lua-prelude.ts'

/** Runs the script with the data of an event as its global `event`; gives back the last value that it returns. */
export type LuaScript = (data: Record<string, unknown>) => unknown

const stepsMax = 500_000
const stepsPerCheck = 1_000
const depthMax = 200
const partsMax = 100_000
const countMask = 8
const type = { nil: 0, boolean: 1, number: 3, string: 4, table: 5 } as const

let engine: LuaEngine | undefined

/**
 * Compiles a Lua script; throws `invalid` for a mistake in it, as the script does when it fails. It is given the event and nothing
 * else: no files, no network, no globals of another run, and no more than a bounded number of steps, time and memory.
 */
export const compileLua = (text: string): LuaScript => {
  engine ??= loadLuaEngine()
  const { api, bounded } = engine
  const open = () => attempt(() => bounded(() => openScript(engine as LuaEngine, text)))
  let script: OpenScript | undefined = open()
  return (data) => {
    const { state, resetSteps } = (script ??= open())
    try {
      return attempt(() =>
        bounded(() => {
          resetSteps()
          call(api, state, data)
          return api.lua_gettop(state) === 1 ? null : readResult(api, state)
        }),
      )
    } catch (error) {
      script = undefined
      throw error
    }
  }
}

type OpenScript = { state: LuaState; resetSteps(): void }

/** A state whose only stack entry is the compiled script. */
const openScript = ({ api, openLibraries }: LuaEngine, text: string): OpenScript => {
  const state = api.luaL_newstate()
  const resetSteps = limitSteps(api, state)
  openLibraries(state)
  loadScript(api, state, luaPrelude)
  run(api, state)
  api.lua_settop(state, 0)
  loadScript(api, state, text)
  return { state, resetSteps }
}

/** Runs the script with globals of its own, behind which the libraries stand. */
const call = (api: LuaApi, state: LuaState, data: Record<string, unknown>): void => {
  const name = (text: string) => api.to_luastring(text)
  api.lua_settop(state, 1)
  api.lua_pushvalue(state, 1)
  api.lua_createtable(state, 0, 0)
  api.lua_pushvalue(state, -1)
  api.lua_setfield(state, -2, name('_G'))
  pushTable(api, state, data)
  api.lua_setfield(state, -2, name('event'))
  api.lua_createtable(state, 0, 0)
  api.lua_getglobal(state, name('_G'))
  api.lua_setfield(state, -2, name('__index'))
  api.lua_setmetatable(state, -2)
  api.lua_setupvalue(state, -2, 1)
  run(api, state)
}

const attempt = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    // What the engine throws comes from another context, where it is no `Error` of ours.
    const { code, message = String(error) } = error as { code?: string; message?: string }
    const text = code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'it takes too long' : message
    throw new AppError('invalid', `script: ${text}`)
  }
}

/** A script that catches the error is stopped at its very next step. */
const limitSteps = (api: LuaApi, state: LuaState): (() => void) => {
  let steps = 0
  const hook = (running: LuaState) => {
    steps += stepsPerCheck
    if (steps < stepsMax) return
    api.lua_sethook(running, hook, countMask, 1)
    api.luaL_error(running, api.to_luastring(`the script takes more than ${stepsMax} steps`))
  }
  api.lua_sethook(state, hook, countMask, stepsPerCheck)
  return () => {
    steps = 0
  }
}

const loadScript = (api: LuaApi, state: LuaState, text: string): void => {
  if (api.luaL_loadstring(state, api.to_luastring(text)) !== 0) throw new Error(errorText(api, state))
}

const run = (api: LuaApi, state: LuaState): void => {
  if (api.lua_pcall(state, 0, -1, 0) !== 0) throw new Error(errorText(api, state))
}

const errorText = (api: LuaApi, state: LuaState): string => {
  const kind = api.lua_type(state, -1)
  return kind === type.string || kind === type.number ? api.lua_tojsstring(state, -1) : 'the script failed'
}

/** Leaves a table with what Argo's gives to Lua: nulls vanish, and so do arrays directly inside arrays. */
const pushTable = (api: LuaApi, state: LuaState, members: Record<string, unknown>): void => {
  api.lua_checkstack(state, 4)
  api.lua_createtable(state, 0, 0)
  for (const [name, value] of Object.entries(members)) {
    if (value === null) continue
    api.lua_pushstring(state, name)
    if (Array.isArray(value)) pushArray(api, state, value)
    else pushValue(api, state, value)
    api.lua_rawset(state, -3)
  }
}

const pushArray = (api: LuaApi, state: LuaState, all: unknown[]): void => {
  api.lua_createtable(state, 0, 0)
  const kept = all.filter((value) => value !== null && !Array.isArray(value))
  for (const [index, value] of kept.entries()) {
    pushValue(api, state, value)
    api.lua_rawseti(state, -2, index + 1)
  }
}

const pushValue = (api: LuaApi, state: LuaState, value: unknown): void => {
  if (typeof value === 'string') api.lua_pushstring(state, value)
  else if (typeof value === 'number') api.lua_pushnumber(state, value)
  else if (typeof value === 'boolean') api.lua_pushboolean(state, value)
  else pushTable(api, state, value as Record<string, unknown>)
}

/** The value on top of the stack. A table may hold another one many times over: what is read in all is bounded. */
const readResult = (api: LuaApi, state: LuaState): unknown => {
  let parts = 0
  const readValue = (depth: number): unknown => {
    if ((parts += 1) > partsMax) throw new Error(`the script returns more than ${partsMax} values`)
    switch (api.lua_type(state, -1)) {
      case type.nil:
        return null
      case type.boolean:
        return api.lua_toboolean(state, -1)
      case type.number:
        return api.lua_tonumber(state, -1)
      case type.string:
        return api.lua_tojsstring(state, -1)
      case type.table:
        if (depth > depthMax) throw new Error(`tables inside each other more than ${depthMax} times`)
        api.lua_checkstack(state, 4)
        return readTable(depth)
      default:
        throw new Error('a function is no data')
    }
  }
  /** A table with a positive index is an array as long as its largest one; any other is an object. */
  const readTable = (depth: number): unknown => {
    const members: [string, unknown][] = []
    const entries: [number, unknown][] = []
    let length = 0
    api.lua_pushnil(state)
    while (api.lua_next(state, -2) !== 0) {
      const value = readValue(depth + 1)
      const index = api.lua_type(state, -2) === type.number ? api.lua_tonumber(state, -2) : 0
      if (Number.isInteger(index) && index > 0) {
        entries.push([index, value])
        length = Math.max(length, index)
      } else members.push([keyText(api, state), value])
      api.lua_settop(state, -2)
    }
    if (length > partsMax) throw new Error(`an array has more than ${partsMax} entries`)
    if (length === 0) return members.length === 0 && isMarkedArray(api, state) ? [] : Object.fromEntries(members)
    const all = Array.from<unknown>({ length }).fill(null)
    for (const [index, value] of entries) all[index - 1] = value
    return all
  }
  return readValue(0)
}

/** The text of the key below the value on top. */
const keyText = (api: LuaApi, state: LuaState): string => {
  switch (api.lua_type(state, -2)) {
    case type.string:
      return api.lua_tojsstring(state, -2)
    case type.number:
      return String(api.lua_tonumber(state, -2))
    case type.boolean:
      return String(api.lua_toboolean(state, -2))
    default:
      throw new Error('a table is no key')
  }
}

const isMarkedArray = (api: LuaApi, state: LuaState): boolean => {
  if (api.luaL_getmetafield(state, -1, api.to_luastring('__is_array')) === type.nil) return false
  const isMarked = api.lua_toboolean(state, -1)
  api.lua_settop(state, -2)
  return isMarked
}
