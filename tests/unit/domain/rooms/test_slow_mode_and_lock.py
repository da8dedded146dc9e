"""Slow mode and the locked room."""

import pytest

from chat.domain.errors import SpeechRefused
from chat.domain.rooms.room import Room
from tests.unit.domain.rooms.scenes import BOB, BOB_LEE, MO, NOON, after, event_of, execute, post, refusal

# Slow mode.


def test_members_wait_in_slow_mode(moderated_room: Room):
    conversation = moderated_room.conversation
    execute(moderated_room, "/slow 30")
    post(conversation, BOB, "One", "message01")
    problem = refusal(lambda: post(conversation, BOB, "Two", "message02", after(10.5)))
    assert isinstance(problem, SpeechRefused)
    assert (problem.key, problem.details) == ("slow-mode", {"left": 20})
    post(conversation, BOB_LEE, "One", "message03", after(10))
    post(conversation, BOB, "Two", "message02", after(30))


def test_deleting_does_not_shorten_the_wait(moderated_room: Room):
    conversation = moderated_room.conversation
    execute(moderated_room, "/slow 30")
    post(conversation, BOB, "One")
    conversation.apply(conversation.delete(BOB, "message01", NOON))
    assert refusal(lambda: post(conversation, BOB, "Two", "message02", after(1))).key == "slow-mode"


def test_moderators_do_not_wait(moderated_room: Room):
    execute(moderated_room, "/slow 30")
    post(moderated_room.conversation, MO, "One", "message01")
    post(moderated_room.conversation, MO, "Two", "message02")


def test_slow_mode_can_be_turned_off(moderated_room: Room):
    execute(moderated_room, "/slow 30")
    post(moderated_room.conversation, BOB, "One", "message01")
    execute(moderated_room, "/slow")
    post(moderated_room.conversation, BOB, "Two", "message02")


@pytest.mark.parametrize(
    ("text", "key"), [("/slow fast", "number-wanted"), ("/slow -1", "number-wanted"), ("/slow 3601", "slow-range")]
)
def test_slow_mode_needs_a_number_in_range(moderated_room: Room, text: str, key: str):
    assert refusal(lambda: event_of(moderated_room, text)).key == key


# The lock.


def test_only_moderators_write_in_a_locked_room(moderated_room: Room):
    conversation = moderated_room.conversation
    post(conversation, BOB, "Hello")
    execute(moderated_room, "/lock")
    assert refusal(lambda: post(conversation, BOB, "Hi", "message02")).key == "locked"
    assert refusal(lambda: conversation.edit(BOB, "message01", "Hi", NOON)).key == "locked"
    post(conversation, MO, "Quiet, please", "message03")
    conversation.apply(conversation.delete(BOB, "message01", NOON))
    execute(moderated_room, "/unlock")
    post(conversation, BOB, "Hi", "message02")
