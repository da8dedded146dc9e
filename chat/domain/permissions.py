"""Roles: what each may do, in one table. Everybody else asks here."""

from enum import StrEnum

from chat.domain.errors import NotAllowed
from chat.domain.messages.message import Message
from chat.domain.users import Member, Role


class Permission(StrEnum):
    """What somebody may do or not, in the words of the README."""

    POST = "write messages"
    EDIT_OWN = "edit their own messages"
    DELETE_OWN = "delete their own messages"
    REACT = "react"
    RENAME = "change their name"
    REPORT = "report messages"
    DELETE_ANY = "delete messages of others"
    MUTE = "mute people"
    KICK = "kick people"
    BAN = "ban people"
    SET_SLOW_MODE = "set slow mode"
    LOCK_ROOM = "lock the room"
    BYPASS_RESTRICTIONS = "write in a locked room and in slow mode"
    HANDLE_REPORTS = "see and settle reports"
    MENTION_EVERYONE = "mention everybody with @all"
    CHANGE_TOPIC = "change the topic"
    CLEAR_HISTORY = "clear the history"
    CHANGE_WORD_FILTER = "change the word filter"
    INVITE = "invite people"
    SEE_AUDIT = "see the audit log"
    CHANGE_MODERATORS = "appoint moderators"
    CHANGE_ADMINS = "appoint admins"


MINIMUM_ROLE: dict[Permission, Role] = {
    Permission.POST: Role.GUEST,
    Permission.EDIT_OWN: Role.GUEST,
    Permission.DELETE_OWN: Role.GUEST,
    Permission.REACT: Role.GUEST,
    Permission.RENAME: Role.GUEST,
    Permission.REPORT: Role.GUEST,
    Permission.DELETE_ANY: Role.MODERATOR,
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
    Permission.INVITE: Role.ADMIN,
    Permission.SEE_AUDIT: Role.ADMIN,
    Permission.CHANGE_MODERATORS: Role.ADMIN,
    Permission.CHANGE_ADMINS: Role.OWNER,
}
"""The lowest role that may do it; all above may, too."""

_RANKS = {role: rank for rank, role in enumerate(Role)}


def is_above(role: Role, other: Role) -> bool:
    """Whether `role` is a higher one than `other`."""
    return _RANKS[role] > _RANKS[other]


def has_permission(role: Role, action: Permission, target: Role | None = None) -> bool:
    """Whether `role` may do this; to somebody (of the role `target`) only if they are below."""
    return not is_above(MINIMUM_ROLE[action], role) and (target is None or is_above(role, target))


def require(role: Role, action: Permission, target: Role | None = None) -> None:
    """Return if `role` may do this (to somebody of the role `target`); raise `NotAllowed`, naming what is needed."""
    if not has_permission(role, action):
        raise NotAllowed(f"needs-{MINIMUM_ROLE[action]}")
    if target is not None and not is_above(role, target):
        raise NotAllowed("not-above")


def can_edit(member: Member, message: Message) -> bool:
    """Whether the member may change the text of `message`."""
    return message.author == member.id and has_permission(member.role, Permission.EDIT_OWN)


def can_delete(member: Member, message: Message, author: Role = Role.GUEST) -> bool:
    """Whether the member may delete `message`, whose author has the role `author`."""
    if message.author == member.id:
        return has_permission(member.role, Permission.DELETE_OWN)
    return has_permission(member.role, Permission.DELETE_ANY, author)
