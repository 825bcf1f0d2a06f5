--[[
  Keeps all leases of one worker for some more time, and says how much it may hold.

  KEYS[1] workers   zset   worker id -> end of its lease, ms
  KEYS[2] capacity  hash   worker id -> MB

  ARGV[1] worker id
  ARGV[2] capacity, MB
  ARGV[3] time until its leases run out, ms

  Returns:
    1  renewed
    0  the worker was not known: it is new, or its leases were freed
]]
local clock = redis.call('TIME')
local nowMs = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
local added = redis.call('ZADD', KEYS[1], nowMs + tonumber(ARGV[3]), ARGV[1])
return 1 - added
