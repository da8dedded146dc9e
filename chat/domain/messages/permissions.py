"""Permissions to edit and delete messages, by author and role."""

from chat.domain.errors import MessageRefused, NotAllowed
from chat.domain.messages.message import Message
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.users import Member, Role


def can_edit(member: Member, message: Message) -> bool:
    return message.author == member.id and has_permission(member.role, Permission.EDIT_OWN)


def can_delete(member: Member, message: Message, author_role: Role = Role.GUEST, *, is_direct: bool = False) -> bool:
    """Tell whether a member may delete a message by an author of this role, in a direct room or in another."""
    if message.author == member.id:
        return has_permission(member.role, Permission.DELETE_OWN)
    return has_permission(member.role, Permission.DELETE_ANY, author_role, is_direct=is_direct)


def require_can_edit(member: Member, message: Message) -> None:
    """Raise `MessageRefused` for another member's message, or `NotAllowed`."""
    if not can_edit(member, message):
        _refuse(member, message, Permission.EDIT_OWN)


def require_can_delete(member: Member, message: Message, author_role: Role, *, is_direct: bool) -> None:
    """Raise `MessageRefused` or `NotAllowed` unless `can_delete`."""
    if can_delete(member, message, author_role, is_direct=is_direct):
        return
    is_foreign = message.author != member.id
    if is_foreign and has_permission(member.role, Permission.DELETE_ANY, is_direct=is_direct):
        raise NotAllowed("not-above")
    _refuse(member, message, Permission.DELETE_OWN)


def _refuse(member: Member, message: Message, permission: Permission) -> None:
    if message.author == member.id:
        require(member.role, permission)
    raise MessageRefused("message-foreign")
