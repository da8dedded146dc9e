"""Completion: the word being typed, and its options."""

from time import process_time

import pytest

from chat.domain.commands.completion import Option, complete, word_before
from chat.domain.commands.parser import COMMANDS
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.users import Member
from chat.text.emoji import suggest
from chat.text.nicknames import parse_nickname

PEOPLE = ["Ann", "Anna Lee", "Bob", "Émile", "Lee Ann", "Joanna", "Straßer", "عُمر", "田中"]
ROOMS = [RoomInfo(f"a{slug}", RoomKind.PUBLIC, name, slug) for slug, name in (("lobby", "Lobby"), ("cafe-1", "Café"))]
MEMBERS = [Member(name.lower(), parse_nickname(name)) for name in PEOPLE]


def options(before: str, can_mention_everyone: bool = False, limit: int = 8) -> list[Option]:
    everyone = {"can_mention_everyone": can_mention_everyone}
    return complete(before, MEMBERS, COMMANDS.values(), suggest, rooms=ROOMS, **everyone, limit=limit)[1]


def labels(before: str, can_mention_everyone: bool = False, limit: int = 8) -> list[str]:
    return [option.label for option in options(before, can_mention_everyone, limit)]


# The word.


@pytest.mark.parametrize(
    ("before", "word"),
    [
        *(("@", "@"), ("@an", "@an"), ("Hi @an", "@an"), ("Hi\n@an", "@an"), ("(@an", "@an"), ("«@an", "@an")),
        *(('"@an', "@an"), ("/me sees @an", "@an"), ("@ann and @b", "@b"), ("@an@", None), ("@Émi", "@Émi")),
        *(("/", "/"), ("/ni", "/ni"), ("/NI", "/NI")),
        *((":ta", ":ta"), ("Hi :ta", ":ta"), ("(:ta", ":ta"), (":+1", ":+1"), ("@an :ta", ":ta")),
        *((":t", None), (":D", None)),
        *(("#", "#"), ("See #te", "#te"), ("(#green-t", "#green-t"), ("@ann #te", "#te"), ("去#茶", "#茶")),
        *(("＃t", "＃t"), ("a#te", None), ("##te", None), ("#te ", None), ("/#te", None)),
        *(("こんにちは@田", "@田"), ("＠", "＠"), ("＠田中", "＠田中"), ("你好，@", "@")),
        *(("「@田", "@田"), ("（＠an", "＠an")),
        *(("안녕@민", "@민"), ("สวัสดี@ส", "@ส"), ("¿@an", "@an"), (",@an", "@an"), ("“@an", "@an"), ("*@an", "@an")),
        *(("é@an", None), ("مرحبا@an", None), ("@＠an", None), ("1@an", None)),
        *(("今日は:ta", ":ta"), ("，:ta", ":ta"), ("「:ta", ":ta"), ("안녕:ta", ":ta"), ("é:ta", None)),
    ],
)
def test_word_includes_its_sign(before: str, word: str | None):
    assert word_before(before) == word


@pytest.mark.parametrize(
    "before",
    [
        *(
            "",
            "Hi",
            "me@an",
            "@an ",
            "@ an",
            "@an\n",
            "a/ni",
            " /ni",
            "\n/ni",
            "//",
            "//ni",
            "/ni ",
            "/nick An",
            "/a/b",
        ),
        *(":", "Hi:", "12:30", "a:b", "http://", "::", ":ta:", ":ta ", ": ta", ":)", ":-)", ":-p", "x @an: b"),
    ],
)
def test_other_text_has_no_word(before: str):
    assert word_before(before) is None


@pytest.mark.parametrize(
    ("before", "word"),
    [
        *(("@anna l", "@anna l"), ("Hi @Anna Le", "@Anna Le"), ("@lee a", "@lee a"), ("@anna lee", "@anna lee")),
        *(("@anna ", "@anna "), ("@anna x", None), ("@anna lee ", None), ("@anna  l", None), ("@anna\nl", None)),
        *(("@bob l", None), ("@ anna", None), ("me@anna l", None)),
    ],
)
def test_word_contains_spaces_while_a_name_matches(before: str, word: str | None):
    assert word_before(before, ["Bob", "Anna Lee", "Lee Ann"]) == word


def test_full_name_and_a_space_end_a_mention_until_more_is_typed():
    names = ["Anna", "Anna Lee"]
    assert [word_before(f"@Anna{rest}", names) for rest in ("", " ", " L")] == ["@Anna", None, "@Anna L"]


# Members.


