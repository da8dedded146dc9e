"""Every decision of a conversation: it changes nothing by itself, and refuses unknown messages."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from chat.domain.errors import MessageRefused
from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import MessageEvent, MessagePosted, MessagesPurged
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.rooms.conversation import Conversation
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, NOON, new_conversation, post, refusal


def content(conversation: Conversation) -> object:
    """Return everything visible in a conversation."""
    return conversation.history.topic, list(conversation.history), list(conversation.timeline)


# Unknown messages.

INVALID_IDS = [
    None, 0, 5, 1.5, True, {}, {"id": "message01"}, [], ["message01"], b"message01", "", "message99", "x" * 100_000,
]  # fmt: skip
ON_A_MESSAGE: dict[str, Callable[[Conversation, object], object]] = {
    "describe": lambda conversation, message_id: conversation.describe_picture(ADA, message_id, 0, "A cup", NOON),
    "edit": lambda conversation, message_id: conversation.edit(ADA, message_id, "New", NOON),
    "delete": lambda conversation, message_id: conversation.delete(ADA, message_id, NOON),
    "remove the preview": lambda conversation, message_id: conversation.remove_preview(ADA, message_id, NOON),
    "react": lambda conversation, message_id: conversation.react(ADA, message_id, "🎉"),
    "look up": lambda conversation, message_id: conversation.message(message_id),
}


@pytest.mark.parametrize("message_id", INVALID_IDS, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("action", ON_A_MESSAGE)
def test_unknown_message_is_refused(conversation: Conversation, action: str, message_id: object):
    before = content(conversation)
    problem = refusal(lambda: ON_A_MESSAGE[action](conversation, message_id))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-gone"
    assert content(conversation) == before


@pytest.mark.parametrize("action", ON_A_MESSAGE)
@pytest.mark.parametrize("end", ["deleted", "cleared", "evicted"])
def test_message_no_longer_kept_is_refused(action: str, end: str):
    conversation = new_conversation(limit=1)
    post(conversation, ADA, "Hello", "message01")
    if end == "evicted":
        post(conversation, ADA, "Hi", "message02")
    else:
        is_deleted = end == "deleted"
        conversation.apply(conversation.delete(ADA, "message01", NOON) if is_deleted else conversation.clear(ADA, NOON))
    assert refusal(lambda: ON_A_MESSAGE[action](conversation, "message01")).key == "message-gone"


# Decisions and events.

LINK, TEA = "https://site.example/tea", LinkPreview("Tea")

DECISIONS: dict[str, Callable[[Conversation], MessageEvent]] = {
    "post": lambda conversation: conversation.post(BOB, "@Ann Hi", "message02", NOON, reply_to="message01"),
    "edit": lambda conversation: conversation.edit(ANN, "message01", "@Bob New", NOON),
    "delete": lambda conversation: conversation.delete(ANN, "message01", NOON),
    "react": lambda conversation: conversation.react(BOB, "message01", "🎉"),
    "remove a reaction": lambda conversation: conversation.react(BOB, "message01", "👍"),
    "topic": lambda conversation: conversation.change_topic(ADA, "Tea", NOON),
    "clear": lambda conversation: conversation.clear(ADA, NOON),
    "describe": lambda conversation: conversation.describe_picture(BOB, "message00", 0, "A pot", NOON),
    "remove files": lambda conversation: conversation.remove_files(conversation.history, NOON),
    "add a preview": lambda conversation: conversation.add_preview("message03", LINK, TEA, NOON),
    "remove a preview": lambda conversation: conversation.remove_preview(BOB, "message04", NOON),
    "anonymize": lambda conversation: conversation.anonymize("ann", "nameless", NOON),
}


@pytest.fixture
def reacted(conversation: Conversation) -> Conversation:
    """Bob has reacted to Ann's message, and sent a file and two links, one with its preview."""
    file = Attachment("f" * 64, "tea.png", "image/png", 3, 40, 30, alt="A cup")
    conversation.apply(conversation.post(BOB, "", "message00", NOON, attachments=(file,)))
    conversation.apply(conversation.react(BOB, "message01", "👍"))
    for message_id, preview in (("message03", None), ("message04", TEA)):
        message = conversation.post(BOB, f"See {LINK}", message_id, NOON).message
        conversation.apply(MessagePosted("lobby", replace(message, link=LINK, preview=preview)))
    return conversation


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_changes_nothing_until_applied(reacted: Conversation, decision: str):
    before = content(reacted)
    event = DECISIONS[decision](reacted)
    assert content(reacted) == before
    assert not reacted.posted.has("bob", "message02")
    assert reacted.apply(event)
    assert content(reacted) != before


@pytest.mark.parametrize("decision", DECISIONS)
def test_event_applied_again_changes_nothing(reacted: Conversation, decision: str):
    event = DECISIONS[decision](reacted)
    reacted.apply(event)
    before = content(reacted)
    assert not reacted.apply(event)
    assert content(reacted) == before


def test_decisions_cover_every_message_event(reacted: Conversation):
    decided = {type(decide(reacted)) for decide in DECISIONS.values()}
    assert decided == set(get_args(MessageEvent)) - {MessagesPurged}  # which is a moderation decision
