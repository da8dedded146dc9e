"""Chats that are closed with the test."""

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chat.domain.accounts.account import Account
from chat.domain.events import Event
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from chat.storage.stores import Stores
from tests.unit.state.support import ANN, BOB, GOOD, AccountChat, MonotonicClock, build_chat, record


@pytest.fixture
async def make_chat() -> AsyncIterator[Callable[..., Chat]]:
    """Build chats with Ann and Bob in them, by default in memory."""
    chats: list[Chat] = []

    def make(stores: Stores | None = None, *, members: tuple[Member, ...] = (ANN, BOB), **options: Any) -> Chat:
        chats.append(build_chat(stores or memory_stores(), *members, **options))
        return chats[-1]

    yield make
    for chat in chats:
        await chat.close()


@pytest.fixture
def make_disk_chat(make_chat: Callable[..., Chat], tmp_path: Path) -> Callable[..., Chat]:
    """Build chats on the same files, one after the other."""

    def make(*, limit: int = 100, **options: Any) -> Chat:
        return make_chat(json_stores(tmp_path, limit), **options)

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MonotonicClock:
    """The monotonic clock of the whole process."""
    clock = MonotonicClock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    return clock


@pytest.fixture
def chat(make_chat: Callable[..., Chat]) -> Chat:
    """A chat in memory, with Ann and Bob in it."""
    return make_chat()


@pytest.fixture
def disk_chat(make_disk_chat: Callable[..., Chat]) -> Chat:
    """A chat on the files of `tmp_path`, with Ann and Bob in it."""
    return make_disk_chat()


@pytest.fixture
def published(chat: Chat) -> list[Event]:
    """Everything that `chat` publishes from now on."""
    return record(chat)


@pytest.fixture
async def make_running(tmp_path: Path) -> AsyncIterator[Callable[..., AccountChat]]:
    """Build chats with accounts on the same files, one after the other."""
    built: list[AccountChat] = []

    def make(*members: Member, **options: Any) -> AccountChat:
        built.append(AccountChat(tmp_path / "data", *members, **options))
        return built[-1]

    yield make
    for running in built:
        await running.chat.close()


@pytest.fixture
def running(make_running: Callable[..., AccountChat]) -> AccountChat:
    """A chat with accounts, and the guests Ann and Bob in it."""
    return make_running(ANN, BOB)


@pytest.fixture
async def ann(running: AccountChat) -> Account:
    """Ann has signed up in `running`."""
    account = await running.accounts.sign_up("ann", "Ann", GOOD)
    running.published.clear()
    return account
