"""The typing indicator: its order, and how entries expire."""

from chat.domain.rooms.typing_indicator import TypingIndicator
from tests.unit.domain.rooms.scenes import NOON, after


def test_typing_expires_after_five_seconds():
    typing = TypingIndicator()
    typing.start("ann", NOON)
    assert typing.expired(after(4.9)) == []
    assert typing.expired(after(5)) == ["ann"]


def test_continued_typing_renews_the_entry_in_place():
    typing = TypingIndicator()
    assert typing.start("ann", NOON)
    assert typing.start("bob", after(1))
    assert not typing.start("ann", after(4))
    assert typing.member_ids == ("ann", "bob")
    assert typing.expired(after(6)) == ["bob"]


def test_typing_stops_at_once_and_only_once():
    typing = TypingIndicator()
    typing.start("ann", NOON)
    typing.start("bob", NOON)
    assert typing.stop(["ann", "cid"])
    assert not typing.stop(["ann"])
    assert typing.member_ids == ("bob",)
