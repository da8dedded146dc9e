-- Store a snapshot in an engine that is being filled, unless another process had more. Answer whether it is stored.
local epoch, last, at, events, snapshot = unpack(KEYS)
local name, number, content, said_at = unpack(ARGV)
if redis.call('EXISTS', epoch) == 1 then return 0 end
if tonumber(redis.call('HGET', last, name) or '-1') >= tonumber(number) then return 0 end
redis.call('DEL', events)
redis.call('HSET', snapshot, 'n', number, 'content', content)
redis.call('HSET', last, name, number)
if said_at ~= '' then redis.call('HSET', at, name, said_at) end
return 1
