"""Anonymized authors: their id and name disappear from all messages."""

from dataclasses import replace

from chat.domain.messages.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.message import Quote
from tests.unit.domain.messages.samples import (
    ROOM,
    anonymized,
    get,
    history_of,
    message,
    posted,
    quoted,
    reaction_added,
)


def names(history: History, member: str) -> bool:
    """Tell whether a member's id or name is anywhere in the history."""
    return member in repr(list(history)).casefold()


def test_messages_stay_under_a_pseudonym():
    history = history_of(posted(0), posted(1))
    assert history.apply(anonymized()) == {"message00", "message01"}
    assert list(history) == [replace(message(number), author="x1y2", name="Anonymous") for number in range(2)]


def test_messages_by_others_stay_as_they_are():
    bobs = replace(message(1), author="bob", name="Bob", text="Hello, Ann said something")
    history = history_of(posted(0), MessagePosted(ROOM, bobs))
    assert history.apply(anonymized()) == {"message00"}
    assert get(history, 1) is bobs


def test_quotes_lose_the_author():
    bobs = replace(message(1, message(0).quote), author="bob", name="Bob")
    history = history_of(posted(0), MessagePosted(ROOM, bobs), anonymized())
    assert get(history, 1).reply == Quote("message00", "x1y2", "Anonymous", "Message 0")
    assert get(history, 1).author == "bob"


def test_reactions_stay_in_place():
    added = (reaction_added(0, member=member) for member in ("bob", "cid", "dan"))
    history = history_of(posted(0), *added)
    assert history.apply(anonymized("cid")) == {"message00"}
    assert list(get(history, 0).reactions["🎉"].items()) == [("bob", "Bob"), ("x1y2", "Anonymous"), ("dan", "Dan")]


def test_mentions_become_plain_text():
    text = "@Bob, @bob and @Bob Lee: see http://x.org/@Bob, bob@bob.org, @Bobby and `@Bob`"
    found = {"Bob": "bob", "bob": "bob", "Bob Lee": "lee", "Bobby": "bobby"}
    history = history_of(MessagePosted(ROOM, replace(message(0), text=text, mentions=found)), anonymized("bob"))
    assert get(history, 0).text == (
        "@Anonymous, @Anonymous and @Bob Lee: see http://x.org/@Bob, bob@bob.org, @Bobby and `@Anonymous`"
    )
    assert get(history, 0).mentions == {"Bob Lee": "lee", "Bobby": "bobby"}


def test_mention_disappears_from_quotes():
    original = replace(message(0), text="@Bob Hi", mentions={"Bob": "bob"})
    history = history_of(MessagePosted(ROOM, original), posted(1, original.quote))
    assert history.apply(anonymized("bob")) == {"message00", "message01"}
    assert quoted(history, 1) == "@Anonymous Hi"


def test_mention_disappears_from_quotes_of_evicted_messages():
    original = replace(message(0), text="@Bob Hi", mentions={"Bob": "bob"})
    bobs = replace(message(2), author="bob", name="Bob")
    history = history_of(MessagePosted(ROOM, original), posted(1, original.quote), MessagePosted(ROOM, bobs), limit=2)
    assert history.apply(anonymized("bob")) == {"message01", "message02"}
    assert quoted(history, 1) == "@Anonymous Hi"


def test_no_trace_of_the_author_is_left():
    bobs = replace(message(1, message(0).quote), author="bob", name="Bob", text="@Ann Hi", mentions={"Ann": "ann"})
    reaction = reaction_added(1, member="ann")
    history = history_of(posted(0), MessagePosted(ROOM, bobs), reaction, posted(2, bobs.quote))
    assert names(history, "ann")
    history.apply(anonymized())
    assert not names(history, "ann")


def test_anonymizing_again_or_a_stranger_changes_nothing():
    history = history_of(posted(0), anonymized())
    assert history.apply(anonymized()) is None
    assert history.apply(anonymized("eve")) is None
