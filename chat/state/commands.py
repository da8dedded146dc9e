"""Slash commands as a use case: runs a typed command, and carries out its outcome."""

from collections.abc import Awaitable, Callable

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.parser import parse
from chat.domain.commands.registry import Command, CommandContext, Outcome
from chat.domain.commands.replies import Prompt, Reply, RoleReply, RoomPrompt, TemporaryRoleReply, WordFilterReply
from chat.domain.errors import TextRefused
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.moderation.events import WordFilterChanged
from chat.domain.rooms.directory.direct_rooms import WriteDirect
from chat.domain.rooms.directory.room_actions import RoomAction
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.moderation.moderation_actions import ModerationAction
from chat.domain.rooms.room import Room
from chat.domain.users import Role
from chat.state import clock
from chat.state.members import MemberService
from chat.state.moderation import ModerationService
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.pipeline.running_command import running_command
from chat.state.rooms.room_commands import RoomCommandService
from chat.state.rooms.room_messages import RoomMessages
from chat.text.nicknames import parse_nickname

WriteDirectly = Callable[[str, WriteDirect, str], Awaitable[RoomInfo]]


class CommandService:
    """Runs commands in a room. The caller has checked access to it."""

    def __init__(
        self,
        messages: RoomMessages,
        moderation: ModerationService,
        pipeline: EventPipeline,
        admin_password: SharedPassword,
        *,
        members: MemberService,
        rooms: RoomCommandService,
        write_direct: WriteDirectly,
    ) -> None:
        self._messages = messages
        self._moderation = moderation
        self._pipeline = pipeline
        self._admin_password = admin_password
        self._members = members
        self._rooms = rooms
        self._write_direct = write_direct

    async def run(
        self, room: Room, member_id: str, typed: tuple[Command, str], message_id: str, reply_to: str | None
    ) -> Reply | Prompt | None:
        """Return the reply for this member alone; raises a `ChatError`."""
        (command, argument), member = typed, room.people.member(member_id)
        context = CommandContext(
            room,
            member,
            argument,
            clock.now(),
            message_id,
            parse_nickname,
            self._admin_password,
            reply_to,
            self._rooms.applicable(member, room.id),
        )
        return await self._carry_out(room, member_id, command.run(context), message_id)

    async def _carry_out(self, room: Room, member_id: str, outcome: Outcome, message_id: str) -> Reply | Prompt | None:
        match outcome:
            case MessagePosted():
                await self._messages.post(room, outcome)
            case MemberRenamed(nickname=nickname):
                await self._members.rename(member_id, nickname)
            case _ if isinstance(outcome, ModerationAction):
                return _confirm(room, await self._moderation.perform(member_id, room.id, outcome))
            case _ if isinstance(outcome, RoomAction):
                return await self._rooms.perform(member_id, room.id, outcome)
            case WriteDirect(text=text):
                if text and parse(text):
                    raise TextRefused("command-in-edit")
                running_command.set(None)  # the message is posted once by its id, even if its room was opened before
                return RoomPrompt((await self._write_direct(member_id, outcome, message_id)).id)
            case RoleChanged(target=target, at=at):
                # Decided again: another member may have become the owner meanwhile.
                event = await self._pipeline.decide(lambda: room.people.promote_by_password(target.id, room.id, at))
                return _confirm(room, event) if event.role is event.before else None
            case _:
                return outcome
        return None


def _confirm(room: Room, event: Event | None) -> Reply | None:
    """Return a reply for the actor, unless a notice in the room says the same."""
    match event:
        case WordFilterChanged():
            return WordFilterReply(tuple(sorted(room.moderation.blocked_words)))
        case RoleChanged(target=target, before=before, role=role) if (
            role is before or target.id not in room.people.members
        ):
            return RoleReply(target.name, role)
        case RoleChanged(target=target, role=role) if role is not Role.GUEST:
            return None if room.people.accounts.get(target.id) else TemporaryRoleReply(target.name)
    return None
