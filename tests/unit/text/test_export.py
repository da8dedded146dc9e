"""The history as a file: text, Markdown, JSON and CSV, each with everything that was said and nothing that runs."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

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


def rendered(form: str, *messages: Message) -> str:
    return FORMATS[form].render("My Chat", messages)


def rows(*messages: Message) -> list[list[str]]:
    return list(csv.reader(io.StringIO(rendered("csv", *messages), newline="")))


def test_there_are_four_formats():
    assert {form: FORMATS[form].media_type for form in FORMATS} == {
        "txt": "text/plain",
        "md": "text/markdown",
        "json": "application/json",
        "csv": "text/csv",
    }


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_history_can_be_taken_too(form: str):
    assert rendered(form).endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_keeps_every_language(form: str):
    assert "Grüße 你好 مرحبا 🦊" in rendered(form, replace(HELLO, text="Grüße 你好 مرحبا 🦊"))


# Text.


def test_plain_text():
    assert rendered("txt", HELLO, LINES, WAVES) == (
        "My Chat\n\n"
        "[2026-05-01 12:30:15Z] Ann: Hello\n"
        "[2026-05-01 12:30:15Z] Bob: one\n    two\n    \n    three\n"
        "[2026-05-01 12:30:15Z] * Ann waves\n"
    )


def test_plain_text_says_who_is_answered_what_was_edited_and_the_reactions():
    assert rendered("txt", ANSWER) == ("My Chat\n\n[2026-05-01 12:30:15Z] Ann (to Bob): Hello (edited) [🎉 2 👍 1]\n")


def test_nobody_can_forge_a_line_of_another():
    forged = replace(HELLO, text="Hi\n[2026-05-01 12:30:16Z] Bob: I am a fool")
    assert not re.search(r"^\[.*\] Bob", rendered("txt", forged), re.MULTILINE)


# Markdown.


def test_markdown():
    assert rendered("md", HELLO, WAVES) == (
        "# My Chat\n\n- **Ann** (2026-05-01 12:30:15Z): Hello\n- **Ann** (2026-05-01 12:30:15Z): *Ann waves*\n"
    )


def test_markdown_says_who_is_answered_what_was_edited_and_the_reactions():
    assert rendered("md", ANSWER).splitlines()[2:] == [
        r"- **Ann** to Bob (2026-05-01 12:30:15Z): Hello \(edited\) \[🎉 2 👍 1\]"
    ]


def test_the_name_of_who_is_answered_is_escaped():
    assert " to B\\*b (" in rendered("md", replace(ANSWER, reply=replace(LINES.quote, name="B*b")))


def test_line_breaks_stay_inside_the_list_item():
    assert rendered("md", replace(HELLO, text="one\ntwo")).splitlines()[2:] == [
        "- **Ann** (2026-05-01 12:30:15Z): one  ",
        "  two",
    ]


@pytest.mark.parametrize("character", "\\`*_{}[]()<>#+=-.!|~&")
def test_what_means_something_in_markdown_is_escaped(character: str):
    assert f"a\\{character}b" in rendered("md", replace(HELLO, text=f"a{character}b"))
    assert f"**A\\{character}n**" in rendered("md", replace(HELLO, name=f"A{character}n"))


@pytest.mark.parametrize(
    "line", ["===", "---", "# Title", "> quote", "- item", "1. item", "1) item", "```", "~~~", "<b>", "|a|b|"]
)
def test_no_line_of_a_message_becomes_a_block(line: str):
    shown = rendered("md", replace(HELLO, text=f"text\n{line}\nmore")).splitlines()[3]
    assert not re.match(r"  ([=#>`~<|-]|\d+[.)])", shown)


def test_an_indented_line_stays_as_typed_and_becomes_no_code():
    shown = rendered("md", replace(HELLO, text="text\n\n    a*b\n\tc")).splitlines()[4:]
    assert shown == ["  &nbsp;&nbsp;&nbsp;&nbsp;a\\*b  ", "  &nbsp;c"]


# JSON.


def test_json_has_everything():
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
        },
    ]


def test_json_has_the_quote_of_a_reply_the_mentions_the_reactions_and_the_edit():
    [row] = json.loads(rendered("json", ANSWER))["messages"]
    assert row["reply"] == {"id": "message02", "author": "a", "name": "Bob", "text": "one\ntwo\n\nthree"}
    assert row["mentions"] == {"Bob": "b"}
    assert row["reactions"] == {"🎉": {"b": "Bob", "c": "Cid"}, "👍": {"b": "Bob"}}
    assert row["edited"] == "2026-05-01T12:30:15.500000+00:00"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_what_was_edited_with_its_new_text(form: str):
    assert "Changed" in rendered(form, replace(HELLO, text="Changed", edited=AT))


# CSV.


def test_csv_has_a_row_for_each_message():
    assert rows(HELLO, LINES, WAVES) == [
        ["at", "name", "kind", "text"],
        ["2026-05-01 12:30:15Z", "Ann", "text", "Hello"],
        ["2026-05-01 12:30:15Z", "Bob", "text", "one\ntwo\n\nthree"],
        ["2026-05-01 12:30:15Z", "Ann", "action", "waves"],
    ]


@pytest.mark.parametrize("text", ['say "hi", Bob', "a,b;c\td", '",=1+1,"', "'quoted'"])
def test_csv_keeps_quotes_and_separators(text: str):
    assert rows(replace(HELLO, text=text))[1][3] == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(1)",
        "\t=1+1",
        '=HYPERLINK("http://evil.example","x")',
        "=cmd|' /C calc'!A0",
        " =1+1",
        "\n=1",
    ],
)
def test_no_cell_is_a_formula(text: str):
    [_, [_, name, _, shown]] = rows(replace(HELLO, text=text, name=text))
    assert shown == name == f"'{text}"
