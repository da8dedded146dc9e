"""Connects the sessions of this process with those of the others."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from chat.domain.accounts.events import AccountCreated
from chat.state.chat import Chat
from chat.ui.app_context import AppContext
from chat.web.identity import has_member, parse_identity
from chat.web.sessions import SEEN, SHARED, USER_PREFIX

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend

COOKIE_DELAY = 2.0  # seconds until a browser has the cookie of the session that replaces another


def share_sessions(engine: "Backend", context: AppContext) -> None:
    """Have the sessions in use, and the accounts they name, follow what other processes change."""
    engine.sessions.on_changed = partial(follow_session, context)
    engine.sessions.catch_up = partial(catch_up_accounts, engine, context.chat)
    engine.sessions.in_use = lambda: {f"{USER_PREFIX}{page.access.session_id}" for page in context.pages}


def follow_session(context: AppContext, name: str, values: Mapping[str, Any]) -> None:
    """Take over what another process has changed in a session, and show it in the member's pages."""
    context.sessions.refresh(name, values)
    identity = parse_identity(values.get("member"))
    members = values.keys() if name in SHARED else {identity.id} if identity else set()
    if name != SEEN:
        context.pages.apply_preferences(members)
    for member_id in members:
        context.chat.unread.check_member(member_id)
    end_pages_soon(context, name, values)


def save_session(engine: "Backend", context: AppContext, name: str, values: Mapping[str, Any]) -> None:
    """Store what this process has changed in a session."""
    engine.sessions.save(name, values)
    end_pages_soon(context, name, values)


def end_pages_soon(context: AppContext, name: str, values: Mapping[str, Any]) -> None:
    """End the pages of a session that has lost its member: the next page may be loaded from another process."""
    if name.startswith(USER_PREFIX) and not has_member(values):
        session_id = name.removeprefix(USER_PREFIX)
        asyncio.get_running_loop().call_later(COOKIE_DELAY, context.pages.end_signed_out, session_id)


async def catch_up_accounts(engine: "Backend", chat: Chat) -> None:
    """Learn of accounts that other processes have created."""
    if await engine.has_news_of_accounts():
        await chat.pipeline.finish(AccountCreated)
