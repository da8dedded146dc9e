"""Editing and deleting messages: only one's own, or as a moderator."""

import pytest

from chat.domain.errors import MessageRefused, TextRefused
from chat.domain.messages.events import MessageDeleted
from chat.domain.messages.message import Kind
from chat.domain.rooms.conversation import Conversation
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, NOON, after, post, refusal, timeline_items

# Edits.


def test_edit_changes_the_text_in_place_and_is_dated(conversation: Conversation):
    post(conversation, BOB, "Hi", "message02")
    assert conversation.apply(conversation.edit(ANN, "message01", "Good morning", after(5)))
    first, _ = conversation.history
    assert (first.id, first.text, first.at, first.edited) == ("message01", "Good morning", NOON, after(5))
    assert timeline_items(conversation) == list(conversation.history)


def test_edit_to_the_same_text_changes_nothing(conversation: Conversation):
    assert not conversation.apply(conversation.edit(ANN, "message01", "Hello\n", after(5)))
    assert conversation.message("message01").edited is None


def test_edited_action_stays_an_action(conversation: Conversation):
    conversation.apply(conversation.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION))
    conversation.apply(conversation.edit(BOB, "message02", "jumps", after(1)))
    edited = conversation.message("message02")
    assert (edited.text, edited.kind) == ("jumps", Kind.ACTION)


def test_edit_updates_mentions(conversation: Conversation):
    post(conversation, ANN, "@Bob, look", "message02")
    conversation.apply(conversation.edit(ANN, "message02", "@Cid, look", after(1)))
    assert conversation.message("message02").mentions == {"Cid": "cid"}


def test_renamed_author_can_edit(conversation: Conversation):
    anna = ANN.renamed(parse_nickname("Anna"))
    conversation.apply(conversation.edit(anna, "message01", "Good morning", after(1)))
    edited = conversation.message("message01")
    assert (edited.text, edited.name) == ("Good morning", "Ann")


@pytest.mark.parametrize("member", [BOB, ADA], ids=["another member", "admin"])
def test_only_the_author_can_edit(conversation: Conversation, member: Member):
    problem = refusal(lambda: conversation.edit(member, "message01", "I am a fool", NOON))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-foreign"


@pytest.mark.parametrize(("text", "key"), [(" ", "text-empty"), ("a" * 4001, "text-too-long"), (None, "text-empty")])
def test_edit_to_invalid_text_is_refused(conversation: Conversation, text: object, key: str):
    problem = refusal(lambda: conversation.edit(ANN, "message01", text, NOON))
    assert isinstance(problem, TextRefused)
    assert problem.key == key


def test_edit_applied_after_deletion_changes_nothing(conversation: Conversation):
    edit = conversation.edit(ANN, "message01", "Good morning", after(1))
    conversation.apply(conversation.delete(ANN, "message01", NOON))
    assert not conversation.apply(edit)
    assert timeline_items(conversation) == list(conversation.history) == []


# Deletions.


@pytest.mark.parametrize("member", [ANN, ADA], ids=["author", "admin"])
def test_author_and_admin_can_delete(conversation: Conversation, member: Member):
    event = conversation.delete(member, "message01", NOON)
    assert event == MessageDeleted("lobby", member.ref, ANN.ref, NOON, "message01")
    assert conversation.apply(event)
    assert timeline_items(conversation) == list(conversation.history) == []


def test_other_members_cannot_delete(conversation: Conversation):
    problem = refusal(lambda: conversation.delete(BOB, "message01", NOON))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-foreign"


def test_second_deletion_changes_nothing(conversation: Conversation):
    by_author, by_admin = conversation.delete(ANN, "message01", NOON), conversation.delete(ADA, "message01", NOON)
    assert conversation.apply(by_author)
    assert not conversation.apply(by_admin)
