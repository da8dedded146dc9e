"""Purging messages, and reporting them to the moderators."""

import pytest

from chat.domain.errors import MessageRefused
from chat.domain.messages.events import MessagesPurged
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.decision_values import parse_reason
from chat.domain.rooms.moderation_actions import ReportMessage, ResolveReports
from chat.domain.rooms.moderation_decisions import decide
from chat.domain.users import Member
from tests.unit.domain.rooms.scenes import ADA, BOB, BOB_LEE, MO, NOON, after, event_of, post, refusal

# Purges.


def test_purge_selects_the_latest_messages_of_the_target(moderated_chat: ChatState):
    for number in range(5):
        post(moderated_chat.lobby.conversation, BOB, f"Spam {number}", f"message{number:02}")
        post(moderated_chat.lobby.conversation, BOB_LEE, "Hm", f"answer0{number}")
    event = event_of(moderated_chat, "/purge Bob 2")
    assert isinstance(event, MessagesPurged)
    assert event.message_ids == ("message04", "message03")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/purge Bob", "purge-nothing"),
        ("/purge Bob 0", "purge-range"),
        ("/purge Bob 101", "purge-range"),
        ("/purge Bob all", "number-wanted"),
    ],
)
def test_purge_needs_messages_and_a_number_in_range(moderated_chat: ChatState, text: str, key: str):
    assert refusal(lambda: event_of(moderated_chat, text)).key == key


# Reports.


def report(chat: ChatState, actor: Member, message_id: object, reason: object = "") -> bool:
    return chat.apply(decide(chat.lobby, actor, ReportMessage(message_id, reason), NOON))


def resolve(chat: ChatState, message_id: object) -> bool:
    return chat.apply(decide(chat.lobby, MO, ResolveReports(message_id), after(5)))


def test_report_is_open_until_resolved(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    for actor in (BOB_LEE, ADA):
        assert report(moderated_chat, actor, "message01", " so\nloud ")
    reports = moderated_chat.moderation.reports
    assert [(found.actor.name, found.author.name, found.reason) for found in reports.open] == [
        ("Bob Lee", "Bob", "so loud"),
        ("Ada", "Bob", "so loud"),
    ]
    assert resolve(moderated_chat, "message01")
    assert reports.open == []
    assert refusal(lambda: resolve(moderated_chat, "message01")).key == "report-gone"


def test_member_can_report_a_message_only_once(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    assert report(moderated_chat, BOB_LEE, "message01", "loud")
    assert refusal(lambda: report(moderated_chat, BOB_LEE, "message01", "again")).key == "report-again"


def test_report_keeps_the_reported_text_until_resolved(moderated_chat: ChatState):
    conversation = moderated_chat.lobby.conversation
    post(conversation, BOB, "Spam")
    report(moderated_chat, BOB_LEE, "message01")
    conversation.apply(conversation.edit(BOB, "message01", "Hello", after(1)))
    conversation.apply(conversation.delete(BOB, "message01", after(2)))
    assert [found.text for found in moderated_chat.moderation.reports.open] == ["Spam"]
    resolve(moderated_chat, "message01")
    assert [found.text for found in moderated_chat.moderation.reports] == [""]


@pytest.mark.parametrize("message_id", ["message09", "", None, 5, {}, ["message01"]], ids=repr)
def test_unknown_message_cannot_be_reported(moderated_chat: ChatState, message_id: object):
    assert isinstance(refusal(lambda: report(moderated_chat, BOB, message_id)), MessageRefused)


@pytest.mark.parametrize("message_id", ["message09", "", None, 5, {}, ["message01"]], ids=repr)
def test_reports_of_an_unknown_message_cannot_be_resolved(moderated_chat: ChatState, message_id: object):
    assert refusal(lambda: resolve(moderated_chat, message_id)).key == "report-gone"


def test_own_message_cannot_be_reported(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    assert refusal(lambda: report(moderated_chat, BOB, "message01")).key == "report-own"


@pytest.mark.parametrize(
    ("reason", "parsed"), [(None, ""), (5, ""), ({}, ""), ("\u200b", ""), ("a\n\nb\x00", "a b")], ids=repr
)
def test_reason_is_one_line_or_empty(reason: object, parsed: str):
    assert parse_reason(reason) == parsed


def test_long_reason_is_refused():
    assert refusal(lambda: parse_reason("x" * 201)).key == "reason-too-long"
