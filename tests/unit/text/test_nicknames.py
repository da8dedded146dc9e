"""Nicknames after PRECIS: the form to show, and the form to compare."""

import pytest

from chat.domain.errors import NameRefused
from chat.domain.nickname_policy import check_nickname
from chat.text.nicknames import parse_nickname


def refusal(text: object) -> str:
    with pytest.raises(NameRefused) as refused:
        parse_nickname(text)
    return refused.value.key


@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("Ann", "Ann", "ann"),
        ("  Ann   Lee ", "Ann Lee", "ann lee"),
        ("Ann\u00a0Lee", "Ann Lee", "ann lee"),
        ("ＡＮＮ", "ANN", "ann"),
        ("Zoe\u0308", "Zoë", "zoë"),
        ("Ω", "Ω", "ω"),
        ("李雷", "李雷", "李雷"),
        ("عمر", "عمر", "عمر"),
        ("🦊", "🦊", "🦊"),
    ],
)
def test_name_has_a_form_to_show_and_one_to_compare(typed: str, shown: str, key: str):
    name = parse_nickname(typed)
    assert (name.shown, name.key) == (shown, key)


@pytest.mark.parametrize(
    ("typed", "shown", "key"),
    [
        ("Ann ❤️", "Ann ❤️", "ann ❤"),
        ("❤️", "❤️", "❤"),
        ("Ann ❤\ufe0e", "Ann ❤️", "ann ❤"),
        ("👨‍👩‍👧 Lee", "👨‍👩‍👧 Lee", "👨👩👧 lee"),
        ("Zoë 🇩🇪", "Zoë 🇩🇪", "zoë 🇩🇪"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿 Bob", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Bob", "🏴 bob"),
        ("Bob 👍🏽", "Bob 👍🏽", "bob 👍🏽"),
        ("👩🏽‍🚀", "👩🏽‍🚀", "👩🏽🚀"),
        ("Cid 1️⃣", "Cid 1️⃣", "cid 1⃣"),
        ("☺️ ＡＮＮ❤️ ☺", "☺️ ANN❤️ ☺", "☺ ann❤ ☺"),
    ],
)
def test_emoji_sequences_are_kept_whole_and_compared_without_their_joints(typed: str, shown: str, key: str):
    name = parse_nickname(typed)
    assert (name.shown, name.key) == (shown, key)
    assert parse_nickname(name.shown) == name
    check_nickname(name)


@pytest.mark.parametrize("typed", ["@Bob", "＠Bob", "﹫Bob", " @ Bob", "@@Bob", "＠ @Bob"])
def test_sign_of_a_mention_is_not_part_of_the_name(typed: str):
    assert parse_nickname(typed).shown == "Bob"


def test_sign_within_a_name_is_kept():
    assert parse_nickname("bob@home").shown == "bob@home"


@pytest.mark.parametrize("variant", ["ann", "ANN", "aNN", "Ａｎｎ", " Ann ", "Ⓐnn"])
def test_case_width_and_outer_spaces_are_ignored(variant: str):
    assert parse_nickname(variant).key == parse_nickname("Ann").key


def test_key_is_that_of_the_form_that_is_shown():
    name = parse_nickname("\u03f9a")  # a sigma that looks like a C, and becomes a usual one
    assert name == parse_nickname(name.shown)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0\t\n", "@", " ＠ ", None, 7, ["Ann"], {"name": "Ann"}])
def test_anything_but_a_name_counts_as_empty(text: object):
    assert refusal(text) == "name-empty"


@pytest.mark.parametrize(
    "text",
    [
        "Ann\nBob",
        "Ann\x00",
        "Ann\u200b",
        "Ann\u202e",
        "\ufeffAnn",
        "Ann\u2028",
        "\ud800",
        "A\u00adnn",
        "\U000e0041",
        "Ann\ufe0f",
        "Ann\u200d",
        "A\u200dB",
    ],
    ids=ascii,
)
def test_invisible_characters_are_refused(text: str):
    assert refusal(text) == "name-invalid"


def test_very_long_name_is_cut_first():
    assert len(parse_nickname("a" * 100_000).shown) == 200
