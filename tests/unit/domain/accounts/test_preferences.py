"""What people choose for themselves, and which messages they are told of."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chat.domain.accounts.preferences import Accent, ColorScheme, NotificationLevel, Preferences, TextSize
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message, Quote

TO_NOBODY = Message("message00", "lobby", "ann", "Ann", "Tea?", datetime(2026, 5, 1, 12, tzinfo=UTC))
TO_BOB = replace(TO_NOBODY, text="@Bob Tea?", mentions={"Bob": "bob"})
TO_ALL = replace(TO_NOBODY, text="@all Tea?", mentions={"all": ALL})
BOBS = Quote("message01", "bob", "Bob", "Who is thirsty?")


@pytest.mark.parametrize("message", [TO_NOBODY, TO_BOB, TO_ALL, replace(TO_NOBODY, reply=BOBS)])
def test_who_wants_everything_is_told_of_everything_but_their_own(message: Message):
    assert NotificationLevel.EVERYTHING.includes(message, "bob")
    assert not NotificationLevel.EVERYTHING.includes(message, "ann")


@pytest.mark.parametrize("message", [TO_BOB, TO_ALL, replace(TO_NOBODY, reply=BOBS)])
def test_who_wants_mentions_is_told_of_mentions_and_replies(message: Message):
    assert NotificationLevel.MENTIONS.includes(message, "bob")


@pytest.mark.parametrize("message", [TO_NOBODY, replace(TO_NOBODY, text="@Cid", mentions={"Cid": "cid"})])
def test_who_wants_mentions_is_not_told_of_the_rest(message: Message):
    assert not NotificationLevel.MENTIONS.includes(message, "bob")


def test_nobody_is_told_that_they_called_all_or_answered_themselves():
    assert not NotificationLevel.MENTIONS.includes(TO_ALL, "ann")
    assert not NotificationLevel.MENTIONS.includes(replace(TO_NOBODY, author="bob", reply=BOBS), "bob")


@pytest.mark.parametrize("message", [TO_NOBODY, TO_BOB, TO_ALL])
def test_who_wants_nothing_is_told_of_nothing(message: Message):
    assert not NotificationLevel.NOTHING.includes(message, "bob")


def test_only_what_was_chosen_is_kept():
    chosen = Preferences().choose("scheme", "dark").choose("volume", 30).choose("muted", True).choose("accent", "chat")
    assert chosen.to_dict == {"scheme": "dark", "volume": 30, "muted": True}
    assert Preferences.from_dict(chosen.to_dict) == chosen
    assert (chosen.scheme, chosen.accent, chosen.size) == (ColorScheme.DARK, Accent.CHAT, TextSize.NORMAL)


def test_what_is_unknown_by_now_is_left_out():
    assert Preferences.from_dict(
        {"scheme": "sepia", "wallpaper": "cats", "volume": 900, "contrast": True}
    ) == Preferences(contrast=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scheme", "sepia"),
        ("scheme", None),
        ("scheme", ["dark"]),
        ("wallpaper", "cats"),
        (["scheme"], "dark"),
        (None, None),
        ("volume", 101),
        ("volume", -1),
        ("volume", "50"),
        ("volume", True),
        ("volume", 1.5),
        ("volume", float("nan")),
        ("muted", "on"),
        ("muted", 1),
        ("choose", "dark"),
    ],
)
def test_what_there_is_not_can_not_be_chosen(name: object, value: object):
    with pytest.raises(ValueError, match=r"no|not"):
        Preferences().choose(name, value)
