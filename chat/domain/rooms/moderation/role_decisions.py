"""Decides changes of roles."""

from contextlib import suppress
from datetime import datetime

from chat.domain.accounts.events import RoleChanged
from chat.domain.errors import CommandRefused, NotAllowed
from chat.domain.permissions import Permission, is_above, require
from chat.domain.rooms.moderation.moderation_actions import ChangeRole
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role


def change_role(room: Room, actor: Member, action: ChangeRole, now: datetime) -> RoleChanged:
    """Change a role; only owners appoint and remove admins."""
    if not isinstance(action.role, str) or action.role not in set(Role):
        raise CommandRefused("role-unknown", name=str(action.role)[:20])
    role = Role(action.role)
    member = room.people.find_member(action.target_id) if isinstance(action.target_id, str) else None
    if member is None:
        raise CommandRefused("nobody")
    _require_to_assign(actor, member, role)
    return RoleChanged(room.id, actor.ref, member.ref, now, member.role, role)


def assignable_roles(room: Room, actor: Member, target_id: str) -> list[Role]:
    """Return the roles that the actor may give a person, the current one included; empty if they may not.

    Signing up makes the difference between guests and members, so a person has only one of these two.
    """
    member = room.people.find_member(target_id)
    if member is None:
        return []
    other = Role.GUEST if room.people.accounts.get(target_id) else Role.MEMBER
    roles = []
    for role in Role:
        with suppress(NotAllowed):
            _require_to_assign(actor, member, role)
            roles.append(role)
    return [role for role in roles if role is not other or role is member.role]


def _require_to_assign(actor: Member, member: Member, role: Role) -> None:
    is_admin = is_above(role, Role.MODERATOR) or is_above(member.role, Role.MODERATOR)
    require(actor.role, Permission.CHANGE_ADMINS if is_admin else Permission.CHANGE_MODERATORS, member.role)
    if not is_above(actor.role, role):
        raise NotAllowed("role-too-high")
