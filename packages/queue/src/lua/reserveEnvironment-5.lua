--[[
  Leases memory on the first of some workers that has room for it, for one new environment, if the
  limits of its function and of the account allow one more.

  KEYS[1] workers       zset   worker id -> end of its lease, ms
  KEYS[2] capacity      hash   worker id -> MB
  KEYS[3] granted       hash   worker id -> MB
  KEYS[4] counts        hash   function name -> environments; '*' -> all
  KEYS[5] environments  hash   environment id -> workerId:memoryMb:functionName

  ARGV[1] environment id
  ARGV[2] function name
  ARGV[3] memory, MB
  ARGV[4] the function's limit; -1: it draws on the pool
  ARGV[5] the pool's limit: what the account has for functions without a limit of their own
  ARGV[6] prefix of the key of a worker's set of environments
  ARGV[7] number n of candidate workers, in order of preference
  ARGV[8 .. 7+n] their ids
  ARGV[8+n ..] names of the functions that have a limit of their own

  Returns { code, worker id or '' }:
    1  leased, or was leased to this environment before
   -1  the function is at its limit
   -2  the account is at its limit
   -3  candidates are alive, but none has room
   -4  no candidate is alive
]]
local known = redis.call('HGET', KEYS[5], ARGV[1])
if known then
  return { 1, string.match(known, '^([^:]+):') }
end

local function countOf(name)
  return tonumber(redis.call('HGET', KEYS[4], name) or '0')
end

local functionLimit = tonumber(ARGV[4])
local candidates = tonumber(ARGV[7])
if functionLimit >= 0 then
  if countOf(ARGV[2]) >= functionLimit then return { -1, '' } end
else
  local pool = countOf('*')
  for index = 8 + candidates, #ARGV do
    pool = pool - countOf(ARGV[index])
  end
  if pool >= tonumber(ARGV[5]) then return { -2, '' } end
end

local clock = redis.call('TIME')
local nowMs = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local memory = tonumber(ARGV[3])
local code = -4
for index = 8, 7 + candidates do
  local worker = ARGV[index]
  local expires = redis.call('ZSCORE', KEYS[1], worker)
  if expires and tonumber(expires) > nowMs then
    code = -3
    local capacity = tonumber(redis.call('HGET', KEYS[2], worker) or '0')
    local granted = tonumber(redis.call('HGET', KEYS[3], worker) or '0')
    if granted + memory <= capacity then
      redis.call('HINCRBY', KEYS[3], worker, memory)
      redis.call('HINCRBY', KEYS[4], ARGV[2], 1)
      redis.call('HINCRBY', KEYS[4], '*', 1)
      redis.call('HSET', KEYS[5], ARGV[1], worker .. ':' .. memory .. ':' .. ARGV[2])
      redis.call('SADD', ARGV[6] .. worker, ARGV[1])
      return { 1, worker }
    end
  end
end
return { code, '' }
