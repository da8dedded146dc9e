"""Presence by connections with grace, whose tabs show what is newest, and typing that ends by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.rooms.presence import Presence, Typing

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def presence() -> Presence:
    """Ann is here with one tab; the grace is ten seconds."""
    presence = Presence(timedelta(seconds=10))
    presence.connect("ann", "tab 1")
    return presence


def test_several_tabs_are_one_person(presence: Presence):
    presence.connect("ann", "tab 2")
    assert len(presence) == 1
    presence.disconnect("ann", "tab 1", NOON)
    assert presence.is_connected("ann")
    assert presence.overdue(after(60)) == []


def test_a_tab_counts_once_however_often_it_connects(presence: Presence):
    presence.connect("ann", "tab 1")
    presence.disconnect("ann", "tab 1", NOON)
    assert not presence.is_connected("ann")


def test_who_loses_the_last_tab_stays_for_the_grace(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    assert "ann" in presence
    assert not presence.is_connected("ann")
    assert presence.overdue(after(9.9)) == []
    assert presence.overdue(after(10)) == ["ann"]


def test_who_comes_back_within_the_grace_has_not_left(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    presence.connect("ann", "tab 2")
    assert presence.is_connected("ann")
    assert presence.overdue(after(60)) == []


def test_a_reload_may_connect_before_the_old_tab_disconnects(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.disconnect("ann", "tab 1", NOON)
    presence.disconnect("ann", "tab 1", after(1))
    assert presence.is_connected("ann")
    assert presence.overdue(after(60)) == []


def test_the_grace_begins_with_the_last_disconnect_and_only_once(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.disconnect("ann", "tab 1", NOON)
    presence.disconnect("ann", "tab 2", after(5))
    presence.disconnect("ann", "tab 2", after(9))
    assert presence.overdue(after(14.9)) == []
    assert presence.overdue(after(15)) == ["ann"]


def test_a_disconnect_of_a_stranger_changes_nothing(presence: Presence):
    presence.disconnect("bob", "tab 9", NOON)
    assert "bob" not in presence
    assert presence.overdue(after(60)) == []


def test_who_leaves_is_forgotten_with_all_tabs(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.leave("ann")
    presence.disconnect("ann", "tab 2", NOON)
    assert "ann" not in presence
    assert len(presence) == 0
    assert presence.overdue(after(60)) == []


# Who sees what is newest.


def test_a_tab_shows_what_is_newest_when_it_connects(presence: Presence):
    assert presence.is_viewing_latest("ann")


def test_a_tab_that_looks_away_and_back(presence: Presence):
    assert presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.is_viewing_latest("ann")
    assert presence.set_viewing_latest("ann", "tab 1", True)
    assert presence.is_viewing_latest("ann")


def test_what_is_known_of_a_tab_is_no_news(presence: Presence):
    assert not presence.set_viewing_latest("ann", "tab 1", True)
    presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.set_viewing_latest("ann", "tab 1", False)


def test_one_tab_that_shows_it_is_enough(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.set_viewing_latest("ann", "tab 1", False)
    assert presence.is_viewing_latest("ann")
    presence.set_viewing_latest("ann", "tab 2", False)
    assert not presence.is_viewing_latest("ann")


def test_who_is_not_connected_sees_nothing(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    assert not presence.is_viewing_latest("ann")
    assert not presence.is_viewing_latest("bob")


def test_looking_away_in_a_tab_that_is_not_ones_own_changes_nothing(presence: Presence):
    presence.connect("bob", "tab 2")
    assert not presence.set_viewing_latest("bob", "tab 1", False)
    assert not presence.set_viewing_latest("cid", "tab 1", False)
    assert not presence.set_viewing_latest("ann", "tab 9", False)
    assert presence.is_viewing_latest("ann")
    assert presence.is_viewing_latest("bob")


def test_a_tab_that_reconnects_shows_what_is_newest_again(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    presence.disconnect("ann", "tab 1", NOON)
    presence.connect("ann", "tab 1")
    assert presence.is_viewing_latest("ann")


def test_who_comes_back_after_leaving_looks_at_what_is_newest(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    presence.leave("ann")
    presence.connect("ann", "tab 1")
    assert presence.is_viewing_latest("ann")


def test_a_tab_that_connects_twice_still_looks_away(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.connect("ann", "tab 1")
    assert not presence.is_viewing_latest("ann")


# Typing.


def test_typing_ends_by_itself_after_five_seconds():
    typing = Typing()
    typing.start("ann", NOON)
    assert typing.overdue(after(4.9)) == []
    assert typing.overdue(after(5)) == ["ann"]


def test_who_goes_on_typing_goes_on_being_shown_in_place():
    typing = Typing()
    typing.start("ann", NOON)
    typing.start("bob", after(1))
    typing.start("ann", after(4))
    assert typing.members == ("ann", "bob")
    assert typing.overdue(after(6)) == ["bob"]


def test_typing_stops_at_once_and_twice_is_once():
    typing = Typing()
    typing.start("ann", NOON)
    typing.start("bob", NOON)
    typing.stop(["ann", "cid"])
    typing.stop(["ann"])
    assert typing.members == ("bob",)
