"""The audit log: who did what to whom, when, why and until when. What is told of a fact, in one flat entry."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.events import Event, HistoryCleared, MemberChanged, MessageDeleted, TopicChanged
from chat.domain.moderation.events import (
    MessagesPurged,
    ModerationEvent,
    RoomLocked,
    SlowModeChanged,
    UserRef,
    WordFilterChanged,
)

ACTS = {
    "Muted": "mute", "Unmuted": "unmute", "Kicked": "kick", "Banned": "ban", "Unbanned": "unban",
    "SlowModeChanged": "slow", "RoomLocked": "lock", "MessagesPurged": "purge", "WordFilterChanged": "filter",
    "MessageReported": "report", "ReportResolved": "settle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `act` is a short word (`mute`, `ban`, `clear` ...); `what` is what else belongs to it."""

    at: datetime
    room: str
    by: UserRef
    act: str
    whom: UserRef | None = None
    why: str = ""
    until: datetime | None = None
    what: str = ""


def entry(event: Event, by: UserRef, at: datetime, whom: UserRef | None = None) -> Entry | None:
    """The entry for a fact that `by` caused, about `whom` where the fact does not say; None for what is no such act."""
    match event:
        case HistoryCleared():
            return Entry(at, event.room, by, "clear")
        case TopicChanged(topic=topic):
            return Entry(at, event.room, by, "topic", what=topic)
        case MessageDeleted(message=message) if whom and whom.id != by.id:
            return Entry(at, event.room, by, "delete", whom, what=message)
        case MemberChanged(before=before, member=member) if before.role != member.role:
            return Entry(
                at, event.room, by, "role", UserRef(member.id, member.name), what=f"{before.role} -> {member.role}"
            )
        case _ if isinstance(event, ModerationEvent):
            return _entry(event)
    return None


def _entry(event: ModerationEvent) -> Entry:
    act, whom = ACTS[type(event).__name__], getattr(event, "whom", None)
    why, until = getattr(event, "why", ""), getattr(event, "until", None)
    return Entry(event.at, event.room, event.by, act, whom, why, until, _what(event))


def _what(event: ModerationEvent) -> str:
    match event:
        case SlowModeChanged(seconds=seconds):
            return f"{seconds} s"
        case RoomLocked(on=on):
            return "on" if on else "off"
        case MessagesPurged(messages=messages):
            return f"{len(messages)} message{'s' * (len(messages) != 1)}"
        case WordFilterChanged(added=added, removed=removed):
            return " ".join([*(f"+{word}" for word in sorted(added)), *(f"-{word}" for word in sorted(removed))])
    return str(getattr(event, "message", ""))
