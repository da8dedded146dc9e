"""Presence: connections with a grace period, and tabs that show the newest message."""

from datetime import timedelta

import pytest

from chat.domain.people.presence import Presence
from tests.unit.domain.rooms.scenes import NOON, after


@pytest.fixture
def presence() -> Presence:
    """Ann is present with one tab; the grace period is ten seconds."""
    presence = Presence(timedelta(seconds=10))
    presence.connect("ann", "tab 1")
    return presence


def test_several_tabs_count_as_one_member(presence: Presence):
    presence.connect("ann", "tab 2")
    assert len(presence) == 1
    presence.disconnect("ann", "tab 1", NOON)
    assert presence.is_connected("ann")
    assert presence.expired(after(60)) == []


def test_tab_that_connects_twice_counts_once(presence: Presence):
    presence.connect("ann", "tab 1")
    presence.disconnect("ann", "tab 1", NOON)
    assert not presence.is_connected("ann")


def test_member_without_a_tab_stays_for_the_grace_period(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    assert "ann" in presence
    assert not presence.is_connected("ann")
    assert presence.expired(after(9.9)) == []
    assert presence.expired(after(10)) == ["ann"]


def test_reconnecting_within_the_grace_period_ends_it(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    presence.connect("ann", "tab 2")
    assert presence.is_connected("ann")
    assert presence.expired(after(60)) == []


def test_reload_may_connect_before_the_old_tab_disconnects(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.disconnect("ann", "tab 1", NOON)
    presence.disconnect("ann", "tab 1", after(1))
    assert presence.is_connected("ann")
    assert presence.expired(after(60)) == []


def test_grace_period_begins_with_the_last_disconnect(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.disconnect("ann", "tab 1", NOON)
    presence.disconnect("ann", "tab 2", after(5))
    presence.disconnect("ann", "tab 2", after(9))
    assert presence.expired(after(14.9)) == []
    assert presence.expired(after(15)) == ["ann"]


def test_disconnect_of_an_unknown_member_changes_nothing(presence: Presence):
    presence.disconnect("bob", "tab 9", NOON)
    assert "bob" not in presence
    assert presence.expired(after(60)) == []


def test_leaving_removes_all_tabs(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.leave("ann")
    presence.disconnect("ann", "tab 2", NOON)
    assert "ann" not in presence
    assert len(presence) == 0
    assert presence.expired(after(60)) == []


# Viewing the newest message.


def test_connected_tab_shows_the_newest_message(presence: Presence):
    assert presence.is_viewing_latest("ann")


def test_tab_can_look_away_and_back(presence: Presence):
    assert presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.is_viewing_latest("ann")
    assert presence.set_viewing_latest("ann", "tab 1", True)
    assert presence.is_viewing_latest("ann")


def test_same_viewing_again_changes_nothing(presence: Presence):
    assert not presence.set_viewing_latest("ann", "tab 1", True)
    presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.set_viewing_latest("ann", "tab 1", False)


def test_one_viewing_tab_is_enough(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.set_viewing_latest("ann", "tab 1", False)
    assert presence.is_viewing_latest("ann")
    presence.set_viewing_latest("ann", "tab 2", False)
    assert not presence.is_viewing_latest("ann")


def test_disconnected_member_views_nothing(presence: Presence):
    presence.disconnect("ann", "tab 1", NOON)
    assert not presence.is_viewing_latest("ann")
    assert not presence.is_viewing_latest("bob")


def test_tab_of_another_member_is_not_affected(presence: Presence):
    presence.connect("bob", "tab 2")
    assert not presence.set_viewing_latest("bob", "tab 1", False)
    assert not presence.set_viewing_latest("cid", "tab 1", False)
    assert not presence.set_viewing_latest("ann", "tab 9", False)
    assert presence.is_viewing_latest("ann")
    assert presence.is_viewing_latest("bob")


def test_reconnected_tab_shows_the_newest_message(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    presence.disconnect("ann", "tab 1", NOON)
    presence.connect("ann", "tab 1")
    assert presence.is_viewing_latest("ann")


def test_member_who_left_and_rejoined_views_the_newest_message(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    presence.leave("ann")
    presence.connect("ann", "tab 1")
    assert presence.is_viewing_latest("ann")


def test_tab_that_connects_twice_still_looks_away(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", False)
    assert not presence.connect("ann", "tab 1")
    assert not presence.is_viewing_latest("ann")
