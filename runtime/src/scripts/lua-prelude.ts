/** Makes Lua 5.3 look like the 5.1 that Argo runs, and leaves libraries that would reach outside as names without effect. */
export const luaPrelude = `
local function closed(name)
  return function() error(name .. ' is not available to scripts', 2) end
end
unpack, table.pack, table.unpack, table.move = table.unpack, nil, nil, nil
table.getn = function(t) return #t end
table.maxn = function(t)
  local most = 0
  for key in pairs(t) do if type(key) == 'number' and key > most then most = key end end
  return most
end
loadstring = function(text, name) return load(text, name, 't') end
math.pow = function(x, y) return x ^ y end
math.mod = math.fmod
math.log10 = function(x) return math.log(x, 10) end
math.tointeger, math.type, math.ult, math.maxinteger, math.mininteger = nil, nil, nil, nil, nil
string.gfind = string.gmatch
string.dump, string.pack, string.unpack, string.packsize = nil, nil, nil, nil
load, dofile, loadfile, print = nil, closed('dofile'), closed('loadfile'), function() end
require, module = closed('require'), closed('module')
io, os, debug = {}, {}, {}
for _, name in ipairs({ 'open', 'close', 'lines', 'read', 'write', 'popen', 'tmpfile', 'input', 'output' }) do
  io[name] = closed('io.' .. name)
end
for _, name in ipairs({ 'clock', 'date', 'difftime', 'execute', 'exit', 'getenv', 'remove', 'rename', 'time', 'tmpname' }) do
  os[name] = closed('os.' .. name)
end
`
