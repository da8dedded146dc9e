-- Find out whether events could be stored. Answer as for an append.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = redis.call('GET', KEYS[1])
if not found then return {'empty', now} end
if found ~= ARGV[1] or redis.call('GET', KEYS[2]) ~= ARGV[2] then return {'replaced', now} end
redis.call('SET', KEYS[3], now)
return {'done', now}
