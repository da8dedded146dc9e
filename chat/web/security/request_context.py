"""Data that the chat attaches to a request while it is being answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from starlette.types import ASGIApp, Scope

from chat.i18n.translator import Translator

_KEY = "chat.request_context"


class ProblemPage(Protocol):
    """Renders refusals and failures for people; see chat/ui/pages/problem.py."""

    def chosen_language(self, scope: Scope) -> str | None: ...

    def render(self, scope: Scope, tr: Translator, problem: str) -> str: ...


@dataclass(slots=True)
class RequestContext:
    """The security layer fills in hosts, public URL and nonce; a page the rest, to show before scripts run.

    `is_outside_root` is true for a path above the root path, from which no proxy has removed that. `pages` answers
    requests for pages that a WebSocket needs. `record` returns what a page sends to be built again. `problem_page` is
    for browsers.
    """

    hosts: frozenset[str] = frozenset()
    public_url: str = ""
    is_outside_root: bool = False
    nonce: str = ""
    direction: str = "ltr"
    splash: str = ""
    notices: str = ""
    record: Callable[[], str] = str
    pages: ASGIApp | None = None
    problem_page: ProblemPage | None = None


def request_context(scope: Scope) -> RequestContext:
    """Return the context of a request; an empty one for requests that didn't pass the security layer."""
    context: RequestContext = scope.setdefault(_KEY, RequestContext())
    return context


def replace_request_context(scope: Scope, **changes: Any) -> Scope:
    """Return the scope with a context of its own, like the one before but for the changes."""
    return {**scope, _KEY: replace(request_context(scope), **changes)}


def drop_request_context(scope: Scope) -> None:
    """Free the context of an answered request; an open page keeps its scope for as long as it lives."""
    scope.pop(_KEY, None)
