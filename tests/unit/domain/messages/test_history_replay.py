"""Replays of random events: each counts once, and reports exactly what it changed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
    TopicChanged,
)
from chat.domain.messages.history import History
from tests.unit.domain.messages.samples import (
    after,
    anonymized,
    cleared,
    content,
    deleted,
    edited,
    history_of,
    message,
    posted,
    preview_added,
    preview_removed,
    purged,
    reaction_added,
    reaction_removed,
    topic_changed,
)


def one_after_another(events: list[MessageEvent]) -> list[MessageEvent]:
    """Give each event a time of its own."""
    timed = (MessageEdited, TopicChanged, HistoryCleared, AuthorAnonymized)
    return [
        replace(event, at=after(60 + turn)) if isinstance(event, timed) else event for turn, event in enumerate(events)
    ]


NUMBERS = st.integers(0, 5)
TEXTS = st.sampled_from(["one", "two", "Message 1"])
LINKS = st.sampled_from(["", "https://site.example/tea", "https://site.example/cake"])
EMOJI = st.sampled_from(["🎉", "👍"])
MEMBERS = st.sampled_from(["ann", "bob"])
EVENTS = st.lists(
    st.one_of(
        st.builds(posted, NUMBERS),
        st.builds(posted, NUMBERS, NUMBERS.map(lambda number: message(number).quote)),
        st.builds(posted, NUMBERS, link=LINKS),
        st.builds(edited, NUMBERS, TEXTS, link=LINKS),
        st.builds(preview_added, NUMBERS, LINKS),
        st.builds(preview_removed, NUMBERS),
        st.builds(deleted, NUMBERS),
        st.builds(purged, NUMBERS, NUMBERS),
        st.builds(reaction_added, NUMBERS, EMOJI, MEMBERS),
        st.builds(reaction_removed, NUMBERS, EMOJI, MEMBERS),
        st.builds(topic_changed, st.sampled_from(["", "Tea", "Cake"])),
        st.builds(anonymized, MEMBERS),
        st.builds(cleared),
    ),
    max_size=40,
).map(one_after_another)


@given(EVENTS)
def test_repeated_event_changes_nothing(events: list[MessageEvent]):
    history = History(5)
    for event in events:
        history.apply(event)
        before = content(history)
        assert history.apply(event) is None
        assert content(history) == before


@given(EVENTS, st.integers(0, 40))
def test_restored_history_continues_like_one_that_never_stopped(events: list[MessageEvent], stop: int):
    whole, first = history_of(*events, limit=5), history_of(*events[:stop], limit=5)
    second = History(5, first, first.topic)
    for event in events[stop:]:
        second.apply(event)
    assert content(second) == content(whole)


@given(EVENTS)
def test_reported_ids_are_those_that_changed(events: list[MessageEvent]):
    history = History(5)
    for event in events:
        before = {kept.id: kept for kept in history}
        topic_before = history.topic
        touched = history.apply(event)
        now = {kept.id: kept for kept in history}
        differing = {key for key in before | now if before.get(key) != now.get(key)}
        evicted = before.keys() - now.keys() if isinstance(event, MessagePosted) else set[str]()
        assert (touched or set()) == differing - evicted
        if touched is None:
            assert history.topic == topic_before
        assert len(history) <= 5


@given(EVENTS)
def test_quote_says_what_its_original_says(events: list[MessageEvent]):
    history = History(5)
    texts: dict[str, str] = {}
    for event in events:
        history.apply(event)
        texts |= {kept.id: kept.text for kept in history}
        match event:
            case MessageDeleted(message_id=message_id):
                texts[message_id] = ""
            case MessagesPurged(message_ids=message_ids):
                texts |= dict.fromkeys(message_ids, "")
        for kept in history:
            if kept.reply and kept.reply.id in texts:
                assert kept.reply.text in {texts[kept.reply.id], ""}
