"""Connects the sessions of this process with those of the others."""

from functools import partial
from typing import TYPE_CHECKING

from chat.domain.accounts.events import AccountCreated
from chat.state.chat import Chat
from chat.web.sessions import Sessions

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend


def share_sessions(engine: "Backend", sessions: Sessions, chat: Chat) -> None:
    """Have the sessions in use, and the accounts they name, follow what other processes change."""
    engine.sessions.on_changed = sessions.refresh
    engine.sessions.catch_up = partial(catch_up_accounts, engine, chat)


async def catch_up_accounts(engine: "Backend", chat: Chat) -> None:
    """Learn of accounts that other processes have created."""
    if await engine.has_news_of_accounts():
        await chat.pipeline.finish(AccountCreated)
