"""The commands that store sessions."""

from chat.storage.redis.sessions.session_files import parsed
from chat.storage.session_lifetime import session_lifetime


def keep_for(account: str, content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that stores data of an account, or removes it if empty."""
    return ["HSET", key, account, content] if content else ["HDEL", key, account]


def keep(content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that stores a session for its lifetime, or removes it if empty."""
    if not content:
        return ["DEL", key]
    return ["SET", key, content, "EX", int(session_lifetime(parsed(content)).total_seconds())]
