"""The bounded history: changed by facts only, each of which counts once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.events import (
    AuthorAnonymized,
    DurableEvent,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Message, Quote

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def said(number: int, reply: Quote | None = None) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"Message {number}", after(number), reply=reply)


def posted(number: int, reply: Quote | None = None) -> MessagePosted:
    return MessagePosted("lobby", said(number, reply))


def edited(number: int, text: str, at: int = 60, mentions: dict[str, str] | None = None) -> MessageEdited:
    return MessageEdited("lobby", f"message{number:02}", text, mentions or {}, after(at))


def deleted(number: int) -> MessageDeleted:
    return MessageDeleted("lobby", f"message{number:02}", "ann")


def reacted(number: int, emoji: str = "🎉", who: str = "bob", on: bool = True) -> Reacted:
    return Reacted("lobby", f"message{number:02}", emoji, who, who.title(), on)


def topic(words: str, at: int = 60) -> TopicChanged:
    return TopicChanged("lobby", words, "ann", "Ann", after(at))


def cleared(at: int = 60) -> HistoryCleared:
    return HistoryCleared("lobby", "ann", "Ann", after(at))


def anonymized(author: str = "ann", pseudonym: str = "x1y2", at: int = 60) -> AuthorAnonymized:
    return AuthorAnonymized("lobby", author, pseudonym, after(at))


def history_of(*events: DurableEvent, limit: int = 10) -> History:
    history = History(limit)
    for event in events:
        history.apply(event)
    return history


def get(history: History, number: int) -> Message:
    message = history.get(f"message{number:02}")
    assert message
    return message


def quoted(history: History, number: int) -> str:
    reply = get(history, number).reply
    assert reply
    return reply.text


def content(history: History) -> tuple[str, list[Message]]:
    return history.topic, list(history)


# What is kept.


def test_the_history_keeps_the_last_messages_in_order():
    history = History(3, map(said, range(5)))
    assert [message.text for message in history] == ["Message 2", "Message 3", "Message 4"]
    assert len(history) == 3


def test_it_can_be_read_from_the_newest_on():
    assert list(reversed(History(3, map(said, range(3))))) == [said(2), said(1), said(0)]


def test_adding_a_message_again_changes_nothing():
    history = History(3, map(said, range(3)))
    assert history.apply(MessagePosted("lobby", replace(said(0), text="something else"))) is None
    assert list(history) == [said(0), said(1), said(2)]


def test_a_message_that_is_let_go_is_forgotten():
    history = history_of(posted(0), posted(1), limit=1)
    assert history.get("message00") is None
    assert history.get("message01") == said(1)


def test_what_was_deleted_after_it_was_let_go_is_not_quoted_any_more():
    history = history_of(posted(0), posted(1, said(0).quote), posted(2), limit=2)
    assert history.apply(deleted(0)) == {"message01"}
    assert quoted(history, 1) == ""


def test_a_deleted_message_makes_room_for_another():
    history = history_of(posted(0), posted(1), deleted(1), posted(2), limit=2)
    assert list(history) == [said(0), said(2)]


@pytest.mark.parametrize(
    "event",
    [posted(1), edited(0, "New"), deleted(0), reacted(0), topic("Tea"), cleared(), anonymized()],
    ids=lambda f: type(f).__name__,
)
def test_a_copy_goes_its_own_way(event: DurableEvent):
    history = History(3, [said(0)], "Cake")
    copy = history.copy()
    assert content(copy) == content(history)
    copy.apply(event)
    assert content(history) == ("Cake", [said(0)])
    assert content(copy) != content(history)
    assert copy.limit == 3


def test_a_copy_knows_the_last_clearing_too():
    history = history_of(cleared())
    assert history.copy().apply(cleared()) is None


# Edits.


def test_an_edit_changes_the_text_the_mentions_and_says_when():
    history = history_of(posted(0), posted(1))
    assert history.apply(edited(0, "New @Bob", 60, {"Bob": "bob"})) == {"message00"}
    assert get(history, 0) == replace(said(0), text="New @Bob", mentions={"Bob": "bob"}, edited=after(60))
    assert next(iter(history)).id == "message00"


def test_the_last_edit_counts():
    history = history_of(posted(0), edited(0, "one", 60), edited(0, "two", 61))
    assert (get(history, 0).text, get(history, 0).edited) == ("two", after(61))


def test_an_edit_to_the_same_text_is_no_edit():
    history = history_of(posted(0))
    assert history.apply(edited(0, "Message 0")) is None
    assert get(history, 0).edited is None


def test_an_edit_keeps_reactions_and_the_quote():
    history = history_of(posted(0), posted(1, said(0).quote), reacted(1), edited(1, "New"))
    assert get(history, 1).reactions == {"🎉": {"bob": "Bob"}}
    assert get(history, 1).reply == said(0).quote


# Quotes.


def test_an_edit_renews_the_quotes():
    history = history_of(posted(0), posted(1, said(0).quote), posted(2, said(0).quote), posted(3))
    assert history.apply(edited(0, "New")) == {"message00", "message01", "message02"}
    assert (quoted(history, 1), quoted(history, 2)) == ("New", "New")
    assert get(history, 3) == said(3)


def test_a_renewed_quote_is_cut_too():
    history = history_of(posted(0), posted(1, said(0).quote), edited(0, "x" * 300))
    assert quoted(history, 1) == "x" * 200


def test_an_edit_behind_what_is_quoted_leaves_the_quotes_alone():
    history = history_of(posted(0), edited(0, "x" * 300, 60))
    history.apply(posted(1, get(history, 0).quote))
    assert history.apply(edited(0, "x" * 300 + "y", 61)) == {"message00"}


def test_a_deleted_original_empties_the_quotes():
    history = history_of(posted(0), posted(1, said(0).quote), posted(2))
    assert history.apply(deleted(0)) == {"message00", "message01"}
    assert get(history, 1).reply == Quote("message00", "ann", "Ann", "")


def test_an_original_that_is_let_go_stays_quoted():
    history = history_of(posted(0), posted(1, said(0).quote), posted(2), limit=2)
    assert history.get("message00") is None
    assert quoted(history, 1) == "Message 0"


def test_a_chain_of_replies_is_renewed_one_step_deep():
    history = history_of(posted(0), posted(1, said(0).quote), posted(2, said(1).quote), edited(0, "New"))
    assert (quoted(history, 1), quoted(history, 2)) == ("New", "Message 1")


def test_a_reply_quotes_what_the_original_says_when_it_arrives():
    history = history_of(posted(0), edited(0, "New"), posted(1, said(0).quote))
    assert quoted(history, 1) == "New"


def test_a_reply_that_arrives_after_the_deletion_quotes_nothing():
    history = history_of(posted(0), deleted(0), posted(1, said(0).quote))
    assert quoted(history, 1) == ""


# Deletions.


def test_a_deleted_message_is_gone():
    history = history_of(posted(0), posted(1))
    assert history.apply(deleted(0)) == {"message00"}
    assert list(history) == [said(1)]


# Reactions.


def test_a_reaction_is_kept_with_who_gave_it():
    history = history_of(posted(0))
    assert history.apply(reacted(0)) == {"message00"}
    assert get(history, 0).reactions == {"🎉": {"bob": "Bob"}}


def test_reactions_stay_in_the_order_they_were_given_first():
    history = history_of(posted(0), reacted(0, "🎉", "bob"), reacted(0, "👍", "bob"), reacted(0, "🎉", "cid"))
    assert list(get(history, 0).reactions) == ["🎉", "👍"]
    assert list(get(history, 0).reactions["🎉"].values()) == ["Bob", "Cid"]


def test_a_reaction_that_everybody_took_back_is_gone_and_comes_again_at_the_end():
    history = history_of(posted(0), reacted(0, "🎉"), reacted(0, "👍"), reacted(0, "🎉", on=False))
    assert list(get(history, 0).reactions) == ["👍"]
    history.apply(reacted(0, "🎉"))
    assert list(get(history, 0).reactions) == ["👍", "🎉"]


def test_taking_back_ones_own_leaves_that_of_others():
    history = history_of(posted(0), reacted(0, who="bob"), reacted(0, who="cid"), reacted(0, who="bob", on=False))
    assert get(history, 0).reactions == {"🎉": {"cid": "Cid"}}


def test_a_reaction_is_taken_back_under_whatever_name():
    history = history_of(posted(0), reacted(0))
    history.apply(replace(reacted(0, on=False), name="Bobby"))
    assert get(history, 0).reactions == {}


def test_what_was_handed_out_does_not_change():
    history = history_of(posted(0), posted(1, said(0).quote), reacted(0))
    before = list(history)
    kept = [(m.text, m.reply, {emoji: dict(by) for emoji, by in m.reactions.items()}) for m in before]
    for event in (reacted(0, who="cid"), reacted(0, on=False), reacted(0, "👍"), edited(0, "New"), deleted(0)):
        history.apply(event)
    assert [(m.text, m.reply, m.reactions) for m in before] == kept


# The topic, and clearing.


def test_a_topic_touches_no_message():
    history = history_of(posted(0))
    assert history.apply(topic("Tea")) == set()
    assert content(history) == ("Tea", [said(0)])


def test_the_same_topic_again_is_no_news():
    history = history_of(topic("Tea"))
    assert history.apply(topic("Tea", 61)) is None
    assert History(10).apply(topic("")) is None


def test_clearing_lets_go_of_the_messages_and_keeps_the_topic():
    history = history_of(topic("Tea"), posted(0), posted(1))
    assert history.apply(cleared()) == {"message00", "message01"}
    assert content(history) == ("Tea", [])


def test_an_empty_history_can_be_cleared_too():
    assert History(10).apply(cleared()) == set()


def test_what_was_posted_after_the_clearing_survives_its_repetition():
    history = history_of(posted(0), cleared(), posted(1))
    assert history.apply(cleared()) is None
    assert list(history) == [said(1)]


# Authors who do not want to be known any more.


def about(history: History, who: str) -> bool:
    """Whether a member's id or name is anywhere in the history."""
    return who in repr(list(history)).casefold()


