"""People, and what they do, for the tests of rooms and commands."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import RoleChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.commands.parser import parse
from chat.domain.commands.registry import CommandContext, Outcome
from chat.domain.commands.replies import PurgePrompt
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.moderation.moderation_actions import ModerationAction
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.rooms.notices import RenamedNotice
from chat.domain.rooms.timeline import Item
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse"
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))
BOB_LEE = Member("boblee", parse_nickname("Bob Lee"))
CID = Member("cid", parse_nickname("Cid"))
EVE = Member("eve", parse_nickname("Eve"))
MO = Member("mo", parse_nickname("Mo"), Role.MODERATOR)
ADA = Member("ada", parse_nickname("Ada"), Role.ADMIN)
HOME = ClientIdentity("bob's session", "192.0.2.1")  # where Bob joins from


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def refusal(attempt: Callable[[], object]) -> ChatError:
    with pytest.raises(ChatError) as refused:
        attempt()
    return refused.value


# Conversations.


def new_conversation(limit: int = 100, *messages: Message) -> Conversation:
    """Create a conversation that knows the names of Ann, Bob, Cid and Ada."""
    conversation = Conversation("lobby", History(limit, messages))
    for member in (ANN, BOB, CID, ADA):
        conversation.names.remember(member.id, member.name)
    return conversation


def post(
    conversation: Conversation,
    member: Member,
    text: str,
    message_id: str = "message01",
    now: datetime = NOON,
    *,
    reply_to: str | None = None,
) -> Message:
    """Post a message as `Chat` does; slow mode counts it."""
    event = conversation.post(member, text, message_id, now, reply_to=reply_to)
    conversation.apply(event)
    return conversation.message(event.message.id)


def timeline_items(conversation: Conversation) -> list[Item]:
    return [item for _, item in conversation.timeline]


def message(number: int) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"Message {number}", NOON)


def notice(number: int) -> RenamedNotice:
    return RenamedNotice(NOON, f"Ann {number}", f"Ann {number + 1}")


# Rooms.


def new_chat(history: History | None = None, accounts: Directory | None = None) -> ChatState:
    return ChatState(People(timedelta(seconds=10), accounts=accounts), History(100) if history is None else history)


def apply(chat: ChatState, events: Event | Iterable[Event]) -> None:
    for event in [events] if isinstance(events, Event) else events:
        chat.apply(event)


def join(
    chat: ChatState, member: Member, client_identity: ClientIdentity = UNKNOWN_CLIENT, now: datetime = NOON
) -> None:
    apply(chat, chat.people.connect(member, f"{member.id}'s tab", now, client_identity))


def new_moderated_chat() -> ChatState:
    """Create a room in which Mo (a moderator), Ada (an admin), Bob Lee and Bob are present."""
    chat = new_chat()
    for member in (MO, ADA, BOB_LEE):
        join(chat, member)
    join(chat, BOB, HOME)
    return chat


def role_changed(member: Member, role: Role) -> RoleChanged:
    return RoleChanged("lobby", ADA.ref, member.ref, NOON, member.role, role)


# Commands.


def run(
    chat: ChatState, text: str, actor: Member = MO, now: datetime = NOON, *, reply_to: str | None = None
) -> Outcome:
    """Run a command."""
    found = parse(text)
    assert found
    command, argument = found
    password = SharedPassword(PASSWORD)
    context = CommandContext(chat.lobby, actor, argument, now, "message99", parse_nickname, password, reply_to)
    return command.run(context)


def event_of(chat: ChatState, text: str, actor: Member = MO, now: datetime = NOON) -> Event:
    """Run a command, and decide its event without applying it."""
    outcome = run(chat, text, actor, now)
    if isinstance(outcome, PurgePrompt):
        outcome = outcome.action  # confirmed
    event = decide(chat.lobby, actor, outcome, now) if isinstance(outcome, ModerationAction) else outcome
    assert isinstance(event, Event)
    return event


def execute(chat: ChatState, text: str, actor: Member = MO, now: datetime = NOON) -> Event:
    """Run a command, and apply its event."""
    event = event_of(chat, text, actor, now)
    assert chat.apply(event)
    return event
