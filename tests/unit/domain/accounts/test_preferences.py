"""Preferences: stored values, invalid ones, and which messages notify a member."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from chat.domain.accounts.preference_choices import Accent, ColorScheme, NotificationLevel, TextSize
from chat.domain.accounts.preferences import MAX_LEVELS, Preferences
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message, Quote

UNADDRESSED = Message("message00", "lobby", "ann", "Ann", "Tea?", datetime(2026, 5, 1, 12, tzinfo=UTC))
TO_BOB = replace(UNADDRESSED, text="@Bob Tea?", mentions={"Bob": "bob"})
TO_ALL = replace(UNADDRESSED, text="@all Tea?", mentions={"all": ALL})
BOBS = Quote("message01", "bob", "Bob", "Any tea left?")


@pytest.mark.parametrize("message", [UNADDRESSED, TO_BOB, TO_ALL, replace(UNADDRESSED, reply=BOBS)])
def test_everything_includes_all_messages_but_own(message: Message):
    assert NotificationLevel.EVERYTHING.includes(message, "bob")
    assert not NotificationLevel.EVERYTHING.includes(message, "ann")


@pytest.mark.parametrize("message", [TO_BOB, TO_ALL, replace(UNADDRESSED, reply=BOBS)])
def test_mentions_include_mentions_and_replies(message: Message):
    assert NotificationLevel.MENTIONS.includes(message, "bob")


@pytest.mark.parametrize("message", [UNADDRESSED, replace(UNADDRESSED, text="@Cid", mentions={"Cid": "cid"})])
def test_mentions_exclude_other_messages(message: Message):
    assert not NotificationLevel.MENTIONS.includes(message, "bob")


def test_own_mentions_and_replies_do_not_notify():
    assert not NotificationLevel.MENTIONS.includes(TO_ALL, "ann")
    assert not NotificationLevel.MENTIONS.includes(replace(UNADDRESSED, author="bob", reply=BOBS), "bob")


@pytest.mark.parametrize("message", [UNADDRESSED, TO_BOB, TO_ALL])
def test_nothing_includes_no_message(message: Message):
    assert not NotificationLevel.NOTHING.includes(message, "bob")


def test_only_changed_settings_are_stored():
    chosen = Preferences().choose("scheme", "dark").choose("volume", 30).choose("muted", True).choose("accent", "chat")
    assert chosen.to_dict() == {"scheme": "dark", "volume": 30, "muted": True}
    assert Preferences.from_dict(chosen.to_dict()) == chosen
    assert (chosen.scheme, chosen.accent, chosen.size) == (ColorScheme.DARK, Accent.CHAT, TextSize.NORMAL)


def test_unknown_stored_settings_are_ignored():
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
        *(("quiet_from", value) for value in ("", "7:00", "24:00", "12:60", "22:00:00", "٢٢:٠٠", 22, None, ["22:00"])),
        ("quiet_until", "soon"),
        ("levels", "nothing"),
        ("levels", ["tea"]),
        ("levels", {"tea": "loud"}),
        ("levels", {"tea": None}),
        ("levels", {1: "nothing"}),
        ("levels", {"tea" * 20: "nothing"}),
    ],
)
def test_unknown_setting_or_value_is_refused(name: object, value: object):
    with pytest.raises(ValueError, match=r"no|not"):
        Preferences().choose(name, value)


@pytest.mark.parametrize(
    ("start", "end", "quiet", "loud"),
    [
        ("22:00", "07:00", ("22:00", "23:59", "00:00", "06:59"), ("21:59", "07:00", "12:00")),
        ("01:00", "06:30", ("01:00", "06:29"), ("00:59", "06:30", "23:00")),
        ("08:00", "08:00", (), ("08:00", "20:00")),
    ],
)
def test_quiet_hours_may_go_on_past_midnight(start: str, end: str, quiet: tuple[str, ...], loud: tuple[str, ...]):
    chosen = Preferences(quiet=True, quiet_from=start, quiet_until=end)
    assert [chosen.is_quiet(time.fromisoformat(at)) for at in (*quiet, *loud)] == [True] * len(quiet) + [False] * len(
        loud
    )
    assert not any(replace(chosen, quiet=False).is_quiet(time.fromisoformat(at)) for at in quiet)


def test_pushes_follow_only_what_is_about_them():
    chosen = Preferences(accent=Accent.TEAL, volume=5, push_text=True, levels={"tea": NotificationLevel.NOTHING})
    assert chosen.for_push() == Preferences(push_text=True, levels={"tea": NotificationLevel.NOTHING})


def test_level_of_a_room_takes_the_place_of_those_that_are_not_off():
    chosen = (
        Preferences(sound=NotificationLevel.NOTHING).choose_level("tea", "everything").choose_level("hr", "nothing")
    )
    found = [(way.desktop, way.sound, way.title) for way in map(chosen.in_room, ("lobby", "tea", "hr"))]
    everything, mentions, nothing = NotificationLevel
    assert found == [(mentions, nothing, everything), (everything, nothing, everything), (nothing,) * 3]
    assert Preferences.from_dict(chosen.to_dict()) == chosen
    assert chosen.choose_level("tea", "").choose_level("hr", None).levels == {}
    with pytest.raises(ValueError, match="loud"):
        chosen.choose_level("tea", "loud")


def test_all_messages_of_a_direct_room_count_unless_it_or_all_is_silent():
    everything, mentions, nothing = NotificationLevel
    silent = Preferences(desktop=nothing)
    assert Preferences().in_room("bob", is_direct=True).desktop is everything
    assert Preferences().choose_level("bob", "mentions").in_room("bob", is_direct=True).desktop is mentions
    assert Preferences().choose_level("bob", "nothing").in_room("bob", is_direct=True).desktop is nothing
    assert silent.in_room("bob", is_direct=True).desktop is nothing


def test_levels_of_the_rooms_chosen_last_are_kept():
    chosen = Preferences().choose("levels", {f"room{number}": "nothing" for number in range(MAX_LEVELS)})
    chosen = chosen.choose_level("room1", "mentions").choose_level("tea", "everything")
    assert len(chosen.levels) == MAX_LEVELS
    assert [*chosen.levels][-2:] == ["room1", "tea"]
    assert "room0" not in chosen.levels
