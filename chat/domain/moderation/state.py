"""The moderation in force: checks members' actions, and applies moderation events."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from cachetools import FIFOCache

from chat.domain.client_identity import ClientIdentity, identifiers, personal_identifiers
from chat.domain.errors import EntryRefused, SpeechRefused, TextRefused
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    Muted,
    ReportResolved,
    RestrictionsLifted,
    StoredModerationEvent,
    Unbanned,
    Unmuted,
    WordFilterChanged,
)
from chat.domain.moderation.reports import Reports
from chat.domain.moderation.restrictions import RestrictionEvent, Restrictions
from chat.domain.moderation.sanctions import Sanction, Sanctions
from chat.domain.moderation.slow_mode import MAX_REMEMBERED
from chat.domain.moderation.word_filter import find_blocked
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role

IDENTIFIERS_PER_MEMBER = 20  # the newest sessions and addresses


class Moderation:
    """Mutes, kicks, bans, word filter and reports of a chat, and its rooms' restrictions. Only `apply` changes them.

    The identifiers of the last 10,000 members are remembered, also after they left. `to_plain` returns a text without
    its markup, for the word filter. `last` is the number of the last stored event, which its store counts.
    """

    def __init__(self) -> None:
        self.to_plain: Callable[[str], str] = str
        self.last = 0
        self.mutes = Sanctions()
        self.kicks = Sanctions()
        self.bans = Sanctions()
        self.blocked_words: frozenset[str] = frozenset()
        self.reports = Reports()
        self._restrictions: dict[str, Restrictions] = {}
        self._identifiers: FIFOCache[str, tuple[str, ...]] = FIFOCache(MAX_REMEMBERED)

    def restrictions(self, room_id: str) -> Restrictions:
        """Return the restrictions of a room."""
        return self._restrictions.setdefault(room_id, Restrictions())

    def restricted_rooms(self) -> list[tuple[str, Restrictions]]:
        """Return the ids of rooms that are locked or in slow mode, with their restrictions."""
        return [(room_id, found) for room_id, found in self._restrictions.items() if found]

    def forget_posts(self, room_id: str) -> None:
        """Forget when members posted in a room, unless slow mode or a lock is in force there."""
        if not self.restrictions(room_id):
            del self._restrictions[room_id]

    def remember_client(self, member_id: str, client_identity: ClientIdentity) -> None:
        """Remember the identifiers of a member's client, for sanctions that may follow."""
        new = identifiers(member_id, client_identity)
        old = [known for known in self._identifiers.get(member_id, ()) if known not in new]
        self._identifiers[member_id] = (*old, *new)[-IDENTIFIERS_PER_MEMBER:]

    def identifiers_of(self, member_id: str) -> frozenset[str]:
        """Return all identifiers known for the member."""
        return frozenset(self._identifiers.get(member_id) or identifiers(member_id))

    def record_post(self, room_id: str, member_id: str, at: datetime, *, is_edit: bool = False) -> None:
        """Count a post or an edit for slow mode."""
        self.restrictions(room_id).slow_mode.record_post(self._paced(member_id, is_edit), at)

    def storing_post(
        self, room_id: str, member_id: str, at: datetime, *, is_edit: bool = False
    ) -> AbstractContextManager[None]:
        """Count a post or an edit for slow mode while it is being stored."""
        return self.restrictions(room_id).slow_mode.storing_post(self._paced(member_id, is_edit), at)

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role, now: datetime) -> None:
        """Raise `EntryRefused` for a kicked or banned member. Moderators are never refused for a shared address."""
        known = identifiers(member_id, client_identity)
        known = personal_identifiers(known) if has_permission(role, Permission.BAN) else known
        if ban := self.bans.find(known, now):
            key = "banned-for" if ban.until else "banned"
            raise EntryRefused(key, until=ban.until, left=ban.seconds_left(now), reason=ban.reason)
        if kick := self.kicks.find(personal_identifiers(known), now):
            raise EntryRefused("kicked", until=kick.until, left=kick.seconds_left(now), reason=kick.reason)

    def check_can_post(self, room_id: str, member: Member, now: datetime, text: str = "") -> None:
        """Raise `SpeechRefused` if the member is muted or the room locked, `TextRefused` for a blocked word."""
        self.check_not_muted(member.id, now)
        if self.restrictions(room_id).locked and not has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            raise SpeechRefused("locked")
        self.check_words(f"{text}\n{self.to_plain(text)}" if self.blocked_words else "")

    def check_words(self, text: str) -> None:
        """Raise `TextRefused` for a blocked word."""
        if self.blocked_words and (word := find_blocked(text, self.blocked_words)):
            raise TextRefused("word-filtered", word=word)

    def check_not_muted(self, member_id: str, now: datetime) -> None:
        """Raise `SpeechRefused` if the member is muted."""
        if mute := self.mutes.find(self._personal(member_id), now):
            raise SpeechRefused("muted", left=mute.seconds_left(now), reason=mute.reason)

    def check_slow_mode(self, room_id: str, member: Member, now: datetime, *, is_edit: bool = False) -> None:
        """Raise `SpeechRefused` if the member must wait before the next message, or the next edit.

        Edits have a pause of their own, so that a typo can be corrected at once.
        """
        slow_mode = self.restrictions(room_id).slow_mode
        if not slow_mode.seconds or has_permission(member.role, Permission.BYPASS_RESTRICTIONS):
            return
        if left := slow_mode.seconds_left(self._paced(member.id, is_edit), now):
            raise SpeechRefused("slow-mode", left=left, action="edit" if is_edit else "post")

    def apply(self, event: StoredModerationEvent) -> bool:
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
            case _ if isinstance(event, RestrictionEvent):
                return self.restrictions(event.room_id).apply(event)
            case RestrictionsLifted(room_id=room_id):
                return bool(self._restrictions.pop(room_id, None))
            case WordFilterChanged(added=added, removed=removed):
                words, self.blocked_words = self.blocked_words, (self.blocked_words | added) - removed
                return words != self.blocked_words
            case MessageReported() | ReportResolved():
                return self.reports.apply(event)

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining time of sanctions and slow mode after the clock was set; not in the store."""
        for sanctions in (self.mutes, self.kicks, self.bans):
            sanctions.adjust_clock(change)
        for restrictions in self._restrictions.values():
            restrictions.slow_mode.adjust_clock(change)

    def restore(self, other: "Moderation") -> None:
        """Replace the stored part by that of another one."""
        stored = other.copy()
        self.last, self.mutes, self.kicks, self.bans = stored.last, stored.mutes, stored.kicks, stored.bans
        self._restrictions, self.blocked_words, self.reports = (
            stored._restrictions,
            stored.blocked_words,
            stored.reports,
        )

    def copy(self) -> "Moderation":
        """Return a copy of the stored part, for trying out a change."""
        other = Moderation()
        other.last = self.last
        other.mutes, other.kicks, other.bans = self.mutes.copy(), self.kicks.copy(), self.bans.copy()
        other._restrictions = {room_id: found.copy() for room_id, found in self.restricted_rooms()}
        other.blocked_words, other.reports = self.blocked_words, self.reports.copy()
        return other

    def _paced(self, member_id: str, is_edit: bool) -> frozenset[str]:
        known = self._personal(member_id)
        return frozenset(f"edit {key}" for key in known) if is_edit else known

    def _personal(self, member_id: str) -> frozenset[str]:
        return personal_identifiers(self.identifiers_of(member_id))


def _sanction(event: Muted | Kicked | Banned) -> Sanction:
    return Sanction(event.target, event.actor, event.at, event.until, event.identifiers, event.reason)
