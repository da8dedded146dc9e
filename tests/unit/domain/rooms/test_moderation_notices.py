"""Moderation events as notices and error messages."""

from typing import get_args

import pytest

from chat.domain.commands.replies import WordFilterReply
from chat.domain.events import Event
from chat.domain.moderation.events import Muted
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.notices import PublicModerationEvent
from chat.i18n.error_messages import describe_error
from chat.i18n.notices import describe_notice
from chat.i18n.phrases import describe_reply
from chat.i18n.translator import languages, translator
from tests.unit.domain.rooms.scenes import ADA, BOB, after, execute, post, refusal

COMMANDS = [
    "/mute Bob", "/unmute Bob", "/kick Bob", "/ban Bob", "/unban Bob", "/slow 30", "/slow", "/lock", "/unlock",
    "/purge Bob",
]  # fmt: skip


@pytest.fixture
def events(moderated_chat: ChatState) -> list[Event]:
    """Ada has run all commands that the room is told of."""
    post(moderated_chat.lobby.conversation, BOB, "Hello")
    return [execute(moderated_chat, text, ADA) for text in COMMANDS]


def test_commands_cover_every_public_event(events: list[Event]):
    assert {type(event) for event in events} == set(get_args(PublicModerationEvent))


def test_public_events_are_in_the_timeline(moderated_chat: ChatState, events: list[Event]):
    items = [item for _, item in moderated_chat.lobby.conversation.timeline]
    assert [item for item in items if isinstance(item, PublicModerationEvent)] == events


@pytest.mark.parametrize("code", languages())
def test_every_language_has_a_notice_for_every_public_event(events: list[Event], code: str):
    notices = [describe_notice(translator(code), event, str) for event in events]
    assert len(notices) == 10
    assert all("Ada" in notice for notice in notices)


def test_mute_is_described(moderated_chat: ChatState):
    event = execute(moderated_chat, "/mute Bob 5 Calm down")
    assert isinstance(event, Muted)
    assert describe_notice(translator("en"), event, str) == "Bob was muted by Mo (5 minutes)"
    problem = refusal(lambda: post(moderated_chat.lobby.conversation, BOB, "Hi", now=after(1)))
    message = "You're muted. You can write again in 5 minutes. Reason: Calm down"
    assert describe_error(translator("en"), problem) == message


def test_word_filter_is_listed():
    lines = describe_reply(translator("en"), WordFilterReply(("damn*", "darn")))
    assert lines == ["2 blocked words:", "damn*", "darn"]
