"""The moderation in force in a room: checks members' actions, and applies moderation events."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cachetools import FIFOCache

from chat.domain.client_identity import ClientIdentity, identifiers, personal_identifiers
from chat.domain.errors import EntryRefused, SpeechRefused, TextRefused
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    ModerationEvent,
    Muted,
    ReportResolved,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    WordFilterChanged,
)
from chat.domain.moderation.reports import Reports
from chat.domain.moderation.sanctions import Sanction, Sanctions
from chat.domain.moderation.slow_mode import MAX_REMEMBERED, SlowMode
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role, UserRef

IDENTIFIERS_PER_MEMBER = 20  # the newest sessions and addresses


class Moderation:
    """Mutes, kicks and bans, slow mode, lock, word filter and reports of one room. Only `apply` changes them.

    The identifiers of the last 10,000 members are remembered, also after they left. `to_plain` returns a text without
    its markup, for the word filter.
    """

    def __init__(self) -> None:
        self.to_plain: Callable[[str], str] = str
        self.mutes = Sanctions()
        self.kicks = Sanctions()
        self.bans = Sanctions()
        self.slow_mode = SlowMode()
        self.locked = False
        self.locked_by: UserRef | None = None
        self.blocked_words: frozenset[str] = frozenset()
        self.reports = Reports()
        self._identifiers: FIFOCache[str, tuple[str, ...]] = FIFOCache(MAX_REMEMBERED)

    def remember_client(self, member_id: str, client_identity: ClientIdentity) -> None:
        """Remember the identifiers of a member's client, for sanctions that may follow."""
        new = identifiers(member_id, client_identity)
        old = [known for known in self._identifiers.get(member_id, ()) if known not in new]
        self._identifiers[member_id] = (*old, *new)[-IDENTIFIERS_PER_MEMBER:]

    def identifiers_of(self, member_id: str) -> frozenset[str]:
        """Return all identifiers known for the member."""
        return frozenset(self._identifiers.get(member_id, ())) | identifiers(member_id)

    def record_post(self, member_id: str, at: datetime, *, is_edit: bool = False) -> None:
        """Count a post or an edit for slow mode."""
        self.slow_mode.record_post(self._paced(member_id, is_edit), at)

    def undo_post(self, member_id: str, *, is_edit: bool = False) -> None:
        """Forget a post or an edit that could not be stored."""
        self.slow_mode.undo_post(self._paced(member_id, is_edit))

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role, now: datetime) -> None:
        """Raise `EntryRefused` for a kicked or banned member. A neighbour's address never bars moderators."""
        known = identifiers(member_id, client_identity)
        known = personal_identifiers(known) if has_permission(role, Permission.BAN) else known
        if ban := self.bans.find(known, now):
            key = "banned-for" if ban.until else "banned"
            raise EntryRefused(key, until=ban.until, left=ban.seconds_left(now), reason=ban.reason)
        if kick := self.kicks.find(personal_identifiers(known), now):
            raise EntryRefused("kicked", until=kick.until, left=kick.seconds_left(now), reason=kick.reason)

    def check_can_post(self, member: Member, now: datetime, text: str = "") -> None:
        """Raise `SpeechRefused` if the member is muted or the room locked, `TextRefused` for a blocked word."""
        if mute := self.mutes.find(self._personal(member.id), now):
            raise SpeechRefused("muted", left=mute.seconds_left(now), reason=mute.reason)
        if self.locked and not has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            raise SpeechRefused("locked")
        if self.blocked_words and (word := find_blocked(f"{text}\n{self.to_plain(text)}", self.blocked_words)):
            raise TextRefused("word-filtered", word=word)

    def check_slow_mode(self, member: Member, now: datetime, *, is_edit: bool = False) -> None:
        """Raise `SpeechRefused` if the member must wait before the next message, or the next edit.

        Edits have a pause of their own, so that a typo can be corrected at once.
        """
        if not self.slow_mode.seconds or has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            return
        if left := self.slow_mode.seconds_left(self._paced(member.id, is_edit), now):
            raise SpeechRefused("slow-mode", left=left, action="edit" if is_edit else "post")

    def apply(self, event: ModerationEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case Muted():
                return self.mutes.put(_sanction(event))
            case Unmuted(target=target):
                return self.mutes.lift(target.id)
            case Kicked():
                return self.kicks.put(_sanction(event))
            case Banned():
                return self.bans.put(_sanction(event))
            case Unbanned(target=target):
                return self.bans.lift(target.id)
            case SlowModeChanged(actor=actor, seconds=seconds):
                if self.slow_mode.seconds == seconds:
                    return False
                self.slow_mode.seconds, self.slow_mode.actor = seconds, actor if seconds else None
                return True
            case RoomLocked(actor=actor) | RoomUnlocked(actor=actor):
                was_locked, self.locked = self.locked, isinstance(event, RoomLocked)
                if was_locked != self.locked:
                    self.locked_by = actor if self.locked else None
                return was_locked != self.locked
            case WordFilterChanged(added=added, removed=removed):
                words, self.blocked_words = self.blocked_words, (self.blocked_words | added) - removed
                return words != self.blocked_words
            case MessageReported() | ReportResolved():
                return self.reports.apply(event)

    def adjust_clock(self, change: timedelta) -> None:
        """Keep what is left of each sanction and of slow mode when the clock was set. The store keeps the old times."""
        for waits in (self.mutes, self.kicks, self.bans, self.slow_mode):
            waits.adjust_clock(change)

    def copy(self) -> "Moderation":
        """Return a copy of the stored part, for trying out a change."""
        other = Moderation()
        other.mutes, other.kicks, other.bans = self.mutes.copy(), self.kicks.copy(), self.bans.copy()
        other.slow_mode.seconds, other.slow_mode.actor = self.slow_mode.seconds, self.slow_mode.actor
        other.locked, other.locked_by = self.locked, self.locked_by
        other.blocked_words, other.reports = self.blocked_words, self.reports.copy()
        return other

    def _paced(self, member_id: str, is_edit: bool) -> frozenset[str]:
        known = self._personal(member_id)
        return frozenset(f"edit {key}" for key in known) if is_edit else known

    def _personal(self, member_id: str) -> frozenset[str]:
        return personal_identifiers(self.identifiers_of(member_id))


def _sanction(event: Muted | Kicked | Banned) -> Sanction:
    return Sanction(event.target, event.actor, event.at, event.until, event.identifiers, event.reason)
