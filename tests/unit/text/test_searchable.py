"""Search in texts as people read them: without markup, with emoji, by links."""

from datetime import UTC, datetime
from time import process_time

import pytest
from emoji import EMOJI_DATA
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.messages.message import Message
from chat.domain.messages.search import SearchTexts, search
from chat.domain.messages.search_query import parse_query
from chat.text.searchable import TEXT_FORMS, has_link, shown

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def messages_with(*texts: str) -> list[Message]:
    return [Message(f"message{number:05}", "lobby", "ann", "Ann", text, NOON) for number, text in enumerate(texts)]


def marked(query: str, text: str) -> list[str] | None:
    """Return what is marked in this text; None if it doesn't match."""
    hits = search(messages_with(text), parse_query(query, TEXT_FORMS.expand), texts=SearchTexts(TEXT_FORMS))
    return [hits[0].message.text[start:end] for start, end in hits[0].marks] if hits else None


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        *(("word", "**wo**rd", ["wo**rd"]), ("word", "w*or*d", ["w*or*d"]), ("word", "~~wo~~rd", ["wo~~rd"])),
        *(("word", "`wo`rd", ["wo`rd"]), ("words", "__**wo**rd__s", ["wo**rd__s"]), ("word", "||wo||rd", ["wo||rd"])),
        *(("word", "[wo](https://example.org)rd", ["wo](https://example.org)rd"]), ("a*b", r"a\*b", [r"a\*b"])),
        *(("two words", "**two** *words*", ["two**", "words*"]), ('"two words"', "**two** *words*", ["two** *words*"])),
        *(("größe", "**Grö**sse", ["Grö**sse"]), ("**wo**rd", "**wo**rd", ["**wo**rd"]), ("2*3", "2*3*4", ["2*3"])),
        *(("snake_case", "snake_case", ["snake_case"]), ("234", "2*3*4", None), ("don't", "don`t", ["don`t"])),
        *(("example.org", "[x](https://example.org)", ["example.org"]), ("[x](", "[x](y)", ["[x]("])),
    ],
)
def test_words_are_found_across_markup(query: str, text: str, marks: list[str] | None):
    assert marked(query, text) == marks


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        *((":tada:", "yay 🎉!", ["🎉"]), ("🎉", "yay :tada:!", [":tada:"]), (":tada:", ":tada:", [":tada:"])),
        *(("tada", ":tada:", ["tada"]), (":+1:", "👍🏽", ["👍"]), ("👍", ":thumbsup: ok", [":thumbsup:"])),
        *((":heart:", "❤️", ["❤️"]), ("yay :tada:", "🎉 yay", ["🎉", "yay"]), (":no_such:", "🎉", None)),
        *(('"so :tada:"', "so 🎉", ["so 🎉"]), ("12:30:45", "at 12:30:45", ["12:30:45"]), (":ta", "🎉", None)),
    ],
)
def test_shortcodes_stand_for_their_emoji(query: str, text: str, marks: list[str] | None):
    assert marked(query, text) == marks


@pytest.mark.exhaustive
def test_every_shortcode_is_at_least_as_long_as_its_emoji():
    codes = {code for data in EMOJI_DATA.values() for code in (data["en"], *data.get("alias", ()))}
    assert [code for code in codes if len(shown(code)) != len(code)] == []


@given(st.text("ab*_~`|\\[](): 12:tada:🎉é", max_size=60))
def test_text_as_shown_has_the_same_length(text: str):
    assert len(shown(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        *(("https://example.org", True), ("see www.example.org/a", True), ("[x](https://example.org)", True)),
        *(("<https://example.org>", True), ("me@example.org", True), ("`https://example.org`", False)),
        *(("a link", False), ("12:30", False), ("e.g. tea", False), ("javascript://x", False)),
    ],
)
def test_link_is_what_is_shown_as_one(text: str, has: bool):
    assert has_link(text) == has


@pytest.mark.parametrize(
    "text",
    ["*" * 4000, "[" * 4000, "](" * 2000, "[](" * 1300, ":" * 4000, ":a" * 2000, "*1" * 2000, "`a" * 2000],
    ids=repr,
)
def test_hostile_text_is_fast(text: str):
    start = process_time()
    shown(text)
    assert process_time() - start < 0.1


def test_searching_again_in_ten_thousand_messages_is_fast():
    messages = messages_with(*(f"the **quick** brown fox :tada: größere Füße {number}" for number in range(10_000)))
    texts = SearchTexts(TEXT_FORMS)
    search(messages, parse_query("nowhere"), texts=texts)
    start = process_time()
    assert search(messages, parse_query("nowhere to be found"), texts=texts) == []
    assert process_time() - start < 0.1
