"""Slow mode and the locked chat."""

from datetime import datetime

import pytest

from chat.domain.errors import SpeechRefused
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import Member, Role
from tests.unit.domain.rooms.scenes import (
    ADA,
    BOB,
    BOB_LEE,
    MO,
    NOON,
    after,
    apply,
    event_of,
    execute,
    post,
    refusal,
    role_changed,
)

# Slow mode.


def test_members_wait_in_slow_mode(moderated_chat: ChatState):
    conversation = moderated_chat.lobby.conversation
    execute(moderated_chat, "/slow 30")
    post(conversation, BOB, "One", "message01")
    problem = refusal(lambda: post(conversation, BOB, "Two", "message02", after(10.5)))
    assert isinstance(problem, SpeechRefused)
    assert (problem.key, problem.details) == ("slow-mode", {"left": 20, "action": "post"})
    post(conversation, BOB_LEE, "One", "message03", after(10))
    post(conversation, BOB, "Two", "message02", after(30))


def test_deleting_does_not_shorten_the_wait(moderated_chat: ChatState):
    conversation = moderated_chat.lobby.conversation
    execute(moderated_chat, "/slow 30")
    post(conversation, BOB, "One")
    conversation.apply(conversation.delete(BOB, "message01", NOON))
    assert refusal(lambda: post(conversation, BOB, "Two", "message02", after(1))).key == "slow-mode"


def test_moderators_do_not_wait(moderated_chat: ChatState):
    execute(moderated_chat, "/slow 30")
    post(moderated_chat.lobby.conversation, MO, "One", "message01")
    post(moderated_chat.lobby.conversation, MO, "Two", "message02")


def test_slow_mode_can_be_turned_off(moderated_chat: ChatState):
    execute(moderated_chat, "/slow 30")
    post(moderated_chat.lobby.conversation, BOB, "One", "message01")
    execute(moderated_chat, "/slow")
    post(moderated_chat.lobby.conversation, BOB, "Two", "message02")


@pytest.mark.parametrize(
    ("text", "key"), [("/slow fast", "number-wanted"), ("/slow -1", "number-wanted"), ("/slow 3601", "slow-range")]
)
def test_slow_mode_needs_a_number_in_range(moderated_chat: ChatState, text: str, key: str):
    assert refusal(lambda: event_of(moderated_chat, text)).key == key


# The lock.


def test_only_moderators_write_in_a_locked_room(moderated_chat: ChatState):
    conversation = moderated_chat.lobby.conversation
    post(conversation, BOB, "Hello")
    execute(moderated_chat, "/lock")
    assert refusal(lambda: post(conversation, BOB, "Hi", "message02")).key == "locked"
    assert refusal(lambda: conversation.edit(BOB, "message01", "Hi", NOON)).key == "locked"
    post(conversation, MO, "Quiet, please", "message03")
    conversation.apply(conversation.delete(BOB, "message01", NOON))
    execute(moderated_chat, "/unlock")
    post(conversation, BOB, "Hi", "message02")


# Edits.


def edit(chat: ChatState, member: Member, text: str, now: datetime) -> None:
    """Edit a message as `Chat` does; slow mode counts it."""
    chat.lobby.conversation.apply(chat.lobby.conversation.edit(member, "message01", text, now))


def test_editing_does_not_get_round_slow_mode(moderated_chat: ChatState):
    execute(moderated_chat, "/slow 30")
    post(moderated_chat.lobby.conversation, BOB, "Helo", "message01")
    edit(moderated_chat, BOB, "Hello", after(1))  # a typo can be corrected at once
    problem = refusal(lambda: edit(moderated_chat, BOB, "More to say", after(11)))
    assert (problem.key, problem.details) == ("slow-mode", {"left": 20, "action": "edit"})
    assert (
        refusal(lambda: post(moderated_chat.lobby.conversation, BOB, "Two", "message02", after(29))).key == "slow-mode"
    )
    post(moderated_chat.lobby.conversation, BOB, "Two", "message02", after(30))
    edit(moderated_chat, BOB, "More to say", after(31))


def test_moderators_edit_without_waiting(moderated_chat: ChatState):
    execute(moderated_chat, "/slow 30")
    post(moderated_chat.lobby.conversation, MO, "One", "message01")
    edit(moderated_chat, MO, "Two", after(1))
    edit(moderated_chat, MO, "Three", after(2))


# What a higher role has set.


@pytest.mark.parametrize(
    ("imposed", "lifting"),
    [
        ("/slow 30", "/slow"),
        ("/slow 30", "/slow 1"),
        ("/slow 30", "/slow 60"),
        ("/lock", "/unlock"),
        ("/ban Bob", "/unban Bob"),
        ("/ban Bob", "/ban Bob 1m"),
        ("/ban Bob 2h", "/ban Bob 1h"),
        ("/mute Bob 10", "/unmute Bob"),
        ("/mute Bob 10", "/mute Bob 1"),
    ],
)
def test_lower_roles_cannot_lift_it(moderated_chat: ChatState, imposed: str, lifting: str):
    execute(moderated_chat, imposed, ADA)
    assert refusal(lambda: execute(moderated_chat, lifting, MO)).key == "needs-admin"
    execute(moderated_chat, lifting, ADA)


@pytest.mark.parametrize(
    ("imposed", "change"),
    [("/slow 30", "/slow 20"), ("/lock", "/unlock"), ("/ban Bob 1h", "/ban Bob"), ("/mute Bob 10", "/unmute Bob")],
)
def test_equals_can_change_it(moderated_chat: ChatState, imposed: str, change: str):
    execute(moderated_chat, imposed, MO)
    execute(moderated_chat, change, MO)


def test_moderators_can_lengthen_an_admins_ban(moderated_chat: ChatState):
    execute(moderated_chat, "/ban Bob 1h", ADA)
    execute(moderated_chat, "/ban Bob 2h", MO)


def test_moderators_can_lift_it_once_the_admin_has_lost_the_role(moderated_chat: ChatState):
    execute(moderated_chat, "/lock", ADA)
    apply(moderated_chat, role_changed(ADA, Role.MEMBER))
    execute(moderated_chat, "/unlock", MO)
