"""Moderation: what moderators put in force, whom it hits, and when it is over. Scenes in a room, by commands."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.everyone import COMMANDS, allowed, help_for, parse
from chat.domain.commands.registry import CommandContext, Outcome, Reply
from chat.domain.errors import (
    ChatError,
    CommandRefused,
    EntryRefused,
    MessageRefused,
    NameRefused,
    NotAllowed,
    SpeechRefused,
)
from chat.domain.events import Connected, Event, MemberChanged
from chat.domain.messages.history import History
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessagesPurged,
    ModerationEvent,
    Muted,
    UserRef,
    WordFilterChanged,
)
from chat.domain.moderation.sanctions import UNKNOWN_CLIENT, ClientIdentity
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms import moderation_actions
from chat.domain.rooms.room import Room
from chat.domain.rooms.timeline import PublicModerationEvent
from chat.domain.users import Member, Role
from chat.i18n.notices import notice
from chat.i18n.phrases import error, reply
from chat.i18n.translator import languages, translator
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MOD = Member("mod1", parse_nickname("Mo"), Role.MODERATOR)
ADA = Member("ada1", parse_nickname("Ada"), Role.ADMIN)
BOB = Member("bob1", parse_nickname("Bob"))
BOB_LEE = Member("boblee", parse_nickname("Bob Lee"))
HOME = ClientIdentity("bob's session", "192.0.2.1")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def room() -> Room:
    """Mo the moderator, Ada the admin, Bob and Bob Lee are here."""
    room = Room("lobby", History(100), timedelta(seconds=10))
    for member in (MOD, ADA, BOB_LEE):
        come(room, member)
    come(room, BOB, HOME)
    return room


def come(room: Room, member: Member, client_identity: ClientIdentity = UNKNOWN_CLIENT, now: datetime = NOON) -> None:
    for event in room.connect(member, f"{member.id}'s tab", now, client_identity):
        room.apply(event)


def run(room: Room, text: str, by: Member = MOD, now: datetime = NOON) -> Outcome:
    found = parse(text)
    assert found
    command, argument = found
    return command.run(
        CommandContext(room, by, argument, now, "message99", parse_nickname, SharedPassword("correct horse"))
    )


def act(room: Room, text: str, by: Member = MOD, now: datetime = NOON) -> Event:
    event = run(room, text, by, now)
    assert isinstance(event, Event)
    assert room.apply(event)
    return event


def say(room: Room, member: Member, text: str, message_id: str = "message01", now: datetime = NOON) -> None:
    room.apply(room.conversation.post(member, text, message_id, now))


def refusal(attempt: Callable[[], object]) -> ChatError:
    with pytest.raises(ChatError) as refused:
        attempt()
    return refused.value


# Every role and every command.


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_asks_the_table_first(room: Room, role: Role, name: str):
    command = COMMANDS[name]
    by = Member("x", parse_nickname("X"), role)
    try:
        command.run(
            CommandContext(room, by, "Nobody", NOON, "message99", parse_nickname, SharedPassword("correct horse"))
        )
        problem = None
    except ChatError as refused:
        problem = refused
    is_refused = isinstance(problem, NotAllowed) and problem.key.startswith("needs-")
    assert is_refused == (command.needs is not None and not has_permission(role, command.needs))


AT_SOMEBODY = {
    "/mute Bob": Permission.MUTE, "/kick Bob": Permission.KICK, "/ban Bob": Permission.BAN, "/purge Bob": Permission.DELETE_ANY,
    "/unmute Bob": Permission.MUTE,
}  # fmt: skip


@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("text", AT_SOMEBODY)
def test_nobody_moderates_those_who_are_not_below(room: Room, text: str, role: Role, target: Role):
    say(room, BOB, "Hello")
    act(room, "/mute Bob")
    room.apply(room.apply_role("bob1", target, NOON))
    by = Member("x", parse_nickname("X"), role)
    if has_permission(role, AT_SOMEBODY[text], target):
        assert isinstance(run(room, text, by), ModerationEvent)
    else:
        assert isinstance(refusal(lambda: run(room, text, by)), NotAllowed)


@pytest.mark.parametrize("wanted", Role)
@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
def test_roles_are_given_and_taken_by_those_above_both(room: Room, role: Role, target: Role, wanted: Role):
    room.apply(room.apply_role("bob1", target, NOON))
    by = Member("x", parse_nickname("X"), role)
    order = list(Role)
    needed = Role.OWNER if Role.ADMIN in {target, wanted} else Role.ADMIN
    is_above = order.index(role) > max(order.index(target), order.index(wanted))
    if is_above and order.index(role) >= order.index(needed):
        event = run(room, f"/role Bob {wanted}", by)
        assert isinstance(event, MemberChanged)
        assert event.member.role is wanted
    else:
        assert isinstance(refusal(lambda: run(room, f"/role Bob {wanted}", by)), NotAllowed)


@pytest.mark.parametrize("role", Role)
def test_help_shows_what_one_may_do(role: Role):
    names = help_for(role).names
    assert set(names) == {
        name for name, row in COMMANDS.items() if row.needs is None or has_permission(role, row.needs)
    }
    assert [row.name for row in allowed(role)] == list(names)


# Names.


@pytest.mark.parametrize(
    ("text", "who", "why"),
    [
        ("/kick Bob", "bob1", ""),
        ("/kick BOB spam", "bob1", "spam"),
        ("/kick @bob spam", "bob1", "spam"),
        ("/kick Bob Lee", "boblee", ""),
        ("/kick bob  lee is loud", "boblee", "is loud"),
        ("/kick Bob Leeway", "bob1", "Leeway"),
        ('/kick "Bob" Lee knows why', "bob1", "Lee knows why"),
        ("/kick „Bob Lee“ spam", "boblee", "spam"),
    ],
)
def test_the_longest_name_that_fits_is_meant(room: Room, text: str, who: str, why: str):
    event = run(room, text)
    assert isinstance(event, Kicked)
    assert (event.whom.id, event.why) == (who, why)


@pytest.mark.parametrize(
    "text", ["/kick Eve", '/kick "', "/kick @", "/kick \u200b", "/kick " + "x" * 4000, "/unban Bob"]
)
def test_a_name_that_nobody_has_is_refused(room: Room, text: str):
    problem = refusal(lambda: run(room, text))
    assert isinstance(problem, CommandRefused)
    assert problem.key == "nobody-called"


# Mutes.


def test_who_is_muted_can_only_read_until_it_is_over(room: Room):
    say(room, BOB, "Hello")
    act(room, "/mute Bob 5 Calm down")
    for attempt in (
        lambda: room.conversation.post(BOB, "Hi", "message02", after(1)),
        lambda: room.conversation.edit(BOB, "message01", "Hi", after(1)),
        lambda: room.rename("bob1", parse_nickname("Robert"), after(1)),
        lambda: run(room, "/me waves", BOB, after(1)),
        lambda: run(room, "/shrug", BOB, after(1)),
        lambda: run(room, "/nick Robert", BOB, after(1)),
    ):
        problem = refusal(attempt)
        assert isinstance(problem, SpeechRefused)
        assert (problem.key, problem.details) == ("muted", {"left": 299, "why": "Calm down"})
    assert room.type("bob1", True, after(1)) == []
    say(room, BOB, "Sorry", "message02", after(300))
    assert room.type("bob1", True, after(300))


def test_who_is_muted_stops_typing(room: Room):
    for event in room.type("bob1", True, NOON):
        room.apply(event)
    act(room, "/mute Bob")
    assert room.typing.members == ()


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
def test_a_mute_takes_as_long_as_is_said(room: Room, text: str, seconds: int):
    event = act(room, text)
    assert isinstance(event, Muted)
    assert event.until == after(seconds)


@pytest.mark.parametrize("text", ["/mute Bob 0", "/mute Bob 367d", "/mute Bob 999999w", "/ban Bob 0m"])
def test_no_time_is_no_mute_and_for_ever_neither(room: Room, text: str):
    assert refusal(lambda: run(room, text)).key == "duration-range"


def test_who_is_unmuted_speaks_again(room: Room):
    act(room, "/mute Bob")
    act(room, "/unmute Bob")
    say(room, BOB, "Thanks")
    assert refusal(lambda: run(room, "/unmute Bob")).key == "not-muted"


def test_a_mute_goes_with_the_session(room: Room):
    act(room, "/mute Bob")
    for event in room.leave("bob1", NOON):
        room.apply(event)
    robert = Member("robert", parse_nickname("Robert"))
    come(room, robert, HOME)
    assert refusal(lambda: room.conversation.post(robert, "Hi", "message02", NOON)).key == "muted"


def test_a_mute_does_not_hit_a_neighbour(room: Room):
    act(room, "/mute Bob")
    eve = Member("eve", parse_nickname("Eve"))
    come(room, eve, ClientIdentity("eve's session", HOME.address))
    say(room, eve, "Hi")


# Kicks and bans.


def test_who_is_kicked_can_come_back_after_a_minute(room: Room):
    act(room, "/kick Bob Out!")
    problem = refusal(lambda: come(room, BOB, HOME, after(59)))
    assert isinstance(problem, EntryRefused)
    assert (problem.key, problem.until, problem.why) == ("kicked", after(60), "Out!")
    come(room, BOB, HOME, after(60))


@pytest.mark.parametrize(
    ("text", "until", "why"),
    [
        ("/ban Bob", None, ""),
        ("/ban Bob spam", None, "spam"),
        ("/ban Bob 10m", after(600), ""),
        ("/ban Bob 2h spam", after(7200), "spam"),
        ("/ban Bob 7 spam", None, "7 spam"),
    ],
)
def test_who_is_banned_can_not_come_in(room: Room, text: str, until: datetime | None, why: str):
    act(room, text)
    problem = refusal(lambda: come(room, BOB, HOME))
    assert isinstance(problem, EntryRefused)
    assert (problem.until, problem.why) == (until, why)
    if until:
        come(room, BOB, HOME, until)


@pytest.mark.parametrize(
    "client_identity",
    [HOME, ClientIdentity(session=HOME.session), ClientIdentity(address=HOME.address)],
    ids=["both", "session", "address"],
)
def test_another_name_does_not_help(room: Room, client_identity: ClientIdentity):
    act(room, "/ban Bob")
    assert isinstance(refusal(lambda: come(room, Member("eve", parse_nickname("Eve")), client_identity)), EntryRefused)


def test_an_account_is_banned_wherever_it_comes_from(room: Room):
    cid = Member("cid1", parse_nickname("Cid"), Role.MEMBER)
    come(room, cid, ClientIdentity("phone", "192.0.2.7", "account of cid"))
    act(room, "/ban Cid")
    elsewhere = ClientIdentity("desk", "192.0.2.8", "account of cid")
    assert isinstance(refusal(lambda: come(room, Member("cid2", parse_nickname("Cid2")), elsewhere)), EntryRefused)


def test_only_the_newest_addresses_of_a_traveller_are_banned(room: Room):
    for number in range(100):
        room.apply(Connected("lobby", "bob1", f"tab {number}", ClientIdentity("bob's session", f"192.0.2.{number}")))
    event = act(room, "/ban Bob")
    assert isinstance(event, Banned)
    assert "address:192.0.2.99" in event.identifiers
    assert len(event.identifiers) <= 21
    assert isinstance(refusal(lambda: come(room, Member("eve", parse_nickname("Eve")), HOME)), EntryRefused)


def test_a_longer_mute_replaces_a_shorter_one(room: Room):
    act(room, "/mute Bob 5")
    act(room, "/mute Bob 1h", now=after(60))
    assert [sanction.until for sanction in room.moderation.mutes] == [after(3660)]


def test_what_is_over_is_forgotten_at_the_next(room: Room):
    act(room, "/mute Bob 5")
    act(room, "/mute Bob Lee 5", now=after(301))
    assert [sanction.whom.name for sanction in room.moderation.mutes] == ["Bob Lee"]


def test_others_come_and_go(room: Room):
    act(room, "/ban Bob")
    come(room, Member("eve", parse_nickname("Eve")), ClientIdentity("eve's session", "192.0.2.9"))


def test_a_ban_bars_no_moderator_from_the_same_address(room: Room):
    other = Member("mia", parse_nickname("Mia"), Role.MODERATOR)
    act(room, "/ban Bob")
    come(room, other, ClientIdentity("mia's session", HOME.address))


def test_an_address_that_a_moderator_has_too_is_not_banned(room: Room):
    room.apply(Connected("lobby", "mod1", "tab 2", ClientIdentity("mo's session", HOME.address)))
    event = act(room, "/ban Bob")
    assert isinstance(event, Banned)
    assert event.identifiers == {"member:bob1", "session:bob's session"}


def test_who_has_left_can_be_banned_if_they_said_something(room: Room):
    say(room, BOB, "Spam")
    for event in room.leave("bob1", NOON):
        room.apply(event)
    act(room, "/ban Bob")
    assert isinstance(refusal(lambda: come(room, Member("eve", parse_nickname("Eve")), HOME)), EntryRefused)


def test_who_is_unbanned_comes_back(room: Room):
    act(room, "/ban Bob")
    act(room, "/unban bob")
    come(room, BOB, HOME)


# Slow mode and lock.


def test_in_slow_mode_people_wait(room: Room):
    act(room, "/slow 30")
    say(room, BOB, "One", "message01")
    problem = refusal(lambda: say(room, BOB, "Two", "message02", after(10.5)))
    assert isinstance(problem, SpeechRefused)
    assert (problem.key, problem.details) == ("slow-mode", {"left": 20})
    say(room, BOB_LEE, "One", "message03", after(10))
    say(room, BOB, "Two", "message02", after(30))


def test_deleting_does_not_shorten_the_wait(room: Room):
    act(room, "/slow 30")
    say(room, BOB, "One")
    room.apply(room.conversation.delete(BOB, "message01"))
    assert refusal(lambda: say(room, BOB, "Two", "message02", after(1))).key == "slow-mode"


def test_moderators_do_not_wait(room: Room):
    act(room, "/slow 30")
    say(room, MOD, "One", "message01")
    say(room, MOD, "Two", "message02")


def test_slow_mode_ends(room: Room):
    act(room, "/slow 30")
    say(room, BOB, "One", "message01")
    act(room, "/slow")
    say(room, BOB, "Two", "message02")


@pytest.mark.parametrize(
    ("text", "key"), [("/slow fast", "number-wanted"), ("/slow -1", "number-wanted"), ("/slow 3601", "slow-range")]
)
def test_slow_mode_takes_a_number(room: Room, text: str, key: str):
    assert refusal(lambda: run(room, text)).key == key


def test_in_a_locked_room_moderators_speak(room: Room):
    say(room, BOB, "Hello")
    act(room, "/lock")
    assert refusal(lambda: say(room, BOB, "Hi", "message02")).key == "locked"
    assert refusal(lambda: room.conversation.edit(BOB, "message01", "Hi", NOON)).key == "locked"
    say(room, MOD, "Quiet, please", "message03")
    room.apply(room.conversation.delete(BOB, "message01"))
    act(room, "/unlock")
    say(room, BOB, "Hi", "message02")


# The word filter.


@pytest.mark.parametrize(
    "text", ["darn", "DARN!", "Därn it", "oh da\u200brn", "ok, damnation", "damn", "„Darn“", "_darn_", "oh__darn__"]
)
def test_filtered_words_are_refused(room: Room, text: str):
    act(room, "/filter Darn damn*", ADA)
    assert refusal(lambda: say(room, BOB, text)).key == "word-filtered"
    assert refusal(lambda: say(room, ADA, text)).key == "word-filtered"


@pytest.mark.parametrize("text", ["darned", "adamn", "da rn", "Hello"])
def test_other_words_are_fine(room: Room, text: str):
    act(room, "/filter darn damn*", ADA)
    say(room, BOB, text)


def test_an_edit_and_a_name_are_filtered_too(room: Room):
    act(room, "/filter darn", ADA)
    say(room, BOB, "Hello")
    assert refusal(lambda: room.conversation.edit(BOB, "message01", "Darn", NOON)).key == "word-filtered"
    assert isinstance(refusal(lambda: room.rename("bob1", parse_nickname("Darn Bob"), NOON)), NameRefused)


def test_words_are_listed_and_taken_back(room: Room):
    act(room, "/filter darn damn*", ADA)
    assert run(room, "/filter", ADA) == Reply("filter", ("damn*", "darn"))
    event = act(room, "/filter -DARN heck", ADA)
    assert event == WordFilterChanged("lobby", UserRef("ada1", "Ada"), NOON, frozenset({"heck"}), frozenset({"darn"}))
    say(room, BOB, "darn")


@pytest.mark.parametrize("word", ["*", "-", "a-b", "a_b", "!", "x" * 41, "da*rn"])
def test_what_is_no_word_is_refused(room: Room, word: str):
    assert refusal(lambda: run(room, f"/filter {word}", ADA)).key == "filter-word"


# Purges and reports.


def test_a_purge_names_the_last_messages(room: Room):
    for number in range(5):
        say(room, BOB, f"Spam {number}", f"message{number:02}")
        say(room, BOB_LEE, "Hm", f"answer0{number}")
    event = run(room, "/purge Bob 2")
    assert isinstance(event, MessagesPurged)
    assert event.messages == ("message04", "message03")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/purge Bob", "purge-nothing"),
        ("/purge Bob 0", "purge-range"),
        ("/purge Bob 101", "purge-range"),
        ("/purge Bob all", "number-wanted"),
    ],
)
def test_a_purge_needs_messages(room: Room, text: str, key: str):
    assert refusal(lambda: run(room, text)).key == key


def test_a_report_is_open_until_it_is_settled(room: Room):
    say(room, BOB, "Spam")
    for by in (BOB_LEE, ADA):
        assert room.apply(moderation_actions.report(room, by, "message01", NOON, why=" so\nloud "))
    assert [(report.by.name, report.author.name, report.why) for report in room.moderation.reports.open] == [
        ("Bob Lee", "Bob", "so loud"),
        ("Ada", "Bob", "so loud"),
    ]
    assert room.apply(moderation_actions.resolve(room, MOD, "message01", after(5)))
    assert room.moderation.reports.open == []
    assert refusal(lambda: moderation_actions.resolve(room, MOD, "message01", after(5))).key == "report-gone"


def test_a_message_is_reported_once_by_each(room: Room):
    say(room, BOB, "Spam")
    assert room.apply(moderation_actions.report(room, BOB_LEE, "message01", NOON, why="loud"))
    assert (
        refusal(lambda: moderation_actions.report(room, BOB_LEE, "message01", after(1), why="again")).key
        == "report-again"
    )


def test_a_report_keeps_what_was_said_until_it_is_settled(room: Room):
    say(room, BOB, "Spam")
    room.apply(moderation_actions.report(room, BOB_LEE, "message01", NOON))
    room.apply(room.conversation.edit(BOB, "message01", "Hello", after(1)))
    room.apply(room.conversation.delete(BOB, "message01"))
    assert [report.text for report in room.moderation.reports.open] == ["Spam"]
    room.apply(moderation_actions.resolve(room, MOD, "message01", after(5)))
    assert [report.text for report in room.moderation.reports] == [""]


def test_a_purge_settles_the_reports_of_what_it_deletes(room: Room):
    say(room, BOB, "Spam", "message01")
    say(room, BOB, "More", "message02")
    for message_id in "message01", "message02":
        room.apply(moderation_actions.report(room, BOB_LEE, message_id, NOON))
    act(room, "/purge Bob 1")
    assert [report.message for report in room.moderation.reports.open] == ["message01"]


@pytest.mark.parametrize("message_id", ["message09", "", None, 5, {}, ["message01"]], ids=repr)
def test_what_is_no_message_is_not_reported(room: Room, message_id: object):
    assert isinstance(refusal(lambda: moderation_actions.report(room, BOB, message_id, NOON)), MessageRefused)


def test_nobody_reports_themselves(room: Room):
    say(room, BOB, "Spam")
    assert refusal(lambda: moderation_actions.report(room, BOB, "message01", NOON)).key == "report-own"


@pytest.mark.parametrize(
    ("why", "kept"), [(None, ""), (5, ""), ({}, ""), ("\u200b", ""), ("a\n\nb\x00", "a b")], ids=repr
)
def test_a_reason_is_one_line_or_none(why: object, kept: str):
    assert moderation_actions.reason(why) == kept


def test_a_reason_is_short():
    assert refusal(lambda: moderation_actions.reason("x" * 201)).key == "reason-too-long"


# Facts.

SCENE = [
    "/mute Bob", "/unmute Bob", "/kick Bob", "/ban Bob", "/unban Bob", "/slow 30", "/slow", "/lock", "/unlock",
    "/purge Bob", "/filter darn",
]  # fmt: skip


def scene(room: Room) -> list[ModerationEvent]:
    say(room, BOB, "Hello")
    events = [act(room, text, ADA) for text in SCENE]
    events += [moderation_actions.report(room, BOB_LEE, "message01", NOON)]
    room.apply(events[-1])
    events += [moderation_actions.resolve(room, ADA, "message01", NOON)]
    return [event for event in events if isinstance(event, ModerationEvent)]


def test_every_kind_of_act_is_in_the_scene(room: Room):
    assert {type(event) for event in scene(room)} == set(get_args(ModerationEvent))


def test_an_act_that_comes_twice_is_no_news(room: Room):
    events = scene(room)
    other = Room("lobby", History(100), timedelta(seconds=10))
    for event in events:
        assert other.apply(event), event
        assert not other.apply(event), event


def test_a_decision_changes_nothing(room: Room):
    say(room, BOB, "Hello")
    for text in SCENE:
        if "un" not in text:
            run(room, text, ADA)
    assert not list(room.moderation.mutes)
    assert not list(room.moderation.bans)
    assert not room.moderation.locked
    say(room, BOB, "Still here", "message02")


@pytest.mark.parametrize("code", languages())
def test_there_are_words_for_what_everybody_is_told(room: Room, code: str):
    lines = [notice(translator(code), event, str) for event in scene(room) if isinstance(event, PublicModerationEvent)]
    assert len(lines) == 10
    assert all("Ada" in line for line in lines)


def test_a_mute_is_told_in_words(room: Room):
    event = act(room, "/mute Bob 5 Calm down")
    assert isinstance(event, Muted)
    assert notice(translator("en"), event, str) == "Bob was muted by Mo (5 minutes)"
    problem = refusal(lambda: say(room, BOB, "Hi", now=after(1)))
    told = "You are muted and can only read. Time left: 5 minutes. Reason: Calm down"
    assert error(translator("en"), problem) == told


def test_the_filter_is_listed_in_words():
    assert reply(translator("en"), Reply("filter", ("damn*", "darn"))) == ["2 words are refused:", "damn*", "darn"]
