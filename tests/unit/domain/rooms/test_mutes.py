"""Mutes: what a muted member can't do, for how long, and by which identifiers they are recognised."""

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import SpeechRefused
from chat.domain.moderation.events import Muted
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import (
    BOB,
    EVE,
    HOME,
    NOON,
    after,
    apply,
    event_of,
    execute,
    join,
    post,
    refusal,
    run,
)


def test_muted_member_can_only_read_until_the_mute_expires(moderated_chat: ChatState):
    chat = moderated_chat
    post(chat.lobby.conversation, BOB, "Hello")
    execute(chat, "/mute Bob 5 Calm down")
    for attempt in (
        lambda: chat.lobby.conversation.post(BOB, "Hi", "message02", after(1)),
        lambda: chat.lobby.conversation.edit(BOB, "message01", "Hi", after(1)),
        lambda: chat.lobby.rename("bob", parse_nickname("Robert"), after(1)),
        lambda: run(chat, "/me waves", BOB, after(1)),
        lambda: run(chat, "/shrug", BOB, after(1)),
        lambda: run(chat, "/nick Robert", BOB, after(1)),
    ):
        problem = refusal(attempt)
        assert isinstance(problem, SpeechRefused)
        assert (problem.key, problem.details) == ("muted", {"left": 299, "reason": "Calm down"})
    assert chat.lobby.type("bob", True, after(1)) == []
    post(chat.lobby.conversation, BOB, "Sorry", "message02", after(300))
    assert chat.lobby.type("bob", True, after(300))


def test_mute_stops_typing(moderated_chat: ChatState):
    apply(moderated_chat, moderated_chat.lobby.type("bob", True, NOON))
    execute(moderated_chat, "/mute Bob")
    assert moderated_chat.lobby.typing.member_ids == ()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("/mute Bob", 600),
        ("/mute Bob 5", 300),
        ("/mute Bob 90s", 90),
        ("/mute Bob 2H", 7200),
        ("/mute Bob 7d", 604_800),
    ],
)
def test_mute_lasts_as_long_as_given(moderated_chat: ChatState, text: str, seconds: int):
    event = execute(moderated_chat, text)
    assert isinstance(event, Muted)
    assert event.until == after(seconds)


@pytest.mark.parametrize("text", ["/mute Bob 0", "/mute Bob 367d", "/mute Bob 999999w", "/ban Bob 0m", "/ban Bob 367d"])
def test_duration_out_of_range_is_refused(moderated_chat: ChatState, text: str):
    assert refusal(lambda: event_of(moderated_chat, text)).key == "duration-range"


def test_unmuted_member_can_write(moderated_chat: ChatState):
    execute(moderated_chat, "/mute Bob")
    execute(moderated_chat, "/unmute Bob")
    post(moderated_chat.lobby.conversation, BOB, "Thanks")
    assert refusal(lambda: event_of(moderated_chat, "/unmute Bob")).key == "not-muted"


def test_mute_follows_the_session(moderated_chat: ChatState):
    execute(moderated_chat, "/mute Bob")
    apply(moderated_chat, moderated_chat.people.leave("bob", NOON))
    robert = Member("robert", parse_nickname("Robert"))
    join(moderated_chat, robert, HOME)
    assert refusal(lambda: moderated_chat.lobby.conversation.post(robert, "Hi", "message02", NOON)).key == "muted"


def test_mute_spares_others_at_the_same_address(moderated_chat: ChatState):
    execute(moderated_chat, "/mute Bob")
    join(moderated_chat, EVE, ClientIdentity("eve's session", HOME.address))
    post(moderated_chat.lobby.conversation, EVE, "Hi")


def test_new_mute_replaces_the_old_one(moderated_chat: ChatState):
    execute(moderated_chat, "/mute Bob 5")
    execute(moderated_chat, "/mute Bob 1h", now=after(60))
    assert [sanction.until for sanction in moderated_chat.moderation.mutes] == [after(3660)]


def test_expired_mute_is_dropped_at_the_next(moderated_chat: ChatState):
    execute(moderated_chat, "/mute Bob 5")
    execute(moderated_chat, "/mute Bob Lee 5", now=after(301))
    assert [sanction.target.name for sanction in moderated_chat.moderation.mutes] == ["Bob Lee"]