def test_best_matching_members_come_first():
    assert labels("@ann") == ["@Ann", "@Anna Lee", "@Lee Ann", "@Joanna"]
    assert labels("@lee") == ["@Lee Ann", "@Anna Lee"]


def test_sign_alone_lists_members_in_the_given_order():
    assert labels("@", limit=3) == ["@Ann", "@Anna Lee", "@Bob"]


@pytest.mark.parametrize(
    ("before", "label"), [("@emi", "@Émile"), ("@ÉMI", "@Émile"), ("@STRASS", "@Straßer"), ("@عمر", "@عُمر")], ids=ascii
)
def test_case_and_accents_are_ignored(before: str, label: str):
    assert labels(before) == [label]


@pytest.mark.parametrize("before", ["こんにちは@田", "＠田中", "你好，@田", "「＠田", "@中"])
def test_members_are_suggested_in_scripts_without_spaces(before: str):
    assert [option.text for option in options(before)] == ["@田中 "]


def test_member_replaces_the_word():
    word, found = complete("Hi @anna l", MEMBERS, [], suggest, can_mention_everyone=False)
    assert word == "@anna l"
    assert found == [Option("@Anna Lee ", "@Anna Lee", "member", "anna lee")]


def test_all_needs_the_permission():
    assert labels("@al") == []
    assert options("@al", can_mention_everyone=True) == [Option("@all ", "@all", "member", "all")]
    assert labels("@", can_mention_everyone=True, limit=3) == ["@Ann", "@Anna Lee", "@all"]
    assert labels("@a", can_mention_everyone=True, limit=2) == ["@Ann", "@all"]
    assert labels("@ll", can_mention_everyone=True) == []


def test_all_comes_first_once_typed_in_full():
    ally = Member("ally", parse_nickname("Allegra"))
    _word, found = complete("@all", [ally], [], suggest, can_mention_everyone=True)
    assert [option.label for option in found] == ["@all", "@Allegra"]


# Rooms.


@pytest.mark.parametrize(
    ("before", "texts"),
    [("#", ["#lobby ", "#cafe-1 "]), ("＃CAFÉ", ["#cafe-1 "]), ("See #cafe-1", ["#cafe-1 "]), ("#by", ["#lobby "])],
)
def test_rooms_are_suggested_by_slug_and_name(before: str, texts: list[str]):
    assert [option.text for option in options(before)] == texts


# Commands.


def test_slash_lists_all_commands_in_order():
    assert [option.key for option in options("/", limit=100)] == list(COMMANDS)


def test_commands_are_filtered_by_the_word():
    assert options("/nic") == [Option("/nick ", "/nick NAME", "command", "nick")]
    assert options("/HEL") == [Option("/help ", "/help", "command", "help")]
    assert labels("/nix") == []


def test_commands_with_the_prefix_come_first():
    assert [option.key for option in options("/h")][:1] == ["help"]
    assert "who" in [option.key for option in options("/h")]


def test_command_that_takes_a_member_goes_on_with_the_list_of_members():
    assert [option.text for option in options("/mu")] == ["/mute @", "/unmute @"]
    assert "@Bob" in labels("/mute @")


# Emoji, and every kind.


def test_emoji_replaces_its_shortcode():
    word, found = complete("Yay :tad", MEMBERS, [], suggest, can_mention_everyone=False)
    assert word == ":tad"
    assert found[0] == Option("🎉 ", "🎉 :tada:", "emoji", "🎉")


def test_limit_applies_to_every_kind():
    assert [len(options(before, limit=2)) for before in ("@", "/", ":ar")] == [2, 2, 2]


def test_word_without_a_match_has_no_options():
    assert complete("Hi @xyz", MEMBERS, COMMANDS.values(), suggest, can_mention_everyone=True) == ("@xyz", [])


@pytest.mark.parametrize("before", [None, 3, b"@an", ["@an"], {"text": "@an"}, True])
def test_other_types_have_no_options(before):
    assert complete(before, MEMBERS, COMMANDS.values(), suggest, can_mention_everyone=True) == ("", [])
    assert word_before(before) is None


@pytest.mark.parametrize(
    "before",
    ["@" * 4000, ":" * 4000, ":a" * 2000, "/" * 4000, "/" + "a" * 4000, "@" + "a " * 2000, "@\u0301" * 2000],
    ids=lambda text: ascii(text)[1:9],
)
def test_hostile_text_among_a_thousand_members_is_fast(before: str):
    crowd = [Member(str(number), parse_nickname(f"Memb\u00e9r {number}")) for number in range(1000)]
    start = process_time()
    complete(before, crowd, COMMANDS.values(), suggest, can_mention_everyone=True)
    assert process_time() - start < 0.1
