"""What moderators have put in force: checks what others want to do, and applies the facts of `events`."""

from collections.abc import Callable
from datetime import datetime

from chat.domain.errors import EntryRefused, SpeechRefused, TextRefused
from chat.domain.moderation import word_filter
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
from chat.domain.moderation.sanctions import ClientIdentity, Sanction, Sanctions, identifiers, personal_identifiers
from chat.domain.moderation.slow_mode import MAX_REMEMBERED, SlowMode
from chat.domain.permissions import Permission, has_permission
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
        self.slow_mode = SlowMode()
        self.locked = False
        self.words: frozenset[str] = frozenset()
        self.reports = Reports()
        self._purged: MessagesPurged | None = None
        self._marks: dict[str, tuple[str, ...]] = {}

    def remember_client(self, member_id: str, client_identity: ClientIdentity) -> None:
        """Remember where somebody comes from."""
        new = identifiers(member_id, client_identity)
        old = [mark for mark in self._marks.pop(member_id, ()) if mark not in new]
        self._marks[member_id] = (*old, *new)[-MARKS_OF_ONE:]
        if len(self._marks) > MAX_REMEMBERED:
            del self._marks[next(iter(self._marks))]

    def identifiers_of(self, member_id: str) -> frozenset[str]:
        """All that somebody is known by."""
        return frozenset(self._marks.get(member_id, ())) | identifiers(member_id)

    def record_post(self, member_id: str, at: datetime) -> None:
        """Note that somebody writes, for slow mode."""
        self.slow_mode.record(personal_identifiers(self.identifiers_of(member_id)), at)

    def undo_post(self, member_id: str) -> None:
        """What somebody wrote could not be kept."""
        self.slow_mode.undo(personal_identifiers(self.identifiers_of(member_id)))

    # Questions.

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role, now: datetime) -> None:
        """Raise `EntryRefused` for who is kicked or banned. Moderators are not barred by the address of a neighbour."""
        known = identifiers(member_id, client_identity)
        known = personal_identifiers(known) if has_permission(role, Permission.BAN) else known
        if ban := self.bans.find(known, now):
            key = "banned-for" if ban.until else "banned"
            raise EntryRefused(key, until=ban.until, left=ban.left(now), why=ban.why)
        if kick := self.kicks.find(personal_identifiers(known), now):
            raise EntryRefused("kicked", until=kick.until, left=kick.left(now), why=kick.why)

    def check_can_post(self, member: Member, now: datetime, text: str = "") -> None:
        """Raise `SpeechRefused` for who is muted or in a locked room, `TextRefused` for a word of the filter."""
        if mute := self.mutes.find(personal_identifiers(self.identifiers_of(member.id)), now):
            raise SpeechRefused("muted", left=mute.left(now), why=mute.why)
        if self.locked and not has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            raise SpeechRefused("locked")
        if self.words and (word := word_filter.find(f"{text}\n{self.plain(text)}", self.words)):
            raise TextRefused("word-filtered", word=word)

    def check_slow_mode(self, member: Member, now: datetime) -> None:
        """Raise `SpeechRefused` for who has to wait in slow mode."""
        if not self.slow_mode.seconds or has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            return
        if left := self.slow_mode.left(personal_identifiers(self.identifiers_of(member.id)), now):
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
                before, self.slow_mode.seconds = self.slow_mode.seconds, seconds
                return before != seconds
            case RoomLocked(on=on):
                locked, self.locked = self.locked, on
                return locked != on
            case MessagesPurged(messages=messages, by=by, at=at):
                self.reports.resolve(messages, by, at)
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
        other.slow_mode.seconds, other.locked, other.words = self.slow_mode.seconds, self.locked, self.words
        other.reports = self.reports.copy()
        return other


def _sanction(event: Muted | Kicked | Banned) -> Sanction:
    return Sanction(event.whom, event.by, event.at, event.until, event.identifiers, event.why)
