"""Shortcodes, and messages of emoji alone."""

import pytest

from chat.text.markup.renderer import is_big
from tests.unit.text.markup.page import check_harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":tada:", "🎉"),
        ("well done :tada::+1: :-1:!", "well done 🎉👍 👎!"),
        ("**:heart:** (:100:)", "❤️ (💯)"),
        ("> :eyes:\n- :eyes:", "👀👀"),
        ("[:eyes:](https://example.com)", "👀"),
        (":nothing_like_this: :tada:", ":nothing_like_this: 🎉"),
        ("12:30:45 at 10:100:1", "12:30:45 at 10:100:1"),
        ("std::heart::x a:heart:", "std::heart::x a:heart:"),
        (r"\:tada:", ":tada:"),
        ("`:tada:` :tada:", ":tada: 🎉"),
        ("```\n:tada:\n```", ":tada:"),
        ("https://example.com/:tada:", "https://example.com/:tada:"),
        (":Tada: : tada: :ta da:", ":Tada: : tada: :ta da:"),
    ],
)
def test_shortcodes_become_emoji(text: str, shown: str):
    assert check_harmless(text).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "🎉",
        ":tada:",
        "🎉 🎉\n🎉",
        ":tada: 👍🏽 👨‍👩‍👧 ❤️ 🇩🇪 1️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "👩🏽‍❤️‍👨🏽" * 6,
        " 🎉 ",
        ":couple_with_heart_woman_man: " * 6,
    ],
)
def test_few_emoji_alone_are_big(text: str):
    assert is_big(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "1",
        "🎉!",
        "🎉" * 7,
        ":tada:" * 7,
        ":nothing:",
        "hi 🎉",
        "- 🎉",
        "`🎉`",
        "\ufe0f\u200d",
        "🇩",
        ":tada: x" * 500,
    ],
)
def test_other_messages_are_not_big(text: str):
    assert not is_big(text)