def test_an_anonymous_authors_messages_stay_as_by_nobody():
    history = history_of(posted(0), posted(1))
    assert history.apply(anonymized()) == {"message00", "message01"}
    assert list(history) == [replace(said(number), author="x1y2", name="Anonymous") for number in range(2)]


def test_messages_of_others_stay_as_they_are():
    bobs = replace(said(1), author="bob", name="Bob", text="Hello, Ann said something")
    history = history_of(posted(0), MessagePosted("lobby", bobs))
    assert history.apply(anonymized()) == {"message00"}
    assert get(history, 1) is bobs


def test_quotes_of_an_anonymous_author_name_nobody():
    bobs = replace(said(1, said(0).quote), author="bob", name="Bob")
    history = history_of(posted(0), MessagePosted("lobby", bobs), anonymized())
    assert get(history, 1).reply == Quote("message00", "x1y2", "Anonymous", "Message 0")
    assert get(history, 1).author == "bob"


def test_reactions_of_an_anonymous_author_stay_in_their_place():
    history = history_of(posted(0), reacted(0, who="bob"), reacted(0, who="cid"), reacted(0, who="dan"))
    assert history.apply(anonymized("cid")) == {"message00"}
    assert list(get(history, 0).reactions["🎉"].items()) == [("bob", "Bob"), ("x1y2", "Anonymous"), ("dan", "Dan")]


