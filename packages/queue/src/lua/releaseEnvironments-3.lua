--[[
  Ends leases. An environment that holds none is passed over.

  KEYS[1] granted       hash   worker id -> MB
  KEYS[2] counts        hash   function name -> environments; '*' -> all
  KEYS[3] environments  hash   environment id -> workerId:memoryMb:functionName

  ARGV[1] prefix of the key of a worker's set of environments
  ARGV[2 ..] environment ids

  Returns the number of leases that ended.
]]
local function lower(key, field, by)
  if redis.call('HINCRBY', key, field, -by) <= 0 then redis.call('HDEL', key, field) end
end

local released = 0
for index = 2, #ARGV do
  local lease = redis.call('HGET', KEYS[3], ARGV[index])
  if lease then
    local worker, memory, name = string.match(lease, '^([^:]+):(%d+):(.+)$')
    lower(KEYS[1], worker, tonumber(memory))
    lower(KEYS[2], name, 1)
    lower(KEYS[2], '*', 1)
    redis.call('HDEL', KEYS[3], ARGV[index])
    redis.call('SREM', ARGV[1] .. worker, ARGV[index])
    released = released + 1
  end
end
return released
