-- Store events, all or none, and tell all processes. Answer the status, the time by the engine's clock in milliseconds,
-- the number of the last event (or which command another process has carried out), and how many events are kept since
-- the snapshot.
local COMMANDS_KEPT, DAY = 20, 86400
local epoch, last, at, events, snapshot, once = unpack(KEYS)
local name, deadline, after, number, said_at, content, kept, told = unpack(ARGV, 2, 9)
local commands = #KEYS - 6
local lines = #ARGV - 9 - commands
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local found = redis.call('GET', epoch)
if not found then return {'empty', now, 0, 0} end
if found ~= ARGV[1] then return {'foreign', now, 0, 0} end
local before = tonumber(redis.call('HGET', last, name) or '0')
local done = tonumber(redis.call('GET', once) or '-1')
if done >= 0 then return {'done', now, done, redis.call('XLEN', events)} end
if now > tonumber(deadline) then return {'late', now, before, 0} end
for i = 1, commands do
  local message_id = string.match(ARGV[9 + i], '^%S+ ')
  for _, noted in ipairs(redis.call('LRANGE', KEYS[6 + i], 0, -1)) do
    if noted ~= ARGV[9 + i] and string.sub(noted, 1, #message_id) == message_id then return {'repeated', now, i, 0} end
  end
end
if after ~= '' and before ~= tonumber(after) then return {'other', now, before, 0} end

number = tonumber(number) or before + lines
if content ~= '' then
  -- First, because a full engine refuses what follows, unless a script has begun to write: deleting must go on there.
  if kept == '' then redis.call('DEL', events) else redis.call('XTRIM', events, 'MAXLEN', kept) end
  redis.call('HSET', snapshot, 'n', number, 'content', content)
end
for i = 1, lines do
  redis.call('XADD', events, (number - lines + i) .. '-0', 'e', ARGV[9 + commands + i])
end
if content == '' and kept ~= '' then redis.call('XTRIM', events, 'MAXLEN', '~', kept) end
redis.call('HSET', last, name, number)
if said_at ~= '' then redis.call('HSET', at, name, said_at) end
redis.call('SET', once, number, 'EX', 60)
for i = 1, commands do
  redis.call('LREM', KEYS[6 + i], 0, ARGV[9 + i])
  redis.call('LPUSH', KEYS[6 + i], ARGV[9 + i])
  redis.call('LTRIM', KEYS[6 + i], 0, COMMANDS_KEPT - 1)
  redis.call('EXPIRE', KEYS[6 + i], DAY)
end
redis.call('PUBLISH', told, table.concat({name, number, lines}, ' ') .. '\n' .. table.concat(ARGV, '\n', 10 + commands))
return {'done', now, number, redis.call('XLEN', events)}
