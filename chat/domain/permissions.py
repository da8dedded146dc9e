"""Roles: what each may do, in one table. Everybody else asks here."""

from enum import StrEnum

from chat.domain.errors import NotAllowed
from chat.domain.messages.message import Message
from chat.domain.users import Member, Role


class Action(StrEnum):
    """What somebody may do or not, in the words of the README."""

    POST = "write messages"
    EDIT_OWN = "edit their own messages"
    DELETE_OWN = "delete their own messages"
    REACT = "react"
    RENAME = "change their name"
    REPORT = "report messages"
    DELETE_OTHERS = "delete messages of others"
    MUTE = "mute people"
    KICK = "kick people"
    BAN = "ban people"
    SLOW = "set slow mode"
    LOCK = "lock the room"
    SPEAK_FREELY = "write in a locked room and in slow mode"
    SEE_REPORTS = "see and settle reports"
    CALL_ALL = "mention everybody with @all"
    CHANGE_TOPIC = "change the topic"
    CLEAR = "clear the history"
    FILTER = "change the word filter"
    INVITE = "invite people"
    SEE_AUDIT = "see the audit log"
    APPOINT_MODERATORS = "appoint moderators"
    APPOINT_ADMINS = "appoint admins"


LOWEST: dict[Action, Role] = {
    Action.POST: Role.GUEST,
    Action.EDIT_OWN: Role.GUEST,
    Action.DELETE_OWN: Role.GUEST,
    Action.REACT: Role.GUEST,
    Action.RENAME: Role.GUEST,
    Action.REPORT: Role.GUEST,
    Action.DELETE_OTHERS: Role.MODERATOR,
    Action.MUTE: Role.MODERATOR,
    Action.KICK: Role.MODERATOR,
    Action.BAN: Role.MODERATOR,
    Action.SLOW: Role.MODERATOR,
    Action.LOCK: Role.MODERATOR,
    Action.SPEAK_FREELY: Role.MODERATOR,
    Action.SEE_REPORTS: Role.MODERATOR,
    Action.CALL_ALL: Role.ADMIN,
    Action.CHANGE_TOPIC: Role.ADMIN,
    Action.CLEAR: Role.ADMIN,
    Action.FILTER: Role.ADMIN,
    Action.INVITE: Role.ADMIN,
    Action.SEE_AUDIT: Role.ADMIN,
    Action.APPOINT_MODERATORS: Role.ADMIN,
    Action.APPOINT_ADMINS: Role.OWNER,
}
"""The lowest role that may do it; all above may, too."""

_RANKS = {role: rank for rank, role in enumerate(Role)}


def is_above(role: Role, other: Role) -> bool:
    """Whether `role` is a higher one than `other`."""
    return _RANKS[role] > _RANKS[other]


def may(role: Role, action: Action, target: Role | None = None) -> bool:
    """Whether `role` may do this; to somebody (of the role `target`) only if they are below."""
    return not is_above(LOWEST[action], role) and (target is None or is_above(role, target))


def require(role: Role, action: Action, target: Role | None = None) -> None:
    """Return if `role` may do this (to somebody of the role `target`); raise `NotAllowed`, naming what is needed."""
    if not may(role, action):
        raise NotAllowed(f"needs-{LOWEST[action]}")
    if target is not None and not is_above(role, target):
        raise NotAllowed("not-above")


def may_edit(member: Member, message: Message) -> bool:
    """Whether the member may change the text of `message`."""
    return message.author == member.id and may(member.role, Action.EDIT_OWN)


def may_delete(member: Member, message: Message, author: Role = Role.GUEST) -> bool:
    """Whether the member may delete `message`, whose author has the role `author`."""
    if message.author == member.id:
        return may(member.role, Action.DELETE_OWN)
    return may(member.role, Action.DELETE_OTHERS, author)
