"""Refusals over time: their cause may have ended since."""

from collections.abc import Callable

from chat.domain.accounts.events import AccountDeleted, MemberRenamed, RoleChanged
from chat.domain.errors import ChatError, RoomRefused
from chat.domain.moderation.events import RoomUnlocked, SlowModeChanged, Unmuted, WordFilterChanged
from chat.domain.people.events import MemberJoined, MemberLeft
from chat.domain.permissions import is_above
from chat.domain.rooms.events import RoomReopened
from chat.domain.rooms.room import Room
from chat.domain.rooms.writing import check_can_write
from chat.domain.users import Role
from chat.state import clock
from chat.state.chat import Chat

ENDS_OF_CAUSES = (
    AccountDeleted,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    RoleChanged,
    RoomReopened,
    RoomUnlocked,
    SlowModeChanged,
    Unmuted,
    WordFilterChanged,
)
"""The events after which something may no longer be refused."""


def current_refusal(chat: Chat, room: Room, member_id: str, problem: ChatError) -> ChatError | None:
    """Return a problem as it stands now, or None if its cause has ended. Other problems are returned unchanged."""
    member = chat.people.members.get(member_id)
    moderation = room.moderation
    name, word = str(problem.details.get("name", "")), str(problem.details.get("word", ""))
    match problem.key:
        case "name-taken" | "name-account":
            return _repeated(problem, lambda: chat.members.check_name(member_id, name))
        case "muted" | "locked" if member:
            return _repeated(problem, lambda: room.check_can_post(member, clock.now()))
        case "nobody" if room.is_direct:
            info = chat.directory.get(room.id)
            return _repeated(problem, lambda: check_can_write(chat.people, member_id, info)) if info else None
        case "slow-mode" if member:
            is_edit = problem.details.get("action") == "edit"
            return _repeated(problem, lambda: moderation.check_slow_mode(room.id, member, clock.now(), is_edit=is_edit))
        case "word-filtered" if member:
            return _repeated(problem, lambda: moderation.check_can_post(room.id, member, clock.now(), word))
        case "room-archived":
            archived = chat.directory.get(room.id)
            return problem if archived and archived.is_archived else None
        case "needs-member" | "needs-moderator" | "needs-admin" | "needs-owner" if member:
            return problem if is_above(Role(problem.key.removeprefix("needs-")), member.role) else None
    return problem


def restriction(chat: Chat, room: Room, member_id: str) -> ChatError | None:
    """Return why a member may not write at all in a room now: muted, or the room is locked or archived."""
    member, info = chat.people.members.get(member_id), chat.directory.get(room.id)
    if info and info.is_archived:
        return RoomRefused("room-archived")
    try:
        if member:
            room.check_can_post(member, clock.now())
    except ChatError as problem:
        return problem
    return None


def _repeated(problem: ChatError, check: Callable[[], object]) -> ChatError | None:
    """Return what a check raises, if that is the same problem."""
    try:
        check()
    except ChatError as current:
        return current if current.key == problem.key else None
    return None
