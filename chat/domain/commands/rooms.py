"""The commands about rooms. Which of them apply depends on the room and the member."""

from collections.abc import Callable

from chat.domain.commands.arguments import parse_member
from chat.domain.commands.registry import Command, CommandContext, Outcome, Run, Table
from chat.domain.commands.replies import LeaveRoomPrompt
from chat.domain.rooms.directory.room_actions import (
    AddToRoom,
    ArchiveRoom,
    CreateRoom,
    DescribeRoom,
    RemoveFromRoom,
    RenameRoom,
    ReopenRoom,
)
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import RoomPolicy, may_manage
from chat.domain.text.translatable import N_
from chat.domain.users import Member, UserRef

Applies = Callable[[Member, RoomInfo, RoomPolicy], bool]

FIRST_WORD = "room"

COMMANDS: Table = {}
_APPLIES: dict[str, Applies] = {}


def applicable(member: Member, room: RoomInfo, policy: RoomPolicy) -> frozenset[str]:
    """Return the names of the commands that a member can use in a room."""
    return frozenset(name for name, applies in _APPLIES.items() if applies(member, room, policy))


def _command(verb: str, usage: str, summary: str, applies: Applies) -> Callable[[Run], Run]:
    def add(run: Run) -> Run:
        name = f"{FIRST_WORD} {verb}"
        COMMANDS[name], _APPLIES[name] = Command(name, usage, summary, run), applies
        return run

    return add


def _creates(member: Member, _room: RoomInfo, policy: RoomPolicy) -> bool:
    return policy.may_create(member.role)


def _changes(member: Member, room: RoomInfo, policy: RoomPolicy) -> bool:
    return may_manage(member, room) and (room.id != LOBBY or policy is not RoomPolicy.OFF)


def _archives(member: Member, room: RoomInfo, _policy: RoomPolicy) -> bool:
    return may_manage(member, room) and room.id != LOBBY and not room.is_archived


def _is_member(_member: Member, room: RoomInfo, _policy: RoomPolicy) -> bool:
    return room.kind is RoomKind.PRIVATE


def _removes(member: Member, room: RoomInfo, _policy: RoomPolicy) -> bool:
    return room.kind is RoomKind.PRIVATE and may_manage(member, room)


@_command("create", N_("NAME"), N_("Create a room for everyone"), _creates)
def create(context: CommandContext) -> Outcome:
    return CreateRoom(context.argument)


@_command("private", N_("NAME"), N_("Create a private room"), _creates)
def create_private(context: CommandContext) -> Outcome:
    return CreateRoom(context.argument, is_private=True)


@_command("rename", N_("NAME"), N_("Rename this room"), _changes)
def rename(context: CommandContext) -> Outcome:
    return RenameRoom(context.argument)


@_command("describe", N_("TEXT"), N_("Say what this room is for; - clears it"), _changes)
def describe(context: CommandContext) -> Outcome:
    return DescribeRoom("" if context.argument == "-" else context.argument)


@_command("archive", "", N_("Archive this room: it can only be read"), _archives)
def archive(context: CommandContext) -> Outcome:
    return ArchiveRoom()


@_command("reopen", N_("NAME"), N_("Reopen an archived room"), _creates)
def reopen(context: CommandContext) -> Outcome:
    return ReopenRoom(context.argument)


@_command("invite", N_("@NAME"), N_("Add someone to this private room"), _is_member)
def invite(context: CommandContext) -> Outcome:
    return AddToRoom(_parse_target(context).id)


@_command("remove", N_("@NAME"), N_("Remove someone from this private room"), _removes)
def remove(context: CommandContext) -> Outcome:
    return RemoveFromRoom(_parse_target(context).id)


@_command("leave", "", N_("Leave this private room"), _is_member)
def leave(context: CommandContext) -> Outcome:
    return LeaveRoomPrompt()


def _parse_target(context: CommandContext) -> UserRef:
    people = context.room.people
    known = [member.ref for member in (*people.roster(), *people.absent_members())]
    return parse_member(context.argument, [*known, *context.room.away()], context.parse_nickname)[0]
