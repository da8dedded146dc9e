"""Checks `CHAT_REDIS_URL` without importing redis-py."""

from urllib.parse import urlsplit

_EXAMPLE = "such as redis://localhost:6379, rediss://user:password@host or unix:///run/redis.sock"


def check_url(url: str) -> str:
    """Return the URL; raises `ValueError`, whose text doesn't contain it: there is a password in it."""
    try:
        found = urlsplit(url)
        is_port, database = found.port != 0, found.path.removeprefix("/")
    except ValueError:
        is_port, database = False, ""
    else:
        if found.scheme == "unix" and database and not found.hostname:
            return url
        if found.scheme in {"redis", "rediss"} and found.hostname and is_port and (database.isdigit() or not database):
            return url
    raise ValueError(f"this is no URL of a Redis or Valkey server, {_EXAMPLE}")
