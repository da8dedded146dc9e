"""The operator's policy on creating rooms, and the permission to change one."""

from enum import StrEnum

from chat.domain.errors import RoomRefused
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.users import Member, Role


class RoomPolicy(StrEnum):
    """The members who may create rooms."""

    ADMINS = "admins"
    MEMBERS = "members"
    OFF = "off"

    def may_create(self, role: Role) -> bool:
        return self is not RoomPolicy.OFF and has_permission(role, self._permission)

    def require(self, role: Role) -> None:
        """Raise `NotAllowed`, or `RoomRefused` where nobody may create rooms."""
        if self is RoomPolicy.OFF:
            raise RoomRefused("rooms-off")
        require(role, self._permission)

    @property
    def _permission(self) -> Permission:
        return Permission.CREATE_ROOMS if self is RoomPolicy.MEMBERS else Permission.MANAGE_ROOMS


def may_manage(actor: Member, room: RoomInfo) -> bool:
    """Tell whether a member may change a room that they see: their own or, as an admin, any."""
    is_own = room.creator == actor.id
    return room.kind is not RoomKind.DIRECT and (is_own or has_permission(actor.role, Permission.MANAGE_ROOMS))
