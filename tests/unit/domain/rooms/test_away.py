"""People who are away: account holders, and guests who wrote."""

from dataclasses import replace

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.moderation.events import Banned, Unbanned
from chat.domain.rooms.room import Room
from chat.domain.users import UserRef
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, CID, EVE, MO, NOON, after, apply, join, new_room

ACCOUNT = Account(ADA.id, ADA.nickname, "", NOON, 1)


def posted(member: UserRef, number: int = 1) -> MessagePosted:
    return MessagePosted("lobby", Message(f"message{number:02}", "lobby", member.id, member.name, "Hi", NOON))


def away(room: Room) -> list[str]:
    return [user.name for user in room.away()]


@pytest.fixture
def room() -> Room:
    """Ann is here. Bob wrote, Cid looked in, Eve wrote with an account, Ada has one; all of them left."""
    room = new_room(accounts=Directory([ACCOUNT]))
    for number, member in enumerate((ANN, BOB, CID, EVE)):
        join(room, member)
        if member is not CID:
            room.apply(posted(member.ref, number))
    apply(room, room.accounts.create(EVE.id, EVE.nickname, "", NOON))
    for member in (BOB, CID, EVE):
        apply(room, room.leave(member.id, NOON))
    return room


def test_those_who_may_return_are_away(room: Room):
    assert away(room) == ["Ada", "Bob", "Eve"]


def test_member_who_returns_is_not_away(room: Room):
    join(room, BOB, now=after(1))
    assert away(room) == ["Ada", "Eve"]


def test_guest_whose_messages_are_gone_is_not_listed(room: Room):
    message_id = posted(BOB.ref).message.id
    for event in (
        MessageDeleted("lobby", BOB.ref, BOB.ref, NOON, message_id),
        MessagesPurged("lobby", MO.ref, BOB.ref, NOON, (message_id,)),
        HistoryCleared("lobby", MO.ref, NOON),
    ):
        other = Room("lobby", room.conversation.history.copy(), room.presence.grace)
        assert "Bob" in away(other)
        other.apply(event)
        assert "Bob" not in away(other)


def test_guest_whose_messages_were_evicted_is_not_listed():
    room = Room("lobby", History(1, [posted(BOB.ref).message]), new_room().presence.grace)
    assert away(room) == ["Bob"]
    room.apply(posted(ANN.ref, 2))
    assert away(room) == []


def test_deleted_account_is_not_listed_though_its_messages_stay(room: Room):
    apply(room, room.accounts.delete(EVE.id))
    assert away(room) == ["Ada", "Bob"]
    restarted = Room("lobby", room.conversation.history, room.presence.grace, accounts=room.accounts.copy())
    assert "Eve" not in away(restarted)


def test_anonymized_author_is_not_listed(room: Room):
    apply(room, room.conversation.anonymize(BOB.id, "pseudonym", NOON))
    assert away(room) == ["Ada", "Eve"]
    restarted = Room("lobby", room.conversation.history, room.presence.grace)
    assert "Anonymous" not in away(restarted)


def test_permanently_banned_member_is_not_listed(room: Room):
    ban = Banned("lobby", MO.ref, BOB.ref, NOON, None, frozenset({"member:bob"}))
    room.apply(ban)
    assert away(room) == ["Ada", "Eve"]
    room.apply(Unbanned("lobby", MO.ref, BOB.ref, after(1)))
    assert away(room) == ["Ada", "Bob", "Eve"]
    room.apply(replace(ban, until=after(60)))
    assert away(room) == ["Ada", "Bob", "Eve"]


def test_member_who_is_away_can_be_mentioned(room: Room):
    found = room.conversation.post(ANN, "@ada and @Bob, tea?", "message99", after(1)).message.mentions
    assert found == {"ada": ADA.id, "Bob": BOB.id}
