import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Context, compileFunction, createContext, Script } from 'node:vm'
import { shortFloat } from '../values/template/print.ts'

// The parts of Lua's C API, as the engine names them, that scripts are run with. A state is opaque.
export type LuaState = { readonly brand: 'lua state' }
export type LuaApi = {
  luaL_newstate(): LuaState
  luaL_loadstring(state: LuaState, text: Uint8Array): number
  luaL_requiref(state: LuaState, name: Uint8Array, open: unknown, isGlobal: number): void
  lua_pcall(state: LuaState, args: number, results: number, handler: number): number
  lua_sethook(state: LuaState, hook: (state: LuaState) => void, mask: number, count: number): void
  luaL_error(state: LuaState, text: Uint8Array): never
  lua_gettop(state: LuaState): number
  lua_settop(state: LuaState, top: number): void
  lua_type(state: LuaState, index: number): number
  lua_toboolean(state: LuaState, index: number): boolean
  lua_tonumber(state: LuaState, index: number): number
  lua_tojsstring(state: LuaState, index: number): string
  lua_pushnil(state: LuaState): void
  lua_pushboolean(state: LuaState, value: boolean): void
  lua_pushnumber(state: LuaState, value: number): void
  lua_pushstring(state: LuaState, text: string): void
  lua_createtable(state: LuaState, entries: number, members: number): void
  lua_rawset(state: LuaState, index: number): void
  lua_rawseti(state: LuaState, index: number, position: number): void
  lua_next(state: LuaState, index: number): number
  lua_pushvalue(state: LuaState, index: number): void
  lua_getglobal(state: LuaState, name: Uint8Array): number
  lua_setfield(state: LuaState, index: number, name: Uint8Array): void
  lua_setmetatable(state: LuaState, index: number): number
  lua_setupvalue(state: LuaState, index: number, position: number): Uint8Array | null
  lua_checkstack(state: LuaState, count: number): boolean
  luaL_getmetafield(state: LuaState, index: number, name: Uint8Array): number
  to_luastring(text: string): Uint8Array
}

export type LuaEngine = {
  api: LuaApi
  /** Opens the libraries that reach nothing outside the script. */
  openLibraries(state: LuaState): void
  /** Runs work that uses the engine; ends it, whatever it does, when its time or memory is used up. */
  bounded<T>(work: () => T): T
}

const timeMaxMs = 5_000
const memoryMaxBytes = 64 * 2 ** 20

/** The engine's files are loaded into a context of their own that has no `process` and no `require`: a script has nothing to reach out with. */
export const loadLuaEngine = (): LuaEngine => {
  const context = createContext({ memoryMaxBytes, used: 0 })
  new Script(guardMemory).runInContext(context)
  const load = createLoader(context)
  const definitions = load('defs.js')
  const configuration = load('luaconf.js')
  configuration.lua_number2str = luaNumberText
  configuration.LUA_COMPAT_FLOATSTRING = true
  const api: LuaApi = { ...load('lua.js'), ...load('lauxlib.js'), ...definitions } as never
  makeNumbersFloats(load('lobject.js'))
  const libraries = [
    ['_G', load('lbaselib.js').luaopen_base],
    ['coroutine', load('lcorolib.js').luaopen_coroutine],
    ['table', load('ltablib.js').luaopen_table],
    ['string', load('lstrlib.js').luaopen_string],
    ['math', load('lmathlib.js').luaopen_math],
  ] as const
  const runner = new Script('work()')
  return {
    api,
    openLibraries: (state) => {
      for (const [name, open] of libraries) {
        api.luaL_requiref(state, api.to_luastring(name), open, 1)
        api.lua_settop(state, 0)
      }
    },
    bounded: (work) => {
      context.used = 0
      context.work = work
      try {
        return runner.runInContext(context, { timeout: timeMaxMs })
      } finally {
        context.work = undefined
      }
    },
  }
}

/** Text and buffers of the engine are all of this kind; what a script may take of them in total is bounded. */
const guardMemory = `
  globalThis.Uint8Array = class Uint8Array extends globalThis.Uint8Array {
    constructor(...given) {
      const size = typeof given[0] === 'number' ? given[0] : Array.isArray(given[0]) ? given[0].length : 0
      if ((used += size) > memoryMaxBytes) throw new Error('the script takes more than ' + memoryMaxBytes + ' bytes')
      super(...given)
    }
  }`

type Module = Record<string, unknown>

const createLoader = (context: Context) => {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('fengari/src/lua.js'))
  const modules = new Map<string, { exports: Module }>()
  const load = (name: string): Module => {
    const known = modules.get(name)
    if (known) return known.exports
    const file = name === 'sprintf-js' ? require.resolve('sprintf-js', { paths: [folder] }) : join(folder, name)
    const run = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require', 'process'], {
      parsingContext: context,
      filename: file,
    })
    const module = { exports: {} }
    modules.set(name, module)
    run(
      module,
      module.exports,
      (wanted: string) => (wanted === 'os' ? noSystem : load(wanted.replace('./', ''))),
      settings(name),
    )
    return module.exports
  }
  return load
}

const noSystem = { platform: () => 'none' }

/** Only the file with the engine's settings asks for the environment at once. */
const settings = (name: string) => (name === 'luaconf.js' ? { env: {} } : undefined)

/** Argo's Lua is 5.1: every number is a float and whole ones print without a fraction. The engine's 5.3 would make 32-bit integers of some. */
const makeNumbersFloats = (objects: Module): void => {
  type Target = { ttisinteger(): boolean; setfltvalue(value: number): void; value: number }
  const read = objects.luaO_str2num as (text: Uint8Array, target: Target) => number
  objects.luaO_str2num = (text: Uint8Array, target: Target) => {
    const length = read(text, target)
    if (length !== 0 && target.ttisinteger()) target.setfltvalue(target.value)
    return length
  }
}

const luaNumberText = (number: number): string =>
  Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? String(BigInt(number)) : shortFloat(number)
