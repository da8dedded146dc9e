"""Which messages a member may edit or delete."""

from chat.domain.messages.message import Message
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role


def can_edit(member: Member, message: Message) -> bool:
    return message.author == member.id and has_permission(member.role, Permission.EDIT_OWN)


def can_delete(member: Member, message: Message, author_role: Role = Role.GUEST, *, is_direct: bool = False) -> bool:
    """Tell whether a member may delete a message by an author of this role, in a direct room or in another."""
    if message.author == member.id:
        return has_permission(member.role, Permission.DELETE_OWN)
    return has_permission(member.role, Permission.DELETE_ANY, author_role, is_direct=is_direct)