def test_mentions_of_an_anonymous_author_become_plain_text():
    text = "@Bob, @bob and @Bob Lee: see http://x.org/@Bob, bob@bob.org, @Bobby and `@Bob`"
    found = {"Bob": "bob", "bob": "bob", "Bob Lee": "lee", "Bobby": "bobby"}
    history = history_of(MessagePosted("lobby", replace(said(0), text=text, mentions=found)), anonymized("bob"))
    assert get(history, 0).text == (
        "@Anonymous, @Anonymous and @Bob Lee: see http://x.org/@Bob, bob@bob.org, @Bobby and `@Anonymous`"
    )
    assert get(history, 0).mentions == {"Bob Lee": "lee", "Bobby": "bobby"}


def test_a_quote_says_what_its_original_says_without_the_mention():
    original = replace(said(0), text="@Bob Hi", mentions={"Bob": "bob"})
    history = history_of(MessagePosted("lobby", original), posted(1, original.quote))
    assert history.apply(anonymized("bob")) == {"message00", "message01"}
    assert quoted(history, 1) == "@Anonymous Hi"


def test_a_quote_of_what_was_let_go_mentions_nobody_either():
    original = replace(said(0), text="@Bob Hi", mentions={"Bob": "bob"})
    bobs = replace(said(2), author="bob", name="Bob")
    history = history_of(
        MessagePosted("lobby", original), posted(1, original.quote), MessagePosted("lobby", bobs), limit=2
    )
    assert history.apply(anonymized("bob")) == {"message01", "message02"}
    assert quoted(history, 1) == "@Anonymous Hi"


