"""Export as text, Markdown, JSON and CSV: complete, and without anything that runs."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.message import Kind, Message
from chat.text.export import FORMATS

AT = datetime(2026, 5, 1, 12, 30, 15, 500000, tzinfo=UTC)
HELLO = Message("message01", "lobby", "a", "Ann", "Hello", AT)
LINES = replace(HELLO, id="message02", name="Bob", text="one\ntwo\n\nthree")
WAVES = replace(HELLO, id="message03", text="waves", kind=Kind.ACTION)


ANSWER = replace(
    HELLO,
    id="message04",
    reply=LINES.quote,
    mentions={"Bob": "b"},
    reactions={"🎉": {"b": "Bob", "c": "Cid"}, "👍": {"b": "Bob"}},
    edited=AT,
)


def rendered(name: str, *messages: Message) -> str:
    return "".join(FORMATS[name].render("My Chat", messages))


def rows(*messages: Message) -> list[list[str]]:
    return list(csv.reader(io.StringIO(rendered("csv", *messages).removeprefix("\ufeff"), newline="")))


def test_there_are_four_formats():
    assert {name: form.media_type for name, form in FORMATS.items()} == {
        "txt": "text/plain",
        "md": "text/markdown",
        "json": "application/json",
        "csv": "text/csv",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_empty_history_can_be_exported(form: str):
    assert rendered(form).endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_keeps_every_script(form: str):
    assert "Grüße 你好 مرحبا 🦊" in rendered(form, replace(HELLO, text="Grüße 你好 مرحبا 🦊"))


# Text.


def test_text_has_a_paragraph_for_each_message():
    assert rendered("txt", HELLO, LINES, WAVES) == (
        "My Chat\n\n"
        "[2026-05-01 12:30:15Z] Ann: Hello\n"
        "[2026-05-01 12:30:15Z] Bob: one\n    two\n    \n    three\n"
        "[2026-05-01 12:30:15Z] * Ann waves\n"
    )


def test_text_shows_reply_edit_and_reactions():
    assert rendered("txt", ANSWER) == ("My Chat\n\n[2026-05-01 12:30:15Z] Ann (to Bob): Hello (edited) [🎉 2 👍 1]\n")


@pytest.mark.parametrize("form", FORMATS)
def test_messages_are_written_one_by_one(form: str):
    waiting = iter([HELLO, WAVES])
    pieces = FORMATS[form].render("My Chat", waiting)
    assert "Hello" not in next(pieces)
    assert "Hello" in next(pieces)
    assert list(waiting) == [WAVES]


@pytest.mark.parametrize("end", ["\n", "\u2028", "\u2029"], ids=ascii)
def test_message_cannot_forge_another_line(end: str):
    forged = replace(HELLO, text=f"Hi{end}[2026-05-01 12:30:16Z] Bob: I am a fool")
    assert not any(re.match(r"\[.*\] Bob", line) for line in rendered("txt", forged).splitlines())


# Markdown.


def test_markdown_has_a_list_item_for_each_message():
    assert rendered("md", HELLO, WAVES) == (
        "# My Chat\n\n- **Ann** (2026-05-01 12:30:15Z): Hello\n- **Ann** (2026-05-01 12:30:15Z): *Ann waves*\n"
    )


def test_markdown_shows_reply_edit_and_reactions():
    assert rendered("md", ANSWER).splitlines()[2:] == [
        r"- **Ann** to Bob (2026-05-01 12:30:15Z): Hello \(edited\) \[🎉 2 👍 1\]"
    ]


def test_quoted_author_is_escaped():
    assert " to B\\*b (" in rendered("md", replace(ANSWER, reply=replace(LINES.quote, name="B*b")))


def test_line_breaks_stay_inside_the_list_item():
    assert rendered("md", replace(HELLO, text="one\ntwo")).splitlines()[2:] == [
        "- **Ann** (2026-05-01 12:30:15Z): one  ",
        "  two",
    ]


@pytest.mark.parametrize("character", "\\`*_{}[]()<>#+=-.!|~&")
def test_markdown_characters_are_escaped(character: str):
    assert f"a\\{character}b" in rendered("md", replace(HELLO, text=f"a{character}b"))
    assert f"**A\\{character}n**" in rendered("md", replace(HELLO, name=f"A{character}n"))


@pytest.mark.parametrize(
    "line", ["===", "---", "# Title", "> quote", "- item", "1. item", "1) item", "```", "~~~", "<b>", "|a|b|"]
)
def test_lines_of_a_message_do_not_become_blocks(line: str):
    shown = rendered("md", replace(HELLO, text=f"text\n{line}\nmore")).splitlines()[3]
    assert not re.match(r"  ([=#>`~<|-]|\d+[.)])", shown)


def test_indented_line_does_not_become_code():
    shown = rendered("md", replace(HELLO, text="text\n\n    a*b\n\tc")).splitlines()[4:]
    assert shown == ["  &nbsp;&nbsp;&nbsp;&nbsp;a\\*b  ", "  &nbsp;c"]


# JSON.


def test_json_has_all_fields():
    content = json.loads(rendered("json", HELLO, WAVES))
    assert content["title"] == "My Chat"
    assert content["messages"] == [
        {
            "id": "message01",
            "room": "lobby",
            "author": "a",
            "name": "Ann",
            "text": "Hello",
            "at": "2026-05-01T12:30:15.500000+00:00",
            "kind": "text",
            "reply": None,
            "mentions": {},
            "reactions": {},
            "edited": None,
            "attachments": [],
            "link": "",
            "preview": None,
            "number": 0,
        },
        {
            "id": "message03",
            "room": "lobby",
            "author": "a",
            "name": "Ann",
            "text": "waves",
            "at": "2026-05-01T12:30:15.500000+00:00",
            "kind": "action",
            "reply": None,
            "mentions": {},
            "reactions": {},
            "edited": None,
            "attachments": [],
            "link": "",
            "preview": None,
            "number": 0,
        },
    ]


def test_json_has_quote_mentions_reactions_and_edit():
    [row] = json.loads(rendered("json", ANSWER))["messages"]
    assert row["reply"] == {"id": "message02", "author": "a", "name": "Bob", "text": "one\ntwo\n\nthree"}
    assert row["mentions"] == {"Bob": "b"}
    assert row["reactions"] == {"🎉": {"b": "Bob", "c": "Cid"}, "👍": {"b": "Bob"}}
    assert row["edited"] == "2026-05-01T12:30:15.500000+00:00"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_edited_text(form: str):
    assert "Changed" in rendered(form, replace(HELLO, text="Changed", edited=AT))


# CSV.


def test_csv_has_a_row_for_each_message():
    assert rows(HELLO, LINES, WAVES) == [
        ["at", "name", "kind", "text"],
        ["2026-05-01 12:30:15Z", "Ann", "text", "Hello"],
        ["2026-05-01 12:30:15Z", "Bob", "text", "one\ntwo\n\nthree"],
        ["2026-05-01 12:30:15Z", "Ann", "action", "waves"],
    ]


def test_csv_begins_with_one_byte_order_mark():
    assert rendered("csv", HELLO).encode().startswith(b"\xef\xbb\xbfat,name,kind,text\r\n")
    assert rendered("csv", HELLO).count("\ufeff") == 1


@pytest.mark.parametrize(
    "text",
    [
        *('say "hi", Bob', "a,b;c\td", '",=1+1,"', "'quoted'", "1 + 1 = 2", "me@bob.example", "a; b | c", "🎉 = fun"),
        *("größe", "你好＝再见", "مرحبا", "  indented", "~1", "(＋1)", "、＠田中", "\u200eعمر", "—dash", "…"),
    ],
)
def test_csv_keeps_normal_texts(text: str):
    assert rows(replace(HELLO, text=text, name=text))[1][1:] == [text, "text", text]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        '=HYPERLINK("http://evil.example","x")',
        "=cmd|' /C calc'!A0",
        " =1+1",
        *("＝1+1", "＋1", "－1", "＠SUM(1)", "\u3000＝1", "﹦1", "﹢1", "﹣1", "﹫SUM(1)", "\u22121+1"),
        *("\tplain", "\rplain", "\u200b=1+1", "\ufeff=1+1", "\u200e＝1+1", "\u00a0@SUM(1)", "\x00=1"),
    ],
    ids=ascii,
)
def test_cells_are_not_formulas(text: str):
    [_, [_, name, _, shown]] = rows(replace(HELLO, text=text, name=text))
    assert shown == name == f"'{text}"


SEPARATORS = ";\t|,"


@given(st.text(st.sampled_from('=＝-@a1 ";；|\t\n\r\u200b\u2028,'), max_size=20))
@example("hello;=1+1")
@example("hello\t=1+1")
@example("hello|@SUM(1)")
@example("hello\n=1+1")
@example('hello;"=1+1"')
@example("hello;\u200b＝1")
@example("\t=1+1")
@example("\n=1")
def test_no_separator_makes_a_formula(text: str):
    content = rendered("csv", replace(HELLO, text=text, name=f"Ann {text}"))
    for separator in SEPARATORS:
        readings = [csv.reader(io.StringIO(content, newline=""), delimiter=separator)]
        if separator != ",":  # a program that is set to commas knows the quotes
            readings.append(line.split(separator) for line in content.splitlines())
        for row in (row for reading in readings for row in reading):
            assert not [cell for cell in row if re.match('["\\s\u200b]*[=＝@-]', cell)]


def test_lists_of_many_lines_are_exported_fast():
    start = process_time()
    rendered("csv", *[replace(HELLO, text="- item; - item\n" * 200)] * 100)
    assert process_time() - start < 2


def test_files_are_named_with_their_descriptions():
    files = (
        Attachment("a" * 64, "tea.txt", "text/plain", 3),
        Attachment("", "=cup.png", "image/png", 3, 4, 3, alt="A cup"),
    )
    message = replace(HELLO, text="", attachments=files)
    assert ": [tea.txt] [=cup.png: A cup]" in rendered("txt", message)
    assert "tea\\.txt" in rendered("md", message)
    assert json.loads(rendered("json", message))["messages"][0]["attachments"][1]["alt"] == "A cup"
    assert rows(message)[1][-1] == "[tea.txt] [=cup.png: A cup]"
