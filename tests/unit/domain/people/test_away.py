"""People who are away: account holders, and guests who wrote."""

from dataclasses import replace

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.moderation.events import Banned, Unbanned
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import UserRef
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, CID, EVE, MO, NOON, after, apply, join, new_chat

ACCOUNT = Account(ADA.id, ADA.nickname, "", NOON, 1)


def posted(member: UserRef, number: int = 1) -> MessagePosted:
    return MessagePosted("lobby", Message(f"message{number:02}", "lobby", member.id, member.name, "Hi", NOON))


def away(chat: ChatState) -> list[str]:
    return [user.name for user in chat.lobby.away()]


@pytest.fixture
def chat() -> ChatState:
    """Ann is here. Bob wrote, Cid looked in, Eve wrote with an account, Ada has one; all of them left."""
    chat = new_chat(accounts=Directory([ACCOUNT]))
    for number, member in enumerate((ANN, BOB, CID, EVE)):
        join(chat, member)
        if member is not CID:
            chat.apply(posted(member.ref, number))
    apply(chat, chat.people.accounts.create(EVE.id, EVE.nickname, "", NOON))
    for member in (BOB, CID, EVE):
        apply(chat, chat.people.leave(member.id, NOON))
    return chat


def test_those_who_may_return_are_away(chat: ChatState):
    assert away(chat) == ["Ada", "Bob", "Eve"]


def test_member_who_returns_is_not_away(chat: ChatState):
    join(chat, BOB, now=after(1))
    assert away(chat) == ["Ada", "Eve"]


def test_guest_whose_messages_are_gone_is_not_listed(chat: ChatState):
    message_id = posted(BOB.ref).message.id
    for event in (
        MessageDeleted("lobby", BOB.ref, BOB.ref, NOON, message_id),
        MessagesPurged("lobby", MO.ref, BOB.ref, NOON, (message_id,)),
        HistoryCleared("lobby", MO.ref, NOON),
    ):
        other = new_chat(chat.lobby.conversation.history.copy())
        assert "Bob" in away(other)
        other.apply(event)
        assert "Bob" not in away(other)


def test_guest_whose_messages_were_evicted_is_not_listed():
    chat = new_chat(History(1, [posted(BOB.ref).message]))
    assert away(chat) == ["Bob"]
    chat.apply(posted(ANN.ref, 2))
    assert away(chat) == []


def test_deleted_account_is_not_listed_though_its_messages_stay(chat: ChatState):
    apply(chat, chat.people.accounts.delete(EVE.id))
    assert away(chat) == ["Ada", "Bob"]
    restarted = new_chat(chat.lobby.conversation.history, chat.people.accounts.copy())
    assert "Eve" not in away(restarted)


def test_anonymized_author_is_not_listed(chat: ChatState):
    apply(chat, chat.lobby.conversation.anonymize(BOB.id, "pseudonym", NOON))
    assert away(chat) == ["Ada", "Eve"]
    restarted = new_chat(chat.lobby.conversation.history)
    assert "Anonymous" not in away(restarted)


def test_permanently_banned_member_is_not_listed(chat: ChatState):
    ban = Banned("lobby", MO.ref, BOB.ref, NOON, None, frozenset({"member:bob"}))
    chat.apply(ban)
    assert away(chat) == ["Ada", "Eve"]
    chat.apply(Unbanned("lobby", MO.ref, BOB.ref, after(1)))
    assert away(chat) == ["Ada", "Bob", "Eve"]
    chat.apply(replace(ban, until=after(60)))
    assert away(chat) == ["Ada", "Bob", "Eve"]


def test_member_who_is_away_can_be_mentioned(chat: ChatState):
    found = chat.lobby.conversation.post(ANN, "@ada and @Bob, tea?", "message99", after(1)).message.mentions
    assert found == {"ada": ADA.id, "Bob": BOB.id}