def test_nothing_leads_from_the_messages_to_an_anonymous_author():
    bobs = replace(said(1, said(0).quote), author="bob", name="Bob", text="@Ann Hi", mentions={"Ann": "ann"})
    history = history_of(posted(0), MessagePosted("lobby", bobs), reacted(1, who="ann"), posted(2, bobs.quote))
    assert about(history, "ann")
    history.apply(anonymized())
    assert not about(history, "ann")


def test_an_anonymous_author_is_no_news_twice_and_nor_is_a_stranger():
    history = history_of(posted(0), anonymized())
    assert history.apply(anonymized()) is None
    assert history.apply(anonymized("eve")) is None


# Facts in general.


@pytest.mark.parametrize(
    "event",
    [edited(99, "New"), deleted(99), reacted(99), reacted(0, on=False)],
    ids=["edit", "delete", "react", "take back"],
)
def test_what_is_about_nothing_is_no_news(event: DurableEvent):
    history = history_of(posted(0))
    assert history.apply(event) is None
    assert content(history) == ("", [said(0)])


def one_after_the_other(events: list[DurableEvent]) -> list[DurableEvent]:
    """The same facts, each at its own time."""
    timed = (MessageEdited, TopicChanged, HistoryCleared, AuthorAnonymized)
    return [
        replace(event, at=after(60 + turn)) if isinstance(event, timed) else event for turn, event in enumerate(events)
    ]


NUMBERS = st.integers(0, 5)
TEXTS = st.sampled_from(["one", "two", "Message 1"])
EMOJI = st.sampled_from(["🎉", "👍"])
PEOPLE = st.sampled_from(["ann", "bob"])
POSTS = st.builds(posted, NUMBERS)
REPLIES = st.builds(posted, NUMBERS, NUMBERS.map(lambda number: said(number).quote))
EDITS = st.builds(edited, NUMBERS, TEXTS)
DELETIONS = st.builds(deleted, NUMBERS)
REACTIONS = st.builds(reacted, NUMBERS, EMOJI, PEOPLE, st.booleans())
TOPICS = st.builds(topic, st.sampled_from(["", "Tea", "Cake"]))
ANONYMOUS = st.builds(anonymized, PEOPLE)
FACTS = st.lists(
    st.one_of(POSTS, REPLIES, EDITS, DELETIONS, REACTIONS, TOPICS, ANONYMOUS, st.builds(cleared)), max_size=40
).map(one_after_the_other)


@given(FACTS)
def test_a_fact_that_comes_twice_is_no_news_and_changes_nothing(events: list[DurableEvent]):
    history = History(5)
    for event in events:
        history.apply(event)
        before = content(history)
        assert history.apply(event) is None
        assert content(history) == before


@given(FACTS, st.integers(0, 40))
def test_a_history_that_was_kept_goes_on_like_one_that_never_stopped(events: list[DurableEvent], stop: int):
    whole, first = history_of(*events, limit=5), history_of(*events[:stop], limit=5)
    second = History(5, first, first.topic)
    for event in events[stop:]:
        second.apply(event)
    assert content(second) == content(whole)


@given(FACTS)
def test_what_is_touched_is_what_changed(events: list[DurableEvent]):
    history = History(5)
    for event in events:
        before = {message.id: message for message in history}
        topic_before = history.topic
        touched = history.apply(event)
        now = {message.id: message for message in history}
        differing = {key for key in before | now if before.get(key) != now.get(key)}
        pushed_out = before.keys() - now.keys() if isinstance(event, MessagePosted) else set[str]()
        assert (touched or set()) == differing - pushed_out
        if touched is None:
            assert history.topic == topic_before
        assert len(history) <= 5


@given(FACTS)
def test_a_quote_says_what_its_original_says(events: list[DurableEvent]):
    history = History(5)
    said_then: dict[str, str] = {}
    for event in events:
        history.apply(event)
        said_then |= {message.id: message.text for message in history}
        if isinstance(event, MessageDeleted):
            said_then[event.message] = ""
        for message in history:
            if message.reply and message.reply.id in said_then:
                assert message.reply.text in {said_then[message.reply.id], ""}
