"""The commands about rooms as a use case."""

from chat.domain.commands.replies import RoomPrompt
from chat.domain.commands.rooms import applicable
from chat.domain.errors import RoomRefused
from chat.domain.people.people import People
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_actions import (
    AddToRoom,
    ArchiveRoom,
    CreateRoom,
    DescribeRoom,
    RemoveFromRoom,
    RenameRoom,
    ReopenRoom,
    RoomAction,
)
from chat.domain.rooms.directory.room_info import may_see
from chat.domain.text.folding import fold
from chat.domain.users import Member
from chat.state.rooms.rooms import RoomService


class RoomCommandService:
    """Carries out the commands about rooms."""

    def __init__(self, people: People, directory: RoomDirectory, rooms: RoomService) -> None:
        self._people = people
        self._directory = directory
        self._rooms = rooms

    def applicable(self, member: Member, room_id: str) -> frozenset[str]:
        """Return the names of the commands that a member can use in a room, which they may just have left."""
        room = self._directory.get(room_id)
        return applicable(member, room, self._rooms.policy) if room and may_see(room, member.id) else frozenset()

    async def perform(self, actor_id: str, room_id: object, action: RoomAction) -> RoomPrompt | None:
        """Return the room to show then, if it is another one. Raises a `ChatError`."""
        match action:
            case CreateRoom(name=name, is_private=is_private):
                return RoomPrompt((await self._rooms.create(actor_id, name, is_private=is_private)).id)
            case RenameRoom(name=name):
                await self._rooms.rename(actor_id, room_id, name)
            case DescribeRoom(description=description):
                await self._rooms.describe(actor_id, room_id, description)
            case ArchiveRoom():
                await self._rooms.archive(actor_id, room_id)
            case ReopenRoom(name=name):
                archived_id = self._archived_room(actor_id, name)
                await self._rooms.reopen(actor_id, archived_id)
                return RoomPrompt(archived_id)
            case AddToRoom(target_id=target_id):
                await self._rooms.add_member(actor_id, room_id, target_id)
            case RemoveFromRoom(target_id=target_id):
                await self._rooms.remove_member(actor_id, room_id, target_id)
        return None

    def _archived_room(self, actor_id: str, name: object) -> str:
        """Return the id of the archived room of this name that the actor may reopen; raises `RoomRefused`."""
        wanted = fold(name) if isinstance(name, str) else ""
        for room in self._directory.archived(self._people.member(actor_id)):
            if wanted in {fold(room.name), fold(room.slug)}:
                return room.id
        raise RoomRefused("room-gone")
