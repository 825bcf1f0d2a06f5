--[[
  Makes one router the one that dispatches, for some time, unless another one is.

  KEYS[1] term  string  id of the router that dispatches; expires with its term

  ARGV[1] router id
  ARGV[2] length of the term from now, ms; 0 ends a term that is this router's

  Returns:
    1  this router dispatches until its term ends
    0  it does not
]]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) <= 0 then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
