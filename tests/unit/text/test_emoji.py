"""Emoji: their fully-qualified form, and suggestions for what is typed."""

import json
from time import process_time

import pytest

from chat.domain.errors import ChatError
from chat.i18n.translator import languages
from chat.text.emoji import POPULAR, QUICK, normalize_emoji, suggest
from chat.ui.components.messages import emoji_picker as picker
from tests.support.server import ROOT


def codes(word: str, limit: int = 8) -> list[str]:
    return [code for code, _emoji in suggest(word, limit)]


def emojis(word: str, limit: int = 8) -> list[str]:
    return [emoji for _code, emoji in suggest(word, limit)]


# Normalizing.


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👍🏽", "1️⃣", "👨‍👩‍👧", "🏳️‍🌈", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫰🏽"], ids=ascii)
def test_emoji_is_its_own_form(emoji: str):
    assert normalize_emoji(emoji) == emoji


@pytest.mark.parametrize(
    ("given", "qualified"),
    [
        ("\u2764", "\u2764\ufe0f"),
        ("1\u20e3", "1\ufe0f\u20e3"),
        ("\U0001f44d\ufe0f", "\U0001f44d"),
        ("\U0001f3f3\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\U0001f308"),
    ],
    ids=ascii,
)
def test_unqualified_emoji_is_qualified(given: str, qualified: str):
    assert normalize_emoji(given) == qualified


@pytest.mark.parametrize(
    "value",
    [
        *("", "a", "1", "#", ":tada:", "👍👍", "👍 ", " 👍", "👍a", "<b>", "👍\u0000", "\ufe0f", "\u200d"),
        *("\U0001f3fd", "\U0001f9b0", "\U0001f1e9", "\u2764\ufe0e", "👨\u200d", "👍" * 100_000, "\ufe0f" * 100_000),
        *(None, 3, True, b"\xf0\x9f\x91\x8d", ["👍"], {"unicode": "👍"}),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_anything_else_is_refused(value: object):
    with pytest.raises(ChatError) as refused:
        normalize_emoji(value)
    assert refused.value.key == "emoji-unknown"


@pytest.mark.parametrize("language", languages())
def test_all_emoji_of_the_picker_are_known(language: str):
    _, url = picker.source(language)
    components = 2  # the group of skin tones and hair: the picker shows them in its search only
    for entry in json.loads((ROOT / url.lstrip("/")).read_text()):
        if entry["group"] == components:
            continue
        for emoji in (entry["emoji"], *(skin["emoji"] for skin in entry.get("skins", ()))):
            assert normalize_emoji(emoji)


def test_quick_and_popular_emoji_are_fully_qualified():
    assert QUICK == ("👍", "❤️", "😂", "🎉", "😮", "😢")
    assert all(normalize_emoji(emoji) == emoji for emoji in (*QUICK, *POPULAR.split()))
    assert len(set(POPULAR.split())) == len(POPULAR.split())


# Suggestions.


def test_exact_shortcode_comes_first():
    assert suggest("joy")[0] == ("joy", "😂")
    assert suggest("x")[0] == ("x", "❌")
    assert suggest("+1") == [("+1", "👍")]


def test_prefixes_come_before_other_matches():
    offered = codes("art", 50)
    ranks = [0 if code == "art" else 1 if code.lower().startswith("art") else 2 for code in offered]
    assert set(ranks) == {0, 1, 2}
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("word", "emoji"),
    [("th", "👍"), ("ta", "🎉"), ("hea", "❤️"), ("jo", "😂"), ("fir", "🔥"), ("roc", "🚀"), ("ey", "👀"), ("th", "👍")],
)
def test_popular_emoji_come_first(word: str, emoji: str):
    assert emojis(word)[0] == emoji


@pytest.mark.parametrize(("typed", "code"), [("TADA", "tada"), ("Tad", "tada"), ("piñ", "pinata"), ("PIÑ", "pinata")])
def test_case_and_accents_are_ignored(typed: str, code: str):
    assert code in codes(typed)


def test_emoji_is_suggested_once():
    offered = emojis("thumb", 50)
    assert len(set(offered)) == len(offered)


def test_skin_tones_are_left_out():
    assert suggest("skin_tone") == []
    assert emojis("wave", 50).count("👋") == 1
    assert not any("\U0001f3fb" <= character <= "\U0001f3ff" for emoji in emojis("a", 5000) for character in emoji)


def test_all_suggestions_are_known():
    assert all(normalize_emoji(emoji) == emoji for emoji in emojis("a", 5000))


@pytest.mark.parametrize("limit", [0, 1, 8, 20])
def test_suggestions_are_limited(limit: int):
    assert len(suggest("a", limit)) == limit


@pytest.mark.parametrize(
    "word",
    ["", " ", "\n", "zzzz", "ta da", "tada\n", ":", ")", "-(", "\u0301", "a" * 1_000_000, "<script>", None, 3, ["a"]],
    ids=lambda word: ascii(word)[:10],
)
def test_unmatched_text_has_no_suggestions(word):
    assert suggest(word) == []


def test_suggesting_takes_less_than_a_millisecond():
    suggest("a")
    words = ["a", "e", "_", "th", "face", "zzzz", "flag_for_", "x" * 50]
    start = process_time()
    for word in words * 10:
        suggest(word)
    assert process_time() - start < 0.001 * len(words) * 10
