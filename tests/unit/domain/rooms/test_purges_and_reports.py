"""Purging messages, and reporting them to the moderators."""

from datetime import timedelta

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import MessageRefused
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation import reports
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.moderation import report_decisions
from chat.domain.rooms.moderation.decision_values import parse_reason
from chat.domain.rooms.moderation.moderation_actions import ReportMessage, ResolveReports
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
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
    [found] = reports.open
    assert found.author.name == "Bob"
    assert [(by.user.name, by.reason) for by in found.reporters] == [("Bob Lee", "so loud"), ("Ada", "so loud")]
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


def test_person_counts_once_under_any_name(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    moderated_chat.moderation.remember_client(ADA.id, ClientIdentity("browser", "192.0.2.1"))
    assert report(moderated_chat, ADA, "message01")
    moderated_chat.moderation.remember_client(BOB_LEE.id, ClientIdentity("browser", "192.0.2.2"))
    assert refusal(lambda: report(moderated_chat, BOB_LEE, "message01")).key == "report-again"


def test_neighbour_counts_too(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Spam")
    for member in ADA, BOB_LEE:
        moderated_chat.moderation.remember_client(member.id, ClientIdentity(member.id, "192.0.2.1"))
        assert report(moderated_chat, member, "message01")


def test_message_is_reported_again_after_it_was_resolved(moderated_chat: ChatState):
    conversation = moderated_chat.lobby.conversation
    post(conversation, BOB, "Spam")
    report(moderated_chat, BOB_LEE, "message01")
    assert resolve(moderated_chat, "message01")
    assert refusal(lambda: report(moderated_chat, BOB_LEE, "message01")).key == "report-again"
    conversation.apply(conversation.edit(BOB, "message01", "More spam", after(1)))
    assert report(moderated_chat, ADA, "message01")
    assert [(found.text, len(found.reporters)) for found in moderated_chat.moderation.reports.open] == [
        ("More spam", 2)
    ]


@pytest.fixture
def full(moderated_chat: ChatState, monkeypatch: pytest.MonkeyPatch) -> ChatState:
    """Return a room where Ada, by one open report, used up her own limit, or that of her address, or the room's."""
    monkeypatch.setattr(reports, "OPEN_PER_PERSON", (1, timedelta(hours=1)))
    for number in range(1, 4):
        post(moderated_chat.lobby.conversation, BOB, "Spam", f"message0{number}")
    moderated_chat.moderation.remember_client(ADA.id, ClientIdentity("browser", "192.0.2.1"))
    moderated_chat.moderation.remember_client(BOB_LEE.id, ClientIdentity("", "192.0.2.1"))
    report(moderated_chat, ADA, "message01")
    return moderated_chat


def test_open_reports_of_a_person_are_limited_for_a_time(full: ChatState):
    problem = refusal(lambda: decide(full.lobby, ADA, ReportMessage("message02"), after(60)))
    assert (problem.key, problem.details) == ("reports-full", {"left": 3540})
    assert decide(full.lobby, ADA, ReportMessage("message02"), after(3600))
    assert report(full, BOB_LEE, "message02")  # a neighbour


def test_resolved_reports_are_not_counted(full: ChatState):
    resolve(full, "message01")
    assert report(full, ADA, "message02")


def test_open_reports_of_an_address_are_limited_for_a_time(full: ChatState, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reports, "OPEN_PER_ADDRESS", (1, timedelta(days=1)))
    problem = refusal(lambda: report(full, BOB_LEE, "message02"))
    assert (problem.key, problem.details) == ("reports-full", {"left": 86400})
    assert report(full, MO, "message02")


def test_open_reports_are_never_dropped(full: ChatState, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reports, "MAX_OPEN", 1)
    monkeypatch.setattr(reports, "FEW", 1)
    assert refusal(lambda: report(full, BOB_LEE, "message02")).key == "reports-full"
    assert report(full, BOB_LEE, "message01")  # is open already
    assert [found.message_id for found in full.moderation.reports.open] == ["message01"]


@pytest.fixture
def flooded(moderated_chat: ChatState) -> ChatState:
    """Return a chat with all the open reports that four addresses can make, and one by Ada before them."""
    post(moderated_chat.lobby.conversation, BOB, "Rude", "message01")
    moderated_chat.moderation.remember_client(ADA.id, ClientIdentity("ada's browser", "203.0.113.1"))
    report(moderated_chat, ADA, "message01")
    number, last = 0, {f"192.0.2.{host}": 0 for host in range(4)}
    for address in last:
        for _ in range(3):
            eve = Member(f"eve{number}", parse_nickname(f"Eve {number}"))
            moderated_chat.moderation.remember_client(eve.id, ClientIdentity(eve.id, address))
            for _ in range(20):
                number += 1
                post(moderated_chat.lobby.conversation, BOB, "Hi", f"spam{number:08}")
                if not moderated_chat.moderation.reports.is_full(moderated_chat.moderation.identifiers_of(eve.id)):
                    report(moderated_chat, eve, f"spam{number:08}")
    assert len(moderated_chat.moderation.reports.open) >= reports.MAX_OPEN
    return moderated_chat


def test_few_addresses_keep_nobody_from_reporting(flooded: ChatState):
    post(flooded.lobby.conversation, BOB, "Worse", "message02")
    assert report(flooded, ADA, "message02")
    for number in range(3):
        neighbour = Member(f"neighbour{number}", parse_nickname(f"Neighbour {number}"))
        flooded.moderation.remember_client(neighbour.id, ClientIdentity(neighbour.id, f"203.0.113.{10 + number}"))
        post(flooded.lobby.conversation, BOB, "Worst", f"message1{number}")
        assert report(flooded, neighbour, f"message1{number}")
    shown = [found.message_id for found in flooded.moderation.reports.in_turn()]
    assert len(shown) == len(flooded.moderation.reports.open)
    assert {"message01", "message02", "message10", "message12"} <= set(shown[: 4 * reports.SOME + 5])


def test_there_is_an_end_to_all_reports(flooded: ChatState, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reports, "MAX_OPEN_IN_ALL", len(flooded.moderation.reports.open))
    post(flooded.lobby.conversation, BOB, "Worse", "message02")
    assert refusal(lambda: report(flooded, ADA, "message02")).key == "reports-full"


def test_reporters_of_a_message_are_limited(full: ChatState, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report_decisions, "MAX_REPORTERS", 1)
    assert refusal(lambda: report(full, BOB_LEE, "message01")).key == "report-known"


def test_only_the_last_resolved_reports_are_kept(full: ChatState, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reports, "MAX_RESOLVED", 1)
    resolve(full, "message01")
    assert report(full, ADA, "message02")
    assert len(list(full.moderation.reports)) == 2
    resolve(full, "message02")
    assert [found.message_id for found in full.moderation.reports] == ["message02"]


def test_resolved_report_forgets_text_and_identifiers(full: ChatState):
    resolve(full, "message01")
    [found] = full.moderation.reports
    assert (found.text, [by.identifiers for by in found.reporters]) == ("", [frozenset()])


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
