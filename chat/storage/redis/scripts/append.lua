-- Store events, all or none. Answer the status and the time by the engine's clock, in milliseconds.
local epoch, writer, last, at, events, snapshot, once = unpack(KEYS)
local room, deadline, after, number, said_at, content, kept = unpack(ARGV, 3, 9)
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local found = redis.call('GET', epoch)
if not found then return {'empty', now} end
if found ~= ARGV[1] or redis.call('GET', writer) ~= ARGV[2] then return {'replaced', now} end
if redis.call('EXISTS', once) == 1 then return {'done', now} end
if now > tonumber(deadline) then return {'late', now} end
local before = tonumber(redis.call('HGET', last, room) or '0')
if after ~= '' and before ~= tonumber(after) then return {'other', now} end

if content ~= '' then
  -- First, because a full engine refuses what follows, unless a script has begun to write: deleting must go on there.
  redis.call('DEL', events)
  redis.call('HSET', snapshot, 'n', number, 'content', content)
else
  number = before + #ARGV - 9
  for i = 10, #ARGV do
    redis.call('XADD', events, (before + i - 9) .. '-0', 'e', ARGV[i])
  end
  if kept ~= '' then redis.call('XTRIM', events, 'MAXLEN', '~', kept) end
end
redis.call('HSET', last, room, number)
if said_at ~= '' then redis.call('HSET', at, room, said_at) end
redis.call('SET', once, number, 'EX', 60)
return {'done', now}
