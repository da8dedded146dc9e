"""Presence: connections with a grace period, and tabs that show the newest message."""

from datetime import timedelta

import pytest

from chat.domain.people.presence import Presence
from chat.domain.rooms.directory.room_info import LOBBY
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


def test_connected_tab_shows_nothing_yet(presence: Presence):
    assert not presence.is_viewing_latest("ann", LOBBY)


def test_tab_can_look_at_a_room_and_away(presence: Presence):
    assert presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    assert presence.is_viewing_latest("ann", LOBBY)
    assert not presence.is_viewing_latest("ann", "tea")
    assert presence.set_viewing_latest("ann", "tab 1", LOBBY, False)
    assert not presence.is_viewing_latest("ann", LOBBY)


def test_same_viewing_again_changes_nothing(presence: Presence):
    assert not presence.set_viewing_latest("ann", "tab 1", LOBBY, False)
    presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    assert not presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    assert not presence.set_viewing_latest("ann", "tab 1", "tea", False)


def test_one_viewing_tab_is_enough(presence: Presence):
    presence.connect("ann", "tab 2")
    presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    presence.set_viewing_latest("ann", "tab 2", "tea", True)
    assert presence.is_viewing_latest("ann", LOBBY)
    assert presence.is_viewing_latest("ann", "tea")
    presence.set_viewing_latest("ann", "tab 1", LOBBY, False)
    assert not presence.is_viewing_latest("ann", LOBBY)
    assert presence.is_viewing_latest("ann", "tea")


@pytest.mark.parametrize("is_leaving", [True, False])
def test_tab_that_is_gone_views_nothing_even_if_it_returns(presence: Presence, is_leaving: bool):
    presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    if is_leaving:
        presence.leave("ann")
    else:
        presence.disconnect("ann", "tab 1", NOON)
    assert not presence.is_viewing_latest("ann", LOBBY)
    presence.connect("ann", "tab 1")
    assert not presence.is_viewing_latest("ann", LOBBY)


def test_tab_of_another_member_is_not_affected(presence: Presence):
    presence.connect("bob", "tab 2")
    for member_id, tab in ("bob", "tab 1"), ("cid", "tab 1"), ("ann", "tab 9"):
        assert not presence.set_viewing_latest(member_id, tab, LOBBY, True)
    assert not any(presence.is_viewing_latest(member_id, LOBBY) for member_id in ("ann", "bob", "cid"))


def test_tab_that_connects_twice_still_views_its_room(presence: Presence):
    presence.set_viewing_latest("ann", "tab 1", LOBBY, True)
    assert not presence.connect("ann", "tab 1")
    assert presence.is_viewing_latest("ann", LOBBY)
