"""Posting: what an event carries, what is refused, and how a retry is recognised."""

import pytest

from chat.domain.messages.events import MessagePosted
from chat.domain.messages.message import Kind
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.posted_ids import MAX_REMEMBERED
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, NOON, after, new_conversation, post, refusal, timeline_items


def test_message_has_author_time_and_room(conversation: Conversation):
    message = conversation.post(BOB, "Hi", "message02", NOON).message
    assert (message.room, message.author, message.name, message.text) == ("lobby", "bob", "Bob", "Hi")
    assert (message.id, message.at, message.kind, message.reply) == ("message02", NOON, Kind.TEXT, None)


def test_action_is_a_message_of_its_own_kind(conversation: Conversation):
    assert conversation.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION).message.kind is Kind.ACTION


def test_posted_message_is_in_history_and_timeline_once(conversation: Conversation):
    event = conversation.post(BOB, "Hi", "message02", NOON)
    assert conversation.apply(event)
    assert not conversation.apply(event)
    assert list(conversation.history)[1:] == timeline_items(conversation)[1:] == [event.message]


@pytest.mark.parametrize(("text", "key"), [(" ", "text-empty"), ("a" * 4001, "text-too-long"), (None, "text-empty")])
def test_invalid_text_is_refused(conversation: Conversation, text: object, key: str):
    assert refusal(lambda: conversation.post(BOB, text, "message02", NOON)).key == key


def test_retry_returns_the_first_event(conversation: Conversation):
    retry = conversation.post(ANN, "something else", "message01", after(9))
    assert retry == MessagePosted("lobby", conversation.message("message01"))


def test_same_id_from_another_member_is_another_message(conversation: Conversation):
    post(conversation, BOB, "Hi", "message01")
    assert [message.text for message in conversation.history] == ["Hello", "Hi"]
    assert conversation.posted.has("ann", "message01")
    assert conversation.posted.has("bob", "message01")


# Remembering what was posted.


def test_unposted_message_is_not_remembered(conversation: Conversation):
    assert not conversation.posted.has("bob", "message01")
    assert not conversation.posted.has("ann", "message02")


def test_deleted_message_is_remembered_as_posted(conversation: Conversation):
    post(conversation, BOB, "Hi", "message01")
    for message in list(conversation.history):
        conversation.apply(conversation.delete(ADA, message.id, NOON))
    assert conversation.posted.has("ann", "message01")
    assert conversation.posted.has("bob", "message01")


def test_cleared_message_is_remembered_as_posted(conversation: Conversation):
    conversation.apply(conversation.clear(ADA, NOON))
    assert conversation.posted.has("ann", "message01")
    assert not conversation.posted.has("bob", "message01")


def test_evicted_message_is_remembered_as_posted():
    conversation = new_conversation(limit=1)
    for number in range(3):
        post(conversation, ANN, "Hello", f"message0{number}")
    assert all(conversation.posted.has("ann", f"message0{number}") for number in range(3))


def test_message_deleted_after_a_restart_is_remembered_as_posted(conversation: Conversation):
    restarted = new_conversation(100, *conversation.history)
    assert restarted.posted.has("ann", "message01")
    restarted.apply(restarted.delete(ANN, "message01", NOON))
    assert restarted.posted.has("ann", "message01")


def test_number_of_remembered_messages_is_bounded():
    conversation = new_conversation(limit=1)
    for number in range(MAX_REMEMBERED + 1):
        post(conversation, ANN, "Hello", f"message{number:05}")
    assert not conversation.posted.has("ann", "message00000")
    assert conversation.posted.has("ann", "message00001")
