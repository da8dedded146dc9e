"""Builds chats for tests, in memory or on files, and reads what they have stored."""

import json
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from chat.domain.accounts.account import Account
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import ClientIdentity
from chat.domain.commands.replies import PurgePrompt
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Member, Role
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.passwords import Passwords
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from chat.text.nicknames import parse_nickname

ADMIN_PASSWORD = "correct horse"
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))
CID = Member("cid", parse_nickname("Cid"))
MODERATOR = Member("mod", parse_nickname("Mo"), Role.MODERATOR)
OWNER = Member("owner", parse_nickname("Olga"), Role.OWNER)

SCHOOL, CAFE = "192.0.2.1", "198.51.100.7"
BOBS_CLIENT = ClientIdentity("bob's session", SCHOOL)

GOOD, BETTER, WRONG = "four tired herons", "five tired herons", "no heron at all"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def build_chat(
    stores: Stores, *members: Member, grace: float = 10, message_rate: str = "1000 per minute", **options: Any
) -> Chat:
    """Build a chat with these members in it, each with one tab."""
    password = SharedPassword(ADMIN_PASSWORD)
    chat = Chat(stores, password, grace=timedelta(seconds=grace), message_rate=message_rate, **options)
    for member in members:
        chat.members.connect(member, tab(member))
    return chat


def tab(member: Member) -> str:
    return f"{member.id}'s tab"


async def unload(chat: Chat) -> None:
    """Let ten quiet minutes pass."""
    chat._loader._quiet = 0
    await chat._loader.unload_quiet()
    chat._loader._quiet = 600


def record(chat: Chat, *kinds: type[Event]) -> list[Event]:
    """Return a list of everything published from now on."""
    events: list[Event] = []
    chat.subscribe(events.append, *kinds)
    return events


async def refusal(attempt: Awaitable[object]) -> ChatError:
    with pytest.raises(ChatError) as refused:
        await attempt
    return refused.value


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.lobby.conversation.history]


def get(chat: Chat, message_id: str) -> Message:
    return chat.lobby.conversation.message(message_id)


def content(chat: Chat) -> object:
    """Return the topic, the messages and all that members see of them."""
    conversation = chat.lobby.conversation
    return conversation.history.topic, list(conversation.history), list(conversation.timeline), chat.people.roster()


def stored(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "chat_log.json").read_bytes())
    return found


def stored_texts(folder: Path) -> list[str]:
    return [message["text"] for message in stored(folder)["messages"]]


def audit_lines(folder: Path) -> list[dict[str, Any]]:
    path = folder / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def files_with(folder: Path, *words: bytes) -> list[str]:
    """Return the names of the files that hold any of these words."""
    return [file.name for file in folder.iterdir() if any(word in file.read_bytes() for word in words)]


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """Let each attempt to write a file fail: a folder takes the place of its temporary file."""
    blocker = file.with_name(f"{file.name}.tmp")
    blocker.mkdir()
    yield
    blocker.rmdir()


class MonotonicClock:
    """A monotonic clock that tests put forward."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


class AccountChat:
    """A chat with accounts, on the files of one folder."""

    def __init__(self, folder: Path, *members: Member, hasher: PasswordHasher = CHEAP) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.stores = json_stores(folder, 100)
        self.chat = build_chat(self.stores, *members)
        self.accounts = AccountService(self.chat, Passwords(hasher))
        self.published = record(self.chat)

    def account(self, account_id: str) -> Account:
        found = self.accounts.account(account_id)
        assert found
        return found

    def stored_accounts(self) -> list[dict[str, Any]]:
        path = self.folder / "accounts.json"
        return json.loads(path.read_bytes())["accounts"] if path.exists() else []


async def post_and_confirm(chat: Chat, member_id: str, text: str, message_id: str) -> object:
    """Post a text, and confirm a command that can't be undone."""
    outcome = await chat.messages.post(member_id, LOBBY, text, message_id)
    if isinstance(outcome, PurgePrompt):
        return await chat.moderation.perform(member_id, LOBBY, outcome.action)
    return outcome
