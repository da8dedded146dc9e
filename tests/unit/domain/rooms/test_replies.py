"""Replies: quotes follow the original through edits, deletion and eviction."""

import pytest

from chat.domain.errors import MessageRefused
from chat.domain.messages.message import Kind, Quote
from chat.domain.rooms.conversation import Conversation
from tests.unit.domain.rooms.scenes import ANN, BOB, NOON, after, new_conversation, post, refusal, timeline_items


def quoted_text(conversation: Conversation, message_id: str) -> str:
    reply = conversation.message(message_id).reply
    assert reply
    return reply.text


def test_reply_quotes_the_original(conversation: Conversation):
    reply = post(conversation, BOB, "Hi", "message02", reply_to="message01")
    assert reply.reply == Quote("message01", "ann", "Ann", "Hello")


def test_quote_is_cut_at_200_characters(conversation: Conversation):
    post(conversation, ANN, "x" * 201, "message02")
    reply = post(conversation, BOB, "Long!", "message03", reply_to="message02")
    assert reply.reply == Quote("message02", "ann", "Ann", "x" * 200)


def test_action_can_be_a_reply(conversation: Conversation):
    conversation.apply(conversation.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION, reply_to="message01"))
    assert conversation.message("message02").reply == conversation.message("message01").quote


def test_reply_can_be_replied_to(conversation: Conversation):
    post(conversation, BOB, "Hi", "message02", reply_to="message01")
    post(conversation, ANN, "You too", "message03", reply_to="message02")
    assert quoted_text(conversation, "message03") == "Hi"


@pytest.mark.parametrize(
    "target",
    ["message99", "m" * 100_000, 5, {"id": "message01"}, ["message01"], ("message01",), b"message01"],
    ids=repr,
)
def test_reply_to_an_unknown_message_is_refused(conversation: Conversation, target: object):
    problem = refusal(lambda: conversation.post(BOB, "Hi", "message02", NOON, reply_to=target))  # type: ignore[arg-type]
    assert isinstance(problem, MessageRefused)
    assert problem.key == "reply-gone"


def test_reply_to_a_deleted_message_is_refused(conversation: Conversation):
    conversation.apply(conversation.delete(ANN, "message01", NOON))
    assert refusal(lambda: conversation.post(BOB, "Hi", "message02", NOON, reply_to="message01")).key == "reply-gone"


def test_edit_updates_quotes_in_history_and_timeline(conversation: Conversation):
    post(conversation, BOB, "Hi", "message02", reply_to="message01")
    conversation.apply(conversation.edit(ANN, "message01", "Good morning", after(1)))
    assert quoted_text(conversation, "message02") == "Good morning"
    assert timeline_items(conversation) == list(conversation.history)


def test_deletion_empties_quotes_in_history_and_timeline(conversation: Conversation):
    post(conversation, BOB, "Hi", "message02", reply_to="message01")
    conversation.apply(conversation.delete(ANN, "message01", NOON))
    assert conversation.message("message02").reply == Quote("message01", "ann", "Ann", "")
    assert timeline_items(conversation) == list(conversation.history)


def test_evicted_message_stays_quoted():
    conversation = new_conversation(limit=2)
    post(conversation, ANN, "Hello", "message01")
    post(conversation, BOB, "Hi", "message02", reply_to="message01")
    post(conversation, BOB, "Anybody?", "message03")
    assert quoted_text(conversation, "message02") == "Hello"


def test_reply_decided_before_the_original_is_deleted_quotes_nothing(conversation: Conversation):
    reply = conversation.post(BOB, "Hi", "message02", NOON, reply_to="message01")
    conversation.apply(conversation.delete(ANN, "message01", NOON))
    conversation.apply(reply)
    assert quoted_text(conversation, "message02") == ""


def test_reply_decided_before_the_original_is_edited_quotes_the_new_text(conversation: Conversation):
    reply = conversation.post(BOB, "Hi", "message02", NOON, reply_to="message01")
    conversation.apply(conversation.edit(ANN, "message01", "Good morning", after(1)))
    conversation.apply(reply)
    assert quoted_text(conversation, "message02") == "Good morning"


def test_event_of_a_reply_has_no_text_of_the_original(conversation: Conversation):
    # The event is on disk before it is applied, and may stay there after the original is deleted.
    reply = conversation.post(BOB, "Hi", "message02", NOON, reply_to="message01").message.reply
    assert reply == Quote("message01", "ann", "Ann", "")
