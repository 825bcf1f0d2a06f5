--[[
  Frees all leases of workers: of one that is named, or of those that were silent for too long.

  KEYS[1] workers       zset   worker id -> end of its lease, ms
  KEYS[2] capacity      hash   worker id -> MB
  KEYS[3] granted       hash   worker id -> MB
  KEYS[4] counts        hash   function name -> environments; '*' -> all
  KEYS[5] environments  hash   environment id -> workerId:memoryMb:functionName

  ARGV[1] prefix of the key of a worker's set of environments
  ARGV[2] most workers to free
  ARGV[3] worker id; '': those whose lease ran out

  Returns { { worker id, environment id, ... }, ... } of the workers that are gone.
]]
local function lower(key, field, by)
  if redis.call('HINCRBY', key, field, -by) <= 0 then redis.call('HDEL', key, field) end
end

local gone = { ARGV[3] }
if ARGV[3] == '' then
  local clock = redis.call('TIME')
  local nowMs = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  gone = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', nowMs, 'LIMIT', 0, ARGV[2])
end

local freed = {}
for _, worker in ipairs(gone) do
  local setKey = ARGV[1] .. worker
  local held = redis.call('SMEMBERS', setKey)
  for _, environment in ipairs(held) do
    local lease = redis.call('HGET', KEYS[5], environment)
    if lease then
      local name = string.match(lease, '^[^:]+:%d+:(.+)$')
      lower(KEYS[4], name, 1)
      lower(KEYS[4], '*', 1)
      redis.call('HDEL', KEYS[5], environment)
    end
  end
  redis.call('DEL', setKey)
  redis.call('HDEL', KEYS[2], worker)
  redis.call('HDEL', KEYS[3], worker)
  redis.call('ZREM', KEYS[1], worker)
  table.insert(held, 1, worker)
  table.insert(freed, held)
end
return freed
