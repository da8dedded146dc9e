-- Find out whether events could be stored. Answer as for an append.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = redis.call('GET', KEYS[1])
if not found then return {'empty', now, 0, 0} end
if found ~= ARGV[1] then return {'foreign', now, 0, 0} end
redis.call('SET', KEYS[2], now)
return {'done', now, 0, 0}
