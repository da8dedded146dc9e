"""Parsing of slash commands, and the table of all commands."""

import pytest

from chat.domain.commands import rooms
from chat.domain.commands.parser import COMMANDS, allowed_commands, begins_command, escape, parse, unescape
from chat.domain.errors import CommandRefused, TextRefused
from chat.domain.permissions import has_permission
from chat.domain.users import Role
from tests.unit.domain.rooms.scenes import PASSWORD, refusal


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/help", "help", ""),
        ("/help me", "help", "me"),
        ("/nick Ann Lee", "nick", "Ann Lee"),
        ("/NICK Ann", "nick", "Ann"),
        ("/me  waves  ", "me", "waves"),
        ("/me\nwaves\ntwice", "me", "waves\ntwice"),
        ("/admin correct horse", "admin", "correct horse"),
        ("/shrug", "shrug", ""),
        ("/search  tea and cake ", "search", "tea and cake"),
        ("/room create Tea and cake", "room create", "Tea and cake"),
        ("/ROOM  Create\nTea", "room create", "Tea"),
        ("/room archive", "room archive", ""),
        ("/TOPIC Tea\nand cake", "topic", "Tea\nand cake"),
    ],
)
def test_command_has_a_name_and_an_argument(text: str, name: str, argument: str):
    found = parse(text)
    assert found
    assert (found[0].name, found[1]) == (name, argument)


SLASHES = "／⁄∕╱⟋⧸"


@pytest.mark.parametrize("slash", SLASHES)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u200b"], ids=ascii)
def test_slash_of_any_keyboard_begins_a_command(slash: str, before: str):
    found = parse(f"{before}{slash}admin {PASSWORD}")
    assert found
    assert (found[0].name, found[1]) == ("admin", PASSWORD)
    assert refusal(lambda: parse(f"{slash}dance on")).key == "command-unknown"


@pytest.mark.parametrize("text", ["／ａｄｍｉｎ　horse", "/ａｄｍｉｎ horse", "／ＡＤＭＩＮ horse", "∕Admin\nhorse"])
def test_command_may_be_typed_in_full_width_letters(text: str):
    found = parse(text)
    assert found
    assert (found[0].name, found[1]) == ("admin", "horse")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Hello",
            "1/2",
            "see /help",
            "//help",
            "//",
            "",
            " //me",
            "\\/help",
            "\\help",
            "// TODO",
            "///",
            "////admin x",
        ),
        *(
            "／人◕‿‿◕人＼",
            "╱╱╱",
            "／",
            "∕ 2",
            "／／help",
            "／田中",
            "⁄4",
            "/home/ann",
            "/etc/passwd",
            "/r/python is fun",
        ),
    ],
)
def test_other_text_is_a_message(text: str):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("//help", "/help"), ("//HELP me", "/HELP me"), ("///help", "//help"), ("//admin\nx", "/admin\nx")),
        *(("／／help", "／help"), ("//ｈｅｌｐ", "/ｈｅｌｐ"), ("∕∕me waves", "∕me waves")),
    ],
)
def test_two_slashes_stand_for_one_before_the_name_of_a_command(typed: str, meant: str):
    assert unescape(typed) == meant
    assert parse(typed) is None
    assert escape(meant) == typed


@pytest.mark.parametrize(
    "text",
    [
        *("// TODO", "//TODO: tea", "//", "///", "// help", "//helpme", "//help!", "//dance on", "//example.org/a"),
        *("／／ TODO", "//田中", "Hello", "a//help", "////", "/ /help", "/home/ann", " //help"),
    ],
)
def test_other_slashes_are_kept(text: str):
    assert unescape(text) == escape(text) == text


@pytest.mark.parametrize(
    ("beginning", "is_command"),
    [
        *(("/", True), ("/n", True), (" /", True), ("／n", True), ("∕ａ", True), ("\u200b/", True)),
        *(("//", False), ("a/", False), ("", False), ("／人", False), ("╱╱", False)),
    ],
)
def test_beginning_of_a_command_is_recognised(beginning: str, is_command: bool):
    assert begins_command(beginning) == is_command


@pytest.mark.parametrize(
    "blank",
    [" ", "   ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u202a", "\x00", "\x1b", "\ud800"],
    ids=ascii,
)
def test_invisible_characters_before_the_slash_are_ignored(blank: str):
    found = parse(f"{blank}/admin {PASSWORD}")
    assert found
    assert (found[0].name, found[1]) == ("admin", PASSWORD)


@pytest.mark.parametrize("text", ["/unknown", "/", "/ help", "/helpme", "/help!", "/\n", "/me\u200b x"])
def test_unknown_command_is_refused(text: str):
    problem = refusal(lambda: parse(text))
    assert isinstance(problem, CommandRefused)
    assert problem.key == "command-unknown"


def test_refusal_repeats_only_the_beginning_of_an_unknown_command():
    assert refusal(lambda: parse("/" + "x" * 4000)).details == {"name": "x" * 20}


@pytest.mark.parametrize("text", ["/nick", "/me", "/admin", "/topic", "/nick  ", "/me\n"])
def test_missing_argument_is_refused(text: str):
    problem, name = refusal(lambda: parse(text)), text[1:].strip()
    assert isinstance(problem, CommandRefused)
    assert problem.key == "command-usage"
    assert problem.details == {"name": name, "usage": COMMANDS[name].usage}


@pytest.mark.parametrize("text", ["/help", "/shrug", "/search", "/who", "/clear", "/shrug  ", "/search\n"])
def test_optional_argument_can_be_omitted(text: str):
    found = parse(text)
    assert found
    assert (found[0].name, found[1]) == (text[1:].strip(), "")


@pytest.mark.parametrize("text", [None, 5, {}, {"text": "/help"}, ["/help"], b"/help"], ids=repr)
def test_other_types_are_refused(text: object):
    problem = refusal(lambda: parse(text))  # type: ignore[arg-type]
    assert isinstance(problem, TextRefused)
    assert problem.key == "text-empty"


# The table.


def test_table_is_complete():
    for_everyone = ["help", "nick", "me", "shrug", "msg", "search", "who", "admin", "topic", "clear"]
    for_moderators = ["mute", "unmute", "kick", "ban", "unban", "slow", "lock", "unlock", "purge", "filter", "role"]
    assert list(COMMANDS) == [*for_everyone, *for_moderators, *rooms.COMMANDS]


def test_optional_arguments_are_in_square_brackets():
    optional = {name for name, command in COMMANDS.items() if command.usage.startswith("[")}
    assert optional == {"shrug", "search", "slow", "filter"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_has_name_summary_and_usage(name: str):
    command = COMMANDS[name]
    assert command.name == name
    assert command.summary
    assert command.usage == command.usage.upper()


@pytest.mark.parametrize("role", Role)
def test_allowed_commands_follow_the_permissions(role: Role):
    plain = {name: row for name, row in COMMANDS.items() if name not in rooms.COMMANDS}
    expected = [name for name, row in plain.items() if row.needs is None or has_permission(role, row.needs)]
    assert [row.name for row in allowed_commands(role)] == expected
    assert [row.name for row in allowed_commands(role, {"room leave"})] == [*expected, "room leave"]
