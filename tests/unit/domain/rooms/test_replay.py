"""Replay: the events of a scene alone rebuild the room, and an event applied again changes nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import example, given
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
from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.events import AuthorAnonymized, MessageEvent
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message
from chat.domain.moderation.events import ModerationEvent
from chat.domain.moderation.state import Moderation
from chat.domain.rooms import moderation_actions as actions
from chat.domain.rooms.moderation_decisions import decide
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, NOON, PASSWORD, after, apply, event_of, new_room

Step = tuple[str, str, int]
"""An actor, what they do, and a number that varies it."""

KINDS = sorted(set(get_args(Event)) - set(get_args(InvitationEvent)), key=lambda kind: kind.__name__)
IDS = ["ann", "bob", "cid"]
START: list[Step] = [("ann", "connect", 0), ("bob", "connect", 1), ("cid", "connect", 2), ("ann", "admin", 0)]
WHOLE_SCENE: list[Step] = [
    *START,
    ("ann", "type", 1), ("ann", "type", 0), ("ann", "look", 0), ("bob", "sign up", 0), ("bob", "change password", 1),
    ("bob", "rename", 1), ("bob", "post", 0), ("cid", "report", 0), ("ann", "resolve", 0), ("ann", "reply", 0),
    ("bob", "edit", 1), ("ann", "react", 1), ("ann", "react", 1), ("ann", "react", 1), ("bob", "react", 1),
    ("ann", "topic", 1), ("ann", "mute", 2), ("ann", "unmute", 2), ("ann", "kick", 2), ("ann", "ban", 2),
    ("ann", "unban", 2), ("ann", "slow mode", 1), ("ann", "lock", 0), ("ann", "unlock", 0), ("ann", "filter", 0),
    ("cid", "post", 0), ("ann", "purge", 2), ("ann", "delete", 1), ("bob", "react", 0), ("ann", "change role", 1),
    ("ann", "anonymize", 0), ("ann", "clear", 0), ("bob", "disconnect", 1), ("bob", "leave", 0),
    ("bob", "delete account", 0),
]  # fmt: skip
STEP = st.tuples(
    st.sampled_from(IDS),
    st.sampled_from([*sorted({what for _, what, _ in WHOLE_SCENE}), "act", "expire"]),
    st.integers(0, 2),
)
STEPS = st.lists(STEP, max_size=60).map(lambda steps: [*START, *steps])


@given(STEPS)
@example(WHOLE_SCENE)
def test_events_alone_rebuild_the_room(steps: list[Step]):
    room, replayed = new_room(limit=5), new_room(limit=5)
    apply(replayed, play(room, steps))
    assert snapshot(replayed) == snapshot(room)


@given(STEPS)
@example(WHOLE_SCENE)
def test_event_applied_again_changes_nothing(steps: list[Step]):
    room = new_room(limit=5)
    for event in play(new_room(limit=5), steps):
        assert room.apply(event), event
        before = snapshot(room)
        assert not room.apply(event), event
        assert snapshot(room) == before, event


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_is_applied_once(kind: type):
    events = play(new_room(), WHOLE_SCENE)
    assert kind in {type(event) for event in events}, "add a step to the scene that makes this event"
    room = new_room()
    for event in events:
        assert room.apply(event), event
        if isinstance(event, kind):
            before = snapshot(room)
            assert not room.apply(event), event
            assert snapshot(room) == before, event


INVITATION_EVENTS: list[InvitationEvent] = [
    InvitationCreated(ADA.ref, NOON, Invitation("1", "digest", ADA.ref, NOON, after(60))),
    InvitationUsed("1", NOON),
    InvitationRevoked(ADA.ref, NOON, "1"),
]


def test_room_ignores_every_invitation_event():
    assert {type(event) for event in INVITATION_EVENTS} == set(get_args(InvitationEvent))
    room = new_room()
    play(room, WHOLE_SCENE)
    before = snapshot(room)
    assert not any(room.apply(event) for event in INVITATION_EVENTS)
    assert snapshot(room) == before


@given(STEPS)
@example(WHOLE_SCENE)
def test_timeline_shows_the_history(steps: list[Step]):
    room = new_room(limit=5)
    play(room, steps)
    timeline = room.conversation.timeline
    assert [item for _, item in timeline if isinstance(item, Message)] == list(room.conversation.history)


@given(STEPS)
@example(WHOLE_SCENE)
def test_restart_restores_everything_stored(steps: list[Step]):
    room, history, moderation, accounts = new_room(limit=5), History(5), Moderation(), Directory()
    for event in play(room, steps):
        if isinstance(event, MessageEvent):
            has_changed = history.apply(event) is not None
            assert has_changed or isinstance(event, AuthorAnonymized), event  # it may concern only notices
        elif isinstance(event, ModerationEvent):
            assert moderation.apply(event), event
        elif isinstance(event, AccountEvent):
            accounts.apply(event)  # guests have no account
    assert list(history) == list(room.conversation.history)
    assert history.topic == room.conversation.history.topic
    assert sanctions_and_reports(moderation) == sanctions_and_reports(room.moderation)
    assert list(accounts) == list(room.accounts)


# What a room is.


def snapshot(room: Room) -> dict[str, Any]:
    """Return everything observable of a room."""
    conversation, presence = room.conversation, room.presence
    posted = {f"message{turn:03}" for turn in range(80)}
    return {
        "history": list(conversation.history),
        "topic": conversation.history.topic,
        "timeline": list(conversation.timeline),
        "last evicted": conversation.timeline.last_evicted,
        "names": {member_id: conversation.name_of(member_id) for member_id in IDS},
        "posted": {key for key in posted if any(conversation.has_posted(member_id, key) for member_id in IDS)},
        "members": dict(room.members),
        "connected": {member_id: presence.is_connected(member_id) for member_id in room.members},
        "viewing": {member_id: presence.is_viewing_latest(member_id) for member_id in room.members},
        "present": len(presence),
        "expired": sorted(presence.expired(after(1_000_000))),
        "typing": room.typing.member_ids,
        "identifiers": {member_id: room.moderation.identifiers_of(member_id) for member_id in IDS},
        "moderation": sanctions_and_reports(room.moderation),
        "accounts": list(room.accounts),
    }


def sanctions_and_reports(moderation: Moderation) -> list[object]:
    sanctions = [list(moderation.mutes), list(moderation.kicks), list(moderation.bans)]
    rules = [moderation.slow_mode.seconds, moderation.locked, moderation.blocked_words]
    return [*sanctions, *rules, list(moderation.reports)]


# Scenes.


def play(room: Room, steps: list[Step]) -> list[Event]:
    """Let members act, two seconds apart. Return the events that changed something."""
    published: list[Event] = []
    for turn, step in enumerate(steps):
        try:
            events = events_of(room, step, f"message{turn:03}", after(turn * 2))
        except ChatError:
            continue
        published += [event for event in events if room.apply(event)]
    return published


def events_of(room: Room, step: Step, message_id: str, now: datetime) -> Iterable[Event]:
    actor, what, number = step
    match what:
        case "connect":
            account = room.accounts.get(actor)
            member = account.member if account else Member(actor, parse_nickname(f"{actor} {number}"))
            return room.connect(member, f"tab {number}", now, ClientIdentity(f"session {number}", "192.0.2.1", actor))
        case "disconnect":
            return [room.disconnect(actor, f"tab {number}", now)]
        case "look":
            return [room.set_viewing_latest(actor, "tab 0", number > 0)]
        case "leave":
            return room.leave(actor, now)
        case "type":
            return room.type(actor, number > 0, now)
        case "expire":
            return room.expire(now)
        case "rename":
            return [room.rename(actor, parse_nickname(f"name {number}"), now)]
        case "anonymize":
            return [room.conversation.anonymize(actor, f"{actor} anonymous", now)]
        case "sign up":
            return [room.accounts.create(actor, room.member(actor).nickname, "hash", now)]
        case "change password":
            return [room.accounts.change_password(actor, f"hash {number}", now)]
        case "delete account":
            return [room.accounts.delete(actor)]
        case "admin":
            return [event_of(room, f"/admin {PASSWORD}", room.member(actor), now)]
    if what in {"post", "act", "reply", "edit", "delete", "react", "topic", "clear"}:
        return [message_event(room, step, message_id, now)]
    return [decide(room, room.member(actor), moderation_action(room, step), now)]


def message_event(room: Room, step: Step, message_id: str, now: datetime) -> MessageEvent:
    actor, what, number = step
    conversation, member = room.conversation, room.member(actor)
    target = recent_message(room, number)
    match what:
        case "post":
            return conversation.post(member, f"Message {number}, @name {number} and @all", message_id, now)
        case "act":
            return conversation.post(member, "waves", message_id, now, kind=Kind.ACTION)
        case "reply":
            return conversation.post(member, "Hi", message_id, now, reply_to=target or "message999")
        case "edit":
            return conversation.edit(member, target, f"Message {number}, better", now)
        case "delete":
            return conversation.delete(member, target, now)
        case "react":
            return conversation.react(member, target, "🎉👍😂"[number])
        case "topic":
            return conversation.change_topic(member, ["-", "Tea", "Cake"][number], now)
    return conversation.clear(member, now)


def moderation_action(room: Room, step: Step) -> actions.ModerationAction:
    _, what, number = step
    target = IDS[number]
    match what:
        case "mute":
            return actions.MuteMember(target, timedelta(seconds=10))
        case "unmute":
            return actions.UnmuteMember(target)
        case "kick":
            return actions.KickMember(target)
        case "ban":
            return actions.BanMember(target, timedelta(seconds=20))
        case "unban":
            return actions.UnbanMember(target)
        case "slow mode":
            return actions.SetSlowMode(number * 30)
        case "lock":
            return actions.LockRoom()
        case "unlock":
            return actions.UnlockRoom()
        case "filter":
            return [
                actions.ChangeWordFilter(("waves",)),
                actions.ChangeWordFilter((), ("waves",)),
                actions.ChangeWordFilter(("tea*",)),
            ][number]
        case "purge":
            return actions.PurgeMessages(target, 2)
        case "change role":
            return actions.ChangeRole(target, Role.MODERATOR)
        case "report":
            return actions.ReportMessage(recent_message(room, number))
        case "resolve":
            return actions.ResolveReports(recent_message(room, number))
    raise AssertionError(what)


def recent_message(room: Room, number: int) -> str:
    """Return the id of the message with this number, counted from the latest; empty if there are fewer."""
    return next((message.id for at, message in enumerate(reversed(room.conversation.history)) if at == number), "")
