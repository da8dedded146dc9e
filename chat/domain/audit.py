"""The audit log: who did what to whom, when, why and until when. What is told of a fact, in one flat entry."""

from dataclasses import dataclass
from datetime import datetime

from chat.domain.events import Fact, HistoryCleared, MemberChanged, MessageDeleted, TopicChanged
from chat.domain.moderation.events import Act, Purged, RoomLocked, SlowModeChanged, Who, WordFilterChanged

ACTS = {
    "Muted": "mute", "Unmuted": "unmute", "Kicked": "kick", "Banned": "ban", "Unbanned": "unban",
    "SlowModeChanged": "slow", "RoomLocked": "lock", "Purged": "purge", "WordFilterChanged": "filter",
    "MessageReported": "report", "ReportSettled": "settle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `act` is a short word (`mute`, `ban`, `clear` ...); `what` is what else belongs to it."""

    at: datetime
    room: str
    by: Who
    act: str
    whom: Who | None = None
    why: str = ""
    until: datetime | None = None
    what: str = ""


def entry(fact: Fact, by: Who, at: datetime, whom: Who | None = None) -> Entry | None:
    """The entry for a fact that `by` caused, about `whom` where the fact does not say; None for what is no such act."""
    match fact:
        case HistoryCleared():
            return Entry(at, fact.room, by, "clear")
        case TopicChanged(topic=topic):
            return Entry(at, fact.room, by, "topic", what=topic)
        case MessageDeleted(message=message) if whom and whom.id != by.id:
            return Entry(at, fact.room, by, "delete", whom, what=message)
        case MemberChanged(before=before, member=member) if before.role != member.role:
            return Entry(at, fact.room, by, "role", Who(member.id, member.name), what=f"{before.role} -> {member.role}")
        case _ if isinstance(fact, Act):
            return _entry(fact)
    return None


def _entry(fact: Act) -> Entry:
    act, whom = ACTS[type(fact).__name__], getattr(fact, "whom", None)
    why, until = getattr(fact, "why", ""), getattr(fact, "until", None)
    return Entry(fact.at, fact.room, fact.by, act, whom, why, until, _what(fact))


def _what(fact: Act) -> str:
    match fact:
        case SlowModeChanged(seconds=seconds):
            return f"{seconds} s"
        case RoomLocked(on=on):
            return "on" if on else "off"
        case Purged(messages=messages):
            return f"{len(messages)} message{'s' * (len(messages) != 1)}"
        case WordFilterChanged(added=added, removed=removed):
            return " ".join([*(f"+{word}" for word in sorted(added)), *(f"-{word}" for word in sorted(removed))])
    return str(getattr(fact, "message", ""))
