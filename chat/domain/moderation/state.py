"""What moderators have put in force: checks what others want to do, and applies the facts of `events`."""

from collections.abc import Callable
from datetime import datetime

from chat.domain.errors import EntryRefused, SpeechRefused, TextRefused
from chat.domain.moderation import word_filter as wordfilter
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    MessagesPurged,
    ModerationEvent,
    Muted,
    ReportResolved,
    RoomLocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    WordFilterChanged,
)
from chat.domain.moderation.reports import Reports
from chat.domain.moderation.sanctions import Sanction, Sanctions, Whereabouts, marks, personal
from chat.domain.moderation.slow_mode import REMEMBERED, Pace
from chat.domain.permissions import Action, may
from chat.domain.users import Member, Role

MARKS_OF_ONE = 20  # sessions and addresses; the newest


class Moderation:
    """Mutes, kicks and bans, slow mode, lock, word filter and reports of one room. Only `apply` changes them.

    Who people are known by is remembered for the last ten thousand, also after they have left. `plain` tells how a text
    reads when its markup is gone.
    """

    def __init__(self) -> None:
        self.plain: Callable[[str], str] = str
        self.mutes = Sanctions()
        self.kicks = Sanctions()
        self.bans = Sanctions()
        self.pace = Pace()
        self.locked = False
        self.words: frozenset[str] = frozenset()
        self.reports = Reports()
        self._purged: MessagesPurged | None = None
        self._marks: dict[str, tuple[str, ...]] = {}

    def meet(self, member_id: str, where: Whereabouts) -> None:
        """Remember where somebody comes from."""
        new = marks(member_id, where)
        old = [mark for mark in self._marks.pop(member_id, ()) if mark not in new]
        self._marks[member_id] = (*old, *new)[-MARKS_OF_ONE:]
        if len(self._marks) > REMEMBERED:
            del self._marks[next(iter(self._marks))]

    def marks_of(self, member_id: str) -> frozenset[str]:
        """All that somebody is known by."""
        return frozenset(self._marks.get(member_id, ())) | marks(member_id)

    def speaks(self, member_id: str, at: datetime) -> None:
        """Note that somebody writes, for slow mode."""
        self.pace.note(personal(self.marks_of(member_id)), at)

    def unsaid(self, member_id: str) -> None:
        """What somebody wrote could not be kept."""
        self.pace.forget(personal(self.marks_of(member_id)))

    # Questions.

    def check_entry(self, member_id: str, where: Whereabouts, role: Role, now: datetime) -> None:
        """Raise `EntryRefused` for who is kicked or banned. Moderators are not barred by the address of a neighbour."""
        known = marks(member_id, where)
        known = personal(known) if may(role, Action.BAN) else known
        if ban := self.bans.find(known, now):
            key = "banned-for" if ban.until else "banned"
            raise EntryRefused(key, until=ban.until, left=ban.left(now), why=ban.why)
        if kick := self.kicks.find(personal(known), now):
            raise EntryRefused("kicked", until=kick.until, left=kick.left(now), why=kick.why)

    def check_speech(self, member: Member, now: datetime, text: str = "") -> None:
        """Raise `SpeechRefused` for who is muted or in a locked room, `TextRefused` for a word of the filter."""
        if mute := self.mutes.find(personal(self.marks_of(member.id)), now):
            raise SpeechRefused("muted", left=mute.left(now), why=mute.why)
        if self.locked and not may(member.role, Action.SPEAK_FREELY):
            raise SpeechRefused("locked")
        if self.words and (word := wordfilter.find(f"{text}\n{self.plain(text)}", self.words)):
            raise TextRefused("word-filtered", word=word)

    def check_pace(self, member: Member, now: datetime) -> None:
        """Raise `SpeechRefused` for who has to wait in slow mode."""
        if not self.pace.seconds or may(member.role, Action.SPEAK_FREELY):
            return
        if left := self.pace.left(personal(self.marks_of(member.id)), now):
            raise SpeechRefused("slow-mode", left=left)

    # Facts.

    def apply(self, event: ModerationEvent) -> bool:
        """Take in a fact; the same one again changes nothing. Returns whether something is new."""
        match event:
            case Muted():
                return self.mutes.put(_sanction(event))
            case Unmuted(whom=whom):
                return self.mutes.lift(whom.id)
            case Kicked():
                return self.kicks.put(_sanction(event))
            case Banned():
                return self.bans.put(_sanction(event))
            case Unbanned(whom=whom):
                return self.bans.lift(whom.id)
            case SlowModeChanged(seconds=seconds):
                before, self.pace.seconds = self.pace.seconds, seconds
                return before != seconds
            case RoomLocked(on=on):
                locked, self.locked = self.locked, on
                return locked != on
            case MessagesPurged(messages=messages, by=by, at=at):
                self.reports.settle(messages, by, at)
                known, self._purged = self._purged, event
                return known != event
            case WordFilterChanged(added=added, removed=removed):
                words, self.words = self.words, (self.words | added) - removed
                return words != self.words
            case MessageReported() | ReportResolved():
                return self.reports.apply(event)

    def copy(self) -> "Moderation":
        """The same in force, to try a change on; without what is not kept."""
        other = Moderation()
        other.mutes, other.kicks, other.bans = self.mutes.copy(), self.kicks.copy(), self.bans.copy()
        other.pace.seconds, other.locked, other.words = self.pace.seconds, self.locked, self.words
        other.reports = self.reports.copy()
        return other


def _sanction(event: Muted | Kicked | Banned) -> Sanction:
    return Sanction(event.whom, event.by, event.at, event.until, event.marks, event.why)
