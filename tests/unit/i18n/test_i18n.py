"""Languages: complete catalogs, the choice of the browser, and words for numbers of people."""

import ast
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from playwright.async_api import Locator, expect

from chat.domain.commands.everyone import COMMANDS
from chat.domain.commands.registry import Reply
from chat.domain.rooms.timeline import JoinLeaveSummary, JoinOrLeave, RenamedNotice
from chat.domain.users import check_nickname
from chat.i18n import notices
from chat.i18n import phrases as words
from chat.i18n.translator import LOCALE_DIR, choose, languages, translator
from chat.text.nicknames import parse_nickname
from tests.support.people import Person

CODE = Path(__file__).parents[3] / "chat"
KEYWORDS = {"_": None, "_tr": None, "tr": None, "N_": None, "plural": (1, 2)}
CATALOGS = sorted(path.parent.name for path in LOCALE_DIR.glob("*/chat.po"))
CLDR_ORDER = ("zero", "one", "two", "few", "many", "other")
AT = datetime(2030, 1, 1, tzinfo=UTC)
PEOPLE = [f"P{number}" for number in range(1, 101)]


def marked() -> dict[str, str | tuple[str, str]]:
    """What the code says, by its msgid; a pair where there is a plural."""
    found = extract_from_dir(str(CODE), [("**.py", "python")], keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message: message for _, _, message, _, _ in found}


def catalog(code: str) -> Catalog:
    with (LOCALE_DIR / code / "chat.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def forms(string: str | tuple[str, ...] | list[str]) -> list[str]:
    """All forms of a message: one, or one for each plural."""
    return [string] if isinstance(string, str) else list(string)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


def test_german_and_arabic_are_there():
    assert {"en", "de", "ar"} <= set(languages())
    assert set(languages()) == {"en", *CATALOGS}


def test_nothing_marked_is_hidden_from_the_extractor():
    """Babel does not look into f-strings, for one."""
    found = {form for message in marked().values() for form in forms(message)}
    for path in sorted(CODE.rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).split(".")[-1]
            first_ones = call.args[: 2 if name == "plural" else 1] if name in KEYWORDS else []
            texts = {node.value for node in first_ones if isinstance(node, ast.Constant)}
            assert texts <= found, f"{path.name}, line {call.lineno}"


@pytest.mark.parametrize("code", CATALOGS)
def test_every_message_is_translated(code: str):
    known = catalog(code)
    missing = [msgid for msgid in marked() if msgid not in known]
    untranslated = [message.id for message in known if message.id and not all(forms(message.string))]
    assert not missing
    assert not untranslated


@pytest.mark.parametrize("code", CATALOGS)
def test_no_message_is_fuzzy_or_stale(code: str):
    known = catalog(code)
    messages = marked()
    assert not known.obsolete
    assert not [message.id for message in known if message.fuzzy]
    assert not [message.id for message in known if message.id and messages.get(forms(message.id)[0]) != message.id]


@pytest.mark.parametrize("code", CATALOGS)
def test_placeholders_are_kept(code: str):
    for message in (message for message in catalog(code) if message.id):
        expected = placeholders(forms(message.id)[0])
        # "One new message", "two new messages" need no digit.
        optional = {"%(count)s"} if message.pluralizable else set()
        for form in forms(message.string):
            assert expected - optional <= placeholders(form) <= expected, form
            assert form % dict.fromkeys(re.findall(r"\w+", " ".join(expected)), "x"), form


@pytest.mark.parametrize("code", CATALOGS)
def test_plurals_are_those_of_the_language(code: str):
    known = catalog(code)
    rule = Locale.parse(code).plural_form
    tags = [tag for tag in CLDR_ORDER if tag in rule.tags or tag == "other"]
    pick = c2py(known.plural_expr)
    assert known.num_plurals == len(tags)
    assert all(tags[pick(number)] == rule(number) for number in range(1000))
    assert all(len(message.string) == len(tags) for message in known if message.pluralizable)


@pytest.mark.parametrize("code", languages())
def test_suggested_names_are_good_names(code: str):
    _ = translator(code)
    names = [parse_nickname(_(name)) for name in words.NAMES]
    for name in names:
        check_nickname(name)
    assert len({name.key for name in names}) == len(names)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr", "fr"),
        ("nn,de;q=0.5", "de"),
        ("de;q=0.5,ar;q=0.9,en;q=0.1", "ar"),
        ("en;q=0.3, de ; q=0.8", "de"),
        ("DE", "de"),
        ("De-at", "de"),
        ("EN-US", "en"),
        ("AR;Q=0.9,en;q=0.1", "ar"),
        ("de;q=0", "en"),
        ("de;q=0,ar;q=0.1", "ar"),
        ("de;q=0.0,*", "en"),
        ("de;q=-1", "en"),
        ("de;q=nan", "en"),
        ("de;q=inf", "en"),
        ("de;q=often,ar;q=0.1", "ar"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("zh", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh-HK,en", "zh_Hant"),
        ("iw", "he"),
        ("", "en"),
        ("*", "en"),
        (",;q=,-,_,;;q=1", "en"),
        ("../../etc/passwd", "en"),
        ("\x00\ud800é%(name)s", "en"),
        ("x" * 10_240, "en"),
        ("x," * 5_120, "en"),
    ],
)
def test_the_browsers_languages_choose(header: str, code: str):
    assert choose(header) == code


@pytest.mark.parametrize(
    ("code", "number", "names"),
    [
        ("en", "12,345", "Ann, Bob, and Cid"),
        ("de", "12.345", "Ann, Bob und Cid"),
        ("ar", "12,345", "Ann وBob وCid"),
    ],
)
def test_numbers_and_lists(code: str, number: str, names: str):
    assert translator(code).number(12_345) == number
    assert translator(code).join(["Ann", "Bob", "Cid"]) == names


@pytest.mark.parametrize(
    ("code", "lengths"),
    [
        ("en", ["1 second", "90 seconds", "10 minutes", "90 minutes", "24 hours", "7 days"]),
        ("de", ["1 Sekunde", "90 Sekunden", "10 Minuten", "90 Minuten", "24 Stunden", "7 Tage"]),
        ("ar", ["ثانية", "90 ثانية", "10 دقائق", "90 دقيقة", "24 ساعة", "7 أيام"]),
    ],
)
def test_lengths_of_time(code: str, lengths: list[str]):
    seconds = [1, 90, 600, 5400, 86_400, 604_800]
    assert [translator(code).duration(number) for number in seconds] == lengths


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
def test_who_is_typing(code: str):
    assert {count: words.typing(translator(code), PEOPLE[:count]) for count in TYPING[code]} == TYPING[code]


@pytest.mark.parametrize("code", JOINED)
def test_who_joined(code: str):
    def joined(count: int) -> str:
        moves = tuple((name, name, JoinOrLeave.JOINED) for name in PEOPLE[:count])
        return notices.notice(translator(code), JoinLeaveSummary(AT, moves), str)

    assert {count: joined(count) for count in JOINED[code]} == JOINED[code]


@pytest.mark.parametrize("code", HERE)
def test_who_is_here(code: str):
    answers = {count: words.reply(translator(code), Reply("who", tuple(PEOPLE[:count]))) for count in HERE[code]}
    assert {count: lines[0] for count, lines in answers.items()} == HERE[code]
    assert all(name in line for name, line in zip(PEOPLE, answers[100][1:], strict=True))


@pytest.mark.parametrize(
    ("code", "line"), [("en", "A joined · B left"), ("de", "A ist dazugekommen · B ist gegangen"),
                       ("ar", "انضم إلى المحادثة A · غادر المحادثة B")]
)  # fmt: skip
def test_comings_and_goings_share_a_line(code: str, line: str):
    moves = (("a", "A", JoinOrLeave.JOINED), ("b", "B", JoinOrLeave.LEFT))
    assert notices.notice(translator(code), JoinLeaveSummary(AT, moves), str) == line


@pytest.mark.parametrize("code", languages())
def test_percent_signs_in_names_are_only_text(code: str):
    line = notices.notice(translator(code), RenamedNotice(AT, "100%", "%(after)s"), str)
    assert "100%" in line
    assert "%(after)s" in line


@pytest.mark.parametrize("code", languages())
def test_help_has_a_line_for_each_command(code: str):
    lines = words.reply(translator(code), Reply("help", tuple(COMMANDS)))
    for line, command in zip(lines, COMMANDS.values(), strict=True):
        assert f"/{command.name}" in line
        assert translator(code)(command.summary) in line


async def arabic(enter: Callable, name: str = "سارة") -> Person:
    """Somebody whose browser speaks Arabic, in the room."""
    person = await enter(locale="ar")
    await person.page.get_by_role("textbox", name="الاسم").fill(name)
    await person.page.get_by_role("button", name="انضمام").click()
    person.field = person.page.get_by_role("textbox", name="الرسالة")
    person.answer = person.page.get_by_role("status", name="الإجابة")
    person.menu_button = person.page.get_by_role("button", name="القائمة")
    await expect(person.field).to_be_visible()
    return person


async def read_from_the_left(place: Locator, text: str) -> bool:
    """Whether the last letter of a Latin text stands to the right of its first."""
    shown = place.get_by_text(text)
    await expect(shown).to_be_visible()
    return await shown.evaluate(ENDS_ON_THE_RIGHT, text)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("he", "rtl"), ("de", "ltr"), ("zh-TW", "ltr")])
