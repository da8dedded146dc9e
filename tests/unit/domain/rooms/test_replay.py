"""Replay: the events of a scene alone rebuild the chat, and an event applied again changes nothing."""

from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import (
    AccountEvent,
    InvitationCreated,
    InvitationEvent,
    InvitationRevoked,
    InvitationUsed,
)
from chat.domain.accounts.invitations import Invitation
from chat.domain.accounts.push_devices import PushEvent
from chat.domain.events import Event
from chat.domain.messages.events import AuthorAnonymized, MessageEvent
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.reloads import ReloadEvent
from tests.unit.domain.rooms.scenes import ADA, NOON, after, apply, new_chat
from tests.unit.domain.rooms.steps import IDS, START, WHOLE_SCENE, Step, play

NOT_REPLAYED = {*get_args(InvitationEvent), *get_args(PushEvent), *get_args(ReloadEvent)}
KINDS = sorted(set(get_args(Event)) - NOT_REPLAYED, key=lambda kind: kind.__name__)
STEP = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from(sorted({what for _, what, _ in WHOLE_SCENE})),
    st.integers(0, 2),
)
STEPS = st.lists(STEP, max_size=60).map(lambda steps: [*START, *steps])


@settings(deadline=None)  # the machine may be busy
@given(STEPS)
@example(WHOLE_SCENE)
@example([*START, ("cid", "anonymize", 0), ("cid", "post", 0), ("ann", "clear", 0), ("cid", "anonymize", 0)])
def test_events_alone_rebuild_the_room(steps: list[Step]):
    chat, replayed = new_chat(History(5)), new_chat(History(5))
    apply(replayed, play(chat, steps))
    assert snapshot(replayed) == snapshot(chat)


@settings(deadline=None)  # the machine may be busy
@given(STEPS)
@example(WHOLE_SCENE)
def test_event_applied_again_changes_nothing(steps: list[Step]):
    chat = new_chat(History(5))
    for event in play(new_chat(History(5)), steps):
        assert chat.apply(event), event
        before = snapshot(chat)
        assert not chat.apply(event), event
        assert snapshot(chat) == before, event


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_is_applied_once(kind: type):
    events = play(new_chat(), WHOLE_SCENE)
    assert kind in {type(event) for event in events}, "add a step to the scene that makes this event"
    chat = new_chat()
    for event in events:
        assert chat.apply(event), event
        if isinstance(event, kind):
            before = snapshot(chat)
            assert not chat.apply(event), event
            assert snapshot(chat) == before, event


INVITATION_EVENTS: list[InvitationEvent] = [
    InvitationCreated(ADA.ref, NOON, Invitation("1", "digest", ADA.ref, NOON, after(60))),
    InvitationUsed("1", NOON),
    InvitationRevoked(ADA.ref, NOON, "1"),
]


def test_room_ignores_every_invitation_event():
    assert {type(event) for event in INVITATION_EVENTS} == set(get_args(InvitationEvent))
    chat = new_chat()
    play(chat, WHOLE_SCENE)
    before = snapshot(chat)
    assert not any(chat.apply(event) for event in INVITATION_EVENTS)
    assert snapshot(chat) == before


@settings(deadline=None)  # the machine may be busy
@given(STEPS)
@example(WHOLE_SCENE)
def test_timeline_shows_the_history(steps: list[Step]):
    chat = new_chat(History(5))
    play(chat, steps)
    timeline = chat.lobby.conversation.timeline
    assert [item for _, item in timeline if isinstance(item, Message)] == list(chat.lobby.conversation.history)


@settings(deadline=None)  # the machine may be busy
@given(STEPS)
@example(WHOLE_SCENE)
def test_restart_restores_everything_stored(steps: list[Step]):
    chat, history, moderation, accounts = new_chat(History(5)), History(5), Moderation(), Directory()
    for event in play(chat, steps):
        if isinstance(event, MessageEvent):
            has_changed = history.apply(event) is not None
            assert has_changed or isinstance(event, AuthorAnonymized), event  # it may concern only notices
        elif isinstance(event, StoredModerationEvent):
            assert moderation.apply(event), event
        elif isinstance(event, AccountEvent):
            accounts.apply(event)  # guests have no account
    assert list(history) == list(chat.lobby.conversation.history)
    assert history.topic == chat.lobby.conversation.history.topic
    assert sanctions_and_reports(moderation) == sanctions_and_reports(chat.moderation)
    assert list(accounts) == list(chat.people.accounts)


# What a room is.


def snapshot(chat: ChatState) -> dict[str, Any]:
    """Return everything observable of a chat."""
    conversation, presence = chat.lobby.conversation, chat.people.presence
    posted = {f"message{turn:03}" for turn in range(80)}
    return {
        "history": list(conversation.history),
        "topic": conversation.history.topic,
        "timeline": list(conversation.timeline),
        "last evicted": conversation.timeline.last_evicted,
        "names": {member_id: conversation.names.get(member_id) for member_id in IDS},
        "mentions": conversation.post(ADA, "@name 0, @name 1, @name 2", "message999", NOON).message.mentions,
        "posted": {key for key in posted if any(conversation.posted.has(member_id, key) for member_id in IDS)},
        "members": dict(chat.people.members),
        "connected": {member_id: presence.is_connected(member_id) for member_id in chat.people.members},
        "viewing": {member_id: presence.is_viewing_latest(member_id, LOBBY) for member_id in chat.people.members},
        "present": len(presence),
        "expired": sorted(presence.expired(after(1_000_000))),
        "typing": chat.lobby.typing.member_ids,
        "identifiers": {member_id: chat.moderation.identifiers_of(member_id) for member_id in IDS},
        "moderation": sanctions_and_reports(chat.moderation),
        "accounts": list(chat.people.accounts),
        "rooms": list(chat.directory),
    }


def sanctions_and_reports(moderation: Moderation) -> list[object]:
    sanctions = [list(moderation.mutes), list(moderation.kicks), list(moderation.bans)]
    lobby = moderation.restrictions("lobby")
    rules = [lobby.slow_mode.seconds, lobby.locked, moderation.blocked_words]
    return [*sanctions, *rules, list(moderation.reports)]
