"""Phrases and notices with any number of people, in languages with two, three and six plurals."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.directory import Directory
from chat.domain.commands import rooms
from chat.domain.commands.parser import COMMANDS, allowed_commands
from chat.domain.commands.replies import HelpReply, RosterReply
from chat.domain.nickname_policy import check_nickname
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.notices import JoinLeaveSummary, JoinOrLeave, PresenceChange, RenamedNotice
from chat.domain.users import Role
from chat.i18n import phrases
from chat.i18n.notices import describe_notice
from chat.i18n.translator import languages, translator
from chat.text.nicknames import parse_nickname

AT = datetime(2030, 1, 1, tzinfo=UTC)
PEOPLE = [f"P{number}" for number in range(1, 101)]

TYPING = {
    "en": {
        0: "",
        1: "P1 is typing",
        2: "P1 and P2 are typing",
        3: "P1, P2 and 1 other are typing",
        11: "P1, P2 and 9 others are typing",
        100: "P1, P2 and 98 others are typing",
    },
    "de": {
        0: "",
        1: "P1 schreibt",
        2: "P1 und P2 schreiben",
        3: "P1, P2 und 1 weitere Person schreiben",
        11: "P1, P2 und 9 weitere schreiben",
        100: "P1, P2 und 98 weitere schreiben",
    },
    "ar": {
        0: "",
        1: "يكتب الآن P1",
        2: "يكتب الآن P1 وP2",
        3: "يكتب الآن P1 وP2 وشخص آخر",
        11: "يكتب الآن P1 وP2 و9 أشخاص آخرين",
        100: "يكتب الآن P1 وP2 و98 شخصًا آخر",
    },
}

JOINED = {
    "en": {
        0: "",
        1: "P1 joined",
        2: "P1 and P2 joined",
        3: "P1, P2, and P3 joined",
        11: "P1, P2, P3, and 8 others joined",
        100: "P1, P2, P3, and 97 others joined",
    },
    "de": {
        0: "",
        1: "P1 ist dazugekommen",
        2: "P1 und P2 sind dazugekommen",
        3: "P1, P2 und P3 sind dazugekommen",
        11: "P1, P2, P3 und 8 weitere sind dazugekommen",
        100: "P1, P2, P3 und 97 weitere sind dazugekommen",
    },
    "ar": {
        0: "",
        1: "انضم إلى المحادثة P1",
        2: "انضم إلى المحادثة P1 وP2",
        3: "انضم إلى المحادثة P1 وP2 وP3",
        11: "انضم إلى المحادثة P1 وP2 وP3 و8 أشخاص آخرين",
        100: "انضم إلى المحادثة P1 وP2 وP3 و97 شخصًا آخر",
    },
}

HERE = {
    "en": {
        0: "0 people are here:",
        1: "1 person is here:",
        2: "2 people are here:",
        3: "3 people are here:",
        11: "11 people are here:",
        100: "100 people are here:",
    },
    "de": {
        0: "0 Personen sind hier:",
        1: "1 Person ist hier:",
        2: "2 Personen sind hier:",
        3: "3 Personen sind hier:",
        11: "11 Personen sind hier:",
        100: "100 Personen sind hier:",
    },
    "ar": {
        0: "لا أحد هنا:",
        1: "شخص واحد هنا:",
        2: "شخصان هنا:",
        3: "3 أشخاص هنا:",
        11: "11 شخصًا هنا:",
        100: "100 شخص هنا:",
    },
}


@pytest.mark.parametrize("code", TYPING)
def test_typing_line(code: str):
    assert {count: phrases.typing(translator(code), PEOPLE[:count]) for count in TYPING[code]} == TYPING[code]


@pytest.mark.parametrize("code", JOINED)
def test_joined_notice(code: str):
    def joined(count: int) -> str:
        changes = tuple(PresenceChange(name, name, JoinOrLeave.JOINED, AT) for name in PEOPLE[:count])
        return describe_notice(translator(code), JoinLeaveSummary(AT, changes), str)

    assert {count: joined(count) for count in JOINED[code]} == JOINED[code]


@pytest.mark.parametrize("code", HERE)
def test_roster_reply(code: str):
    replies = {
        count: phrases.describe_reply(translator(code), RosterReply(tuple(PEOPLE[:count]))) for count in HERE[code]
    }
    assert {count: lines[0] for count, lines in replies.items()} == HERE[code]
    assert all(name in line for name, line in zip(PEOPLE, replies[100][1:], strict=True))


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "A joined · B left"),
        ("de", "A ist dazugekommen · B ist gegangen"),
        ("ar", "انضم إلى المحادثة A · غادر المحادثة B"),
    ],
)
def test_joins_and_leaves_share_a_line(code: str, line: str):
    changes = (PresenceChange("a", "A", JoinOrLeave.JOINED, AT), PresenceChange("b", "B", JoinOrLeave.LEFT, AT))
    assert describe_notice(translator(code), JoinLeaveSummary(AT, changes), str) == line


DIRECT = {
    ("en", "ann"): "Bob and Cem",
    ("en", "dora"): "Ann, Bob, and Cem",
    ("de", "bob"): "Ann und Cem",
    ("ja", "cem"): "Ann、Bob",
    ("ar", "ann"): "Bob وCem",
}


@pytest.mark.parametrize(("code", "viewer"), DIRECT)
def test_direct_room_has_the_names_of_the_others(code: str, viewer: str):
    people = People(timedelta())
    for name in ("Cem", "Ann", "Bob"):
        people.names.remember(name.lower(), name)
    room = RoomInfo("direct", RoomKind.DIRECT, members=frozenset({"ann", "bob", "cem", viewer}))
    assert phrases.direct_name(translator(code), people, room, viewer) == DIRECT[code, viewer]


def test_name_of_a_direct_room_follows_renamed_people_and_survives_deleted_ones():
    people = People(timedelta(), accounts=Directory(deleted=["cem"]))
    room = RoomInfo("direct", RoomKind.DIRECT, members=frozenset({"ann", "bob", "cem", "forgotten guest"}))
    people.names.remember("bob", "Abe")
    assert phrases.direct_name(translator("en"), people, room, "ann") == "Abe and Deleted account"


def test_private_room_has_the_names_of_its_members_of_many_only_the_first():
    people = People(timedelta())
    for name in ("Cem", "ann"):
        people.names.remember(name.lower(), name)
    room = RoomInfo("tea", RoomKind.PRIVATE, members=frozenset({"ann", "cem", "forgotten guest"}))
    assert phrases.member_names(translator("en"), people, room) == "ann, Cem, and guest"
    for name in PEOPLE:
        people.names.remember(name, name)
    text = phrases.member_names(translator("de"), people, RoomInfo("tea", RoomKind.PRIVATE, members=frozenset(PEOPLE)))
    assert text.startswith("P1, P10, P100, ")
    assert text.endswith(" und 80 weitere")


@pytest.mark.parametrize("code", languages())
def test_percent_signs_in_names_are_plain_text(code: str):
    line = describe_notice(translator(code), RenamedNotice(AT, "100%", "%(after)s"), str)
    assert "100%" in line
    assert "%(after)s" in line


@pytest.mark.parametrize("code", languages())
def test_help_has_a_line_for_each_command(code: str):
    lines = phrases.describe_reply(translator(code), HelpReply(Role.OWNER, frozenset(rooms.COMMANDS)))
    for line, command in zip(lines, COMMANDS.values(), strict=True):
        assert f"/{command.name}" in line
        assert translator(code)(command.summary) in line


@pytest.mark.parametrize("role", Role)
def test_help_lists_only_allowed_commands(role: Role):
    lines = phrases.describe_reply(translator("en"), HelpReply(role))
    assert [line.split()[0] for line in lines] == [f"/{command.name}" for command in allowed_commands(role)]


@pytest.mark.parametrize("code", languages())
def test_suggested_names_are_valid_nicknames(code: str):
    tr = translator(code)
    names = [parse_nickname(tr(name)) for name in phrases.NAMES]
    for name in names:
        check_nickname(name)
    assert len({name.key for name in names}) == len(names)
