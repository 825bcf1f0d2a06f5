--[[
  Counts what a queue holds and writes into the work index when to look at it again. A queue that
  holds nothing leaves the index, and what BullMQ keeps of it is deleted.

  KEYS[1]  work           zset   queue name -> when to look at it, ms
  KEYS[2]  wait           list
  KEYS[3]  delayed        zset   job id -> due ms * 4096 + order
  KEYS[4]  active         list
  KEYS[5]  meta           KEYS[6] id       KEYS[7] events
  KEYS[8]  marker         KEYS[9] stalled  KEYS[10] stalled-check
  KEYS[11] added          hash   queue name -> jobs added since it was last empty

  ARGV[1] queue name
  ARGV[2] now, ms
  ARGV[3] ms after which a queue that only runs is looked at again

  Returns { waiting, delayed and due, delayed and not due, active, look again at ms or -1,
            finished since it was last empty }.
]]
local waiting = redis.call('LLEN', KEYS[2])
local active = redis.call('LLEN', KEYS[4])
local nowMs = tonumber(ARGV[2])
local due = redis.call('ZCOUNT', KEYS[3], '-inf', (nowMs + 1) * 4096 - 1)
local later = redis.call('ZCARD', KEYS[3]) - due

local added = tonumber(redis.call('HGET', KEYS[11], ARGV[1]) or '0')
local finished = math.max(0, added - waiting - due - later - active)

local lookMs = -1
if waiting + due > 0 then
  lookMs = nowMs
else
  if later > 0 then
    local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
    lookMs = math.floor(tonumber(first[2]) / 4096)
  end
  if active > 0 then
    local recheckMs = nowMs + tonumber(ARGV[3])
    if lookMs < 0 or recheckMs < lookMs then lookMs = recheckMs end
  end
end

if lookMs < 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[11], ARGV[1])
  redis.call('DEL', KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10])
else
  redis.call('ZADD', KEYS[1], lookMs, ARGV[1])
end
return { waiting, due, later, active, lookMs, finished }
