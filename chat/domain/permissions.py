"""The permissions of each role, in one table that every decision consults."""

from enum import StrEnum

from chat.domain.errors import NotAllowed, RoomRefused
from chat.domain.users import Role


class Permission(StrEnum):
    """The permissions, in the words of the README."""

    POST = "write messages"
    EDIT_OWN = "edit their own messages"
    DELETE_OWN = "delete their own messages"
    REACT = "react"
    RENAME = "change their name"
    CHANGE_PICTURE = "change their picture"
    REPORT = "report messages"
    WRITE_DIRECT = "write direct messages"
    CREATE_ROOMS = "create rooms, if the operator lets members, and change their own"
    DELETE_ANY = "delete messages by others"
    REMOVE_PICTURES = "remove people's pictures"
    MUTE = "mute people"
    KICK = "kick people"
    BAN = "ban people"
    SET_SLOW_MODE = "set slow mode"
    LOCK_ROOM = "lock the room"
    BYPASS_RESTRICTIONS = "write in a locked room and in slow mode"
    HANDLE_REPORTS = "see and resolve reports"
    MENTION_EVERYONE = "mention everyone with @all"
    CHANGE_TOPIC = "change the topic"
    CLEAR_HISTORY = "clear the history"
    CHANGE_WORD_FILTER = "change the word filter"
    MANAGE_ROOMS = "create, rename, describe and archive rooms"
    INVITE = "invite people"
    RESET_PASSWORDS = "reset passwords"
    SEE_AUDIT = "see the audit log"
    CHANGE_MODERATORS = "appoint and remove moderators"
    CHANGE_ADMINS = "appoint and remove admins"


MINIMUM_ROLE: dict[Permission, Role] = {
    Permission.POST: Role.GUEST,
    Permission.EDIT_OWN: Role.GUEST,
    Permission.DELETE_OWN: Role.GUEST,
    Permission.REACT: Role.GUEST,
    Permission.RENAME: Role.GUEST,
    Permission.CHANGE_PICTURE: Role.GUEST,
    Permission.REPORT: Role.GUEST,
    Permission.WRITE_DIRECT: Role.GUEST,
    Permission.CREATE_ROOMS: Role.MEMBER,
    Permission.DELETE_ANY: Role.MODERATOR,
    Permission.REMOVE_PICTURES: Role.MODERATOR,
    Permission.MUTE: Role.MODERATOR,
    Permission.KICK: Role.MODERATOR,
    Permission.BAN: Role.MODERATOR,
    Permission.SET_SLOW_MODE: Role.MODERATOR,
    Permission.LOCK_ROOM: Role.MODERATOR,
    Permission.BYPASS_RESTRICTIONS: Role.MODERATOR,
    Permission.HANDLE_REPORTS: Role.MODERATOR,
    Permission.MENTION_EVERYONE: Role.ADMIN,
    Permission.CHANGE_TOPIC: Role.ADMIN,
    Permission.CLEAR_HISTORY: Role.ADMIN,
    Permission.CHANGE_WORD_FILTER: Role.ADMIN,
    Permission.MANAGE_ROOMS: Role.ADMIN,
    Permission.INVITE: Role.ADMIN,
    Permission.RESET_PASSWORDS: Role.ADMIN,
    Permission.SEE_AUDIT: Role.ADMIN,
    Permission.CHANGE_MODERATORS: Role.ADMIN,
    Permission.CHANGE_ADMINS: Role.OWNER,
}
"""The lowest role with each permission; all roles above have it too."""

NOT_IN_DIRECT_ROOMS = frozenset(
    {
        Permission.DELETE_ANY,
        Permission.SET_SLOW_MODE,
        Permission.LOCK_ROOM,
        Permission.CHANGE_TOPIC,
        Permission.CLEAR_HISTORY,
    }
)
"""Permissions that nobody has in a direct room, where all are equal. Reported messages can be deleted."""

_RANKS = {role: rank for rank, role in enumerate(Role)}


def is_above(role: Role, other: Role) -> bool:
    return _RANKS[role] > _RANKS[other]


def has_permission(role: Role, permission: Permission, target: Role | None = None, *, is_direct: bool = False) -> bool:
    """Tell whether `role` has the permission; with a `target` role, only against members below it.

    `is_direct` means in a direct room.
    """
    if is_direct and permission in NOT_IN_DIRECT_ROOMS:
        return False
    return not is_above(MINIMUM_ROLE[permission], role) and (target is None or is_above(role, target))


def require_not_below(role: Role, other: Role) -> None:
    """Raise `NotAllowed`, naming the role needed, if `role` is below `other`."""
    if is_above(other, role):
        raise NotAllowed(f"needs-{other}")


def require(role: Role, permission: Permission, target: Role | None = None, *, is_direct: bool = False) -> None:
    """Raise `NotAllowed`, naming the role needed, unless `role` has the permission (against the role `target`).

    Raises `RoomRefused` for a permission that nobody has in a direct room.
    """
    if is_direct and permission in NOT_IN_DIRECT_ROOMS:
        raise RoomRefused("room-fixed")
    if not has_permission(role, permission):
        raise NotAllowed(f"needs-{MINIMUM_ROLE[permission]}")
    if target is not None and not is_above(role, target):
        raise NotAllowed("not-above")
