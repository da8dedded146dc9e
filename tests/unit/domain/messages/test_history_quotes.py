"""Quotes in replies: kept up to date with the original."""

from chat.domain.messages.message import Quote
from tests.unit.domain.messages.samples import deleted, edited, get, history_of, message, posted, purged, quoted


def test_edit_updates_quotes():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2, message(0).quote), posted(3))
    assert history.apply(edited(0, "New")) == {"message00", "message01", "message02"}
    assert (quoted(history, 1), quoted(history, 2)) == ("New", "New")
    assert get(history, 3) == message(3)


def test_updated_quote_is_cut():
    history = history_of(posted(0), posted(1, message(0).quote), edited(0, "x" * 300))
    assert quoted(history, 1) == "x" * 200


def test_edit_after_quoted_part_leaves_quotes_alone():
    history = history_of(posted(0), edited(0, "x" * 300, 60))
    history.apply(posted(1, get(history, 0).quote))
    assert history.apply(edited(0, "x" * 300 + "y", 61)) == {"message00"}


def test_deletion_empties_quotes():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2))
    assert history.apply(deleted(0)) == {"message00", "message01"}
    assert get(history, 1).reply == Quote("message00", "ann", "Ann", "")


def test_purge_empties_quotes():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2))
    assert history.apply(purged(0)) == {"message00", "message01"}
    assert quoted(history, 1) == ""


def test_evicted_message_stays_quoted():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2), limit=2)
    assert history.get("message00") is None
    assert quoted(history, 1) == "Message 0"


def test_message_deleted_after_eviction_is_no_longer_quoted():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2), limit=2)
    assert history.apply(deleted(0)) == {"message01"}
    assert quoted(history, 1) == ""


def test_edit_updates_direct_replies_only():
    history = history_of(posted(0), posted(1, message(0).quote), posted(2, message(1).quote), edited(0, "New"))
    assert (quoted(history, 1), quoted(history, 2)) == ("New", "Message 1")


def test_reply_quotes_the_original_as_it_is_on_arrival():
    history = history_of(posted(0), edited(0, "New"), posted(1, message(0).quote))
    assert quoted(history, 1) == "New"


def test_reply_after_deletion_quotes_nothing():
    history = history_of(posted(0), deleted(0), posted(1, message(0).quote))
    assert quoted(history, 1) == ""
