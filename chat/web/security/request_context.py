"""Data that the chat attaches to a request while it is being answered."""

from dataclasses import dataclass

from starlette.types import Scope

_KEY = "chat.request_context"


@dataclass(slots=True)
class RequestContext:
    """The security layer fills in hosts, public URL and nonce; a page the rest, to show before scripts run.

    `is_outside_root` is true for a path above the root path, from which no proxy has removed that.
    """

    hosts: frozenset[str] = frozenset()
    public_url: str = ""
    is_outside_root: bool = False
    nonce: str = ""
    direction: str = "ltr"
    splash: str = ""
    notices: str = ""


def request_context(scope: Scope) -> RequestContext:
    """Return the context of a request; an empty one for requests that didn't pass the security layer."""
    context: RequestContext = scope.setdefault(_KEY, RequestContext())
    return context


def drop_request_context(scope: Scope) -> None:
    """Free the context of an answered request; an open page keeps its scope for as long as it lives."""
    scope.pop(_KEY, None)
