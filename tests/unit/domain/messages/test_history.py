"""The bounded history: order, edits, deletions, topic and clearing."""

from dataclasses import replace

import pytest

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import MessageEvent, MessagePosted
from chat.domain.messages.history import History
from tests.unit.domain.messages.samples import (
    ROOM,
    after,
    anonymized,
    cleared,
    content,
    deleted,
    edited,
    get,
    history_of,
    message,
    posted,
    preview_removed,
    purged,
    reaction_added,
    reaction_removed,
    topic_changed,
)

# Order and limit.


def test_last_messages_are_kept_in_order():
    history = History(3, map(message, range(5)))
    assert [kept.text for kept in history] == ["Message 2", "Message 3", "Message 4"]
    assert len(history) == 3


def test_history_can_be_read_backwards():
    assert list(reversed(History(3, map(message, range(3))))) == [message(2), message(1), message(0)]


def test_adding_message_again_changes_nothing():
    history = History(3, map(message, range(3)))
    assert history.apply(MessagePosted(ROOM, replace(message(0), text="something else"))) is None
    assert list(history) == [message(0), message(1), message(2)]


def test_evicted_message_is_forgotten():
    history = history_of(posted(0), posted(1), limit=1)
    assert history.get("message00") is None
    assert history.get("message01") == message(1)


def test_deleted_message_makes_room_for_another():
    history = history_of(posted(0), posted(1), deleted(1), posted(2), limit=2)
    assert list(history) == [message(0), message(2)]


@pytest.mark.parametrize(
    "event",
    [
        posted(1),
        edited(0, "New"),
        deleted(0),
        purged(0),
        reaction_added(0),
        topic_changed("Tea"),
        cleared(),
        anonymized(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_copy_is_independent(event: MessageEvent):
    history = History(3, [message(0)], "Cake")
    copy = history.copy()
    assert content(copy) == content(history)
    copy.apply(event)
    assert content(history) == ("Cake", [message(0)])
    assert content(copy) != content(history)
    assert copy.limit == 3


def test_copy_remembers_the_last_clearing():
    history = history_of(cleared())
    assert history.copy().apply(cleared()) is None


# Edits and deletions.


def test_edit_changes_text_mentions_and_time():
    history = history_of(posted(0), posted(1))
    assert history.apply(edited(0, "New @Bob", 60, {"Bob": "bob"})) == {"message00"}
    assert get(history, 0) == replace(message(0), text="New @Bob", mentions={"Bob": "bob"}, edited=after(60))
    assert next(iter(history)).id == "message00"


def test_last_edit_counts():
    history = history_of(posted(0), edited(0, "one", 60), edited(0, "two", 61))
    assert (get(history, 0).text, get(history, 0).edited) == ("two", after(61))


def test_edit_to_same_text_changes_nothing():
    history = history_of(posted(0))
    assert history.apply(edited(0, "Message 0")) is None
    assert get(history, 0).edited is None


def test_edit_keeps_reactions_and_quote():
    history = history_of(posted(0), posted(1, message(0).quote), reaction_added(1), edited(1, "New"))
    assert get(history, 1).reactions == {"🎉": {"bob": "Bob"}}
    assert get(history, 1).reply == message(0).quote


def test_deleted_message_is_gone():
    history = history_of(posted(0), posted(1))
    assert history.apply(deleted(0)) == {"message00"}
    assert list(history) == [message(1)]


def test_purged_messages_are_gone():
    history = history_of(posted(0), posted(1), posted(2))
    assert history.apply(purged(0, 2, 9)) == {"message00", "message02"}
    assert list(history) == [message(1)]
    assert history.apply(purged(0, 2, 9)) is None


# The topic, and clearing.


def test_topic_touches_no_message():
    history = history_of(posted(0))
    assert history.apply(topic_changed("Tea")) == set()
    assert content(history) == ("Tea", [message(0)])


def test_same_topic_again_changes_nothing():
    history = history_of(topic_changed("Tea"))
    assert history.apply(topic_changed("Tea", 61)) is None
    assert History(10).apply(topic_changed("")) is None


def test_clearing_drops_messages_and_keeps_topic():
    history = history_of(topic_changed("Tea"), posted(0), posted(1))
    assert history.apply(cleared()) == {"message00", "message01"}
    assert content(history) == ("Tea", [])


def test_empty_history_can_be_cleared():
    assert History(10).apply(cleared()) == set()


def test_message_posted_after_clearing_survives_its_repetition():
    history = history_of(posted(0), cleared(), posted(1))
    assert history.apply(cleared()) is None
    assert list(history) == [message(1)]


@pytest.mark.parametrize(
    "event",
    [
        *(edited(99, "New"), deleted(99), purged(99), reaction_added(99), reaction_removed(99), reaction_removed(0)),
        *(preview_removed(99), preview_removed(0)),
    ],
    ids=["edit", "delete", "purge", "react", "unreact", "unreact without a reaction", "preview", "no preview"],
)
def test_event_about_unknown_message_changes_nothing(event: MessageEvent):
    history = history_of(posted(0))
    assert history.apply(event) is None
    assert content(history) == ("", [message(0)])


# Taking what another history has.


def test_restored_history_has_all_of_the_other():
    picture = Attachment("a" * 64, "cat.png", "image/png", 100)
    other = history_of(replace(posted(0), message=replace(message(0), attachments=(picture,))), topic_changed("Cats"))
    history = history_of(posted(1), topic_changed("Dogs"))
    history.restore(other)
    assert (list(history), history.topic, history.authors, history.contents) == (
        list(other),
        "Cats",
        other.authors,
        {"a" * 64},
    )