def test_the_direction_is_there_before_any_script(server, language: str, direction: str):
    request = urllib.request.Request(server.url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=5) as response:
        assert re.search(r"<html[^>]* dir=.(\w+)", response.read().decode())[1] == direction


async def test_arabic_is_written_from_the_right(enter):
    sara = await arabic(enter)
    await expect(sara.page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(sara.field).to_have_css("direction", "rtl")
    await sara.field.fill("Hello")
    await expect(sara.field).to_have_css("direction", "ltr")


async def test_a_slash_stands_before_its_command_in_arabic(enter):
    sara = await arabic(enter)
    await sara.say("/help")
    assert await read_from_the_left(sara.answer, "/nick")
    await sara.say("/nope")
    assert await read_from_the_left(sara.page.get_by_role("alert"), "/nope")


async def test_a_latin_name_stays_in_one_piece_in_arabic(enter):
    ann = await arabic(enter, "Ann!")
    await ann.say("/who")
    assert await read_from_the_left(ann.answer, "Ann!")
    await ann.menu_button.click()
    assert await read_from_the_left(ann.page.locator(".menu"), "Ann!")


ENDS_ON_THE_RIGHT = """(element, text) => {
  const node = element.firstChild, start = node.data.indexOf(text), range = document.createRange();
  const left = (at) => (range.setStart(node, at), range.setEnd(node, at + 1), range.getBoundingClientRect().left);
  return left(start) < left(start + text.length - 1);
}"""
