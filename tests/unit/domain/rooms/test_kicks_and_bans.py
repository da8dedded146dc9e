"""Kicks and bans: how long they last, and by which identifiers they recognise a member."""

from datetime import datetime

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import EntryRefused
from chat.domain.moderation.events import Banned
from chat.domain.people.events import Connected
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import BOB, EVE, HOME, NOON, after, apply, execute, join, post, refusal


def test_kicked_member_can_rejoin_after_a_minute(moderated_chat: ChatState):
    execute(moderated_chat, "/kick Bob Out!")
    problem = refusal(lambda: join(moderated_chat, BOB, HOME, after(59)))
    assert isinstance(problem, EntryRefused)
    assert (problem.key, problem.until, problem.reason) == ("kicked", after(60), "Out!")
    join(moderated_chat, BOB, HOME, after(60))


@pytest.mark.parametrize(
    ("text", "until", "reason"),
    [
        ("/ban Bob", None, ""),
        ("/ban Bob spam", None, "spam"),
        ("/ban Bob 10m", after(600), ""),
        ("/ban Bob 2h spam", after(7200), "spam"),
        ("/ban Bob 7 spam", None, "7 spam"),
    ],
)
def test_banned_member_cannot_join(moderated_chat: ChatState, text: str, until: datetime | None, reason: str):
    execute(moderated_chat, text)
    problem = refusal(lambda: join(moderated_chat, BOB, HOME))
    assert isinstance(problem, EntryRefused)
    assert (problem.until, problem.reason) == (until, reason)
    if until:
        join(moderated_chat, BOB, HOME, until)


@pytest.mark.parametrize(
    "client_identity",
    [HOME, ClientIdentity(session=HOME.session), ClientIdentity(address=HOME.address)],
    ids=["both", "session", "address"],
)
def test_ban_applies_under_another_name(moderated_chat: ChatState, client_identity: ClientIdentity):
    execute(moderated_chat, "/ban Bob")
    assert isinstance(refusal(lambda: join(moderated_chat, EVE, client_identity)), EntryRefused)


def test_ban_applies_to_the_account_on_every_device(moderated_chat: ChatState):
    cid = Member("cid1", parse_nickname("Cid"), Role.MEMBER)
    join(moderated_chat, cid, ClientIdentity("phone", "192.0.2.7", "account of cid"))
    execute(moderated_chat, "/ban Cid")
    elsewhere = ClientIdentity("desk", "192.0.2.8", "account of cid")
    other = Member("cid2", parse_nickname("Cid2"))
    assert isinstance(refusal(lambda: join(moderated_chat, other, elsewhere)), EntryRefused)


def test_ban_covers_only_the_latest_addresses_of_a_member(moderated_chat: ChatState):
    for number in range(100):
        client_identity = ClientIdentity("bob's session", f"192.0.2.{number}")
        moderated_chat.apply(Connected("bob", f"tab {number}", client_identity))
    event = execute(moderated_chat, "/ban Bob")
    assert isinstance(event, Banned)
    assert "address:192.0.2.99" in event.identifiers
    assert len(event.identifiers) <= 21
    assert isinstance(refusal(lambda: join(moderated_chat, EVE, HOME)), EntryRefused)


def test_ban_spares_other_clients(moderated_chat: ChatState):
    execute(moderated_chat, "/ban Bob")
    join(moderated_chat, EVE, ClientIdentity("eve's session", "192.0.2.9"))


def test_ban_spares_moderators_at_the_same_address(moderated_chat: ChatState):
    mia = Member("mia", parse_nickname("Mia"), Role.MODERATOR)
    execute(moderated_chat, "/ban Bob")
    join(moderated_chat, mia, ClientIdentity("mia's session", HOME.address))


def test_address_of_a_present_moderator_is_not_banned(moderated_chat: ChatState):
    moderated_chat.apply(Connected("mo", "tab 2", ClientIdentity("mo's session", HOME.address)))
    event = execute(moderated_chat, "/ban Bob")
    assert isinstance(event, Banned)
    assert event.identifiers == {"member:bob", "session:bob's session"}


def test_author_who_left_can_be_banned(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    apply(moderated_chat, moderated_chat.people.leave("bob", NOON))
    execute(moderated_chat, "/ban Bob")
    assert isinstance(refusal(lambda: join(moderated_chat, EVE, HOME)), EntryRefused)


def test_unbanned_member_can_rejoin(moderated_chat: ChatState):
    execute(moderated_chat, "/ban Bob")
    execute(moderated_chat, "/unban bob")
    join(moderated_chat, BOB, HOME)
