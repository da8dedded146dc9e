"""The parts of slash commands: a `Command` is a row of a table and turns a `CommandContext` into an `Outcome`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.replies import Prompt, Reply
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.message import Kind
from chat.domain.permissions import Permission, require
from chat.domain.rooms.directory.direct_rooms import WriteDirect
from chat.domain.rooms.directory.room_actions import RoomAction
from chat.domain.rooms.moderation.moderation_actions import ModerationAction
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname


@dataclass(frozen=True)
class CommandContext:
    """The arguments of a command, and its access to the room.

    `about_room` has the names of the commands about rooms that apply here.
    """

    room: Room
    member: Member
    argument: str
    now: datetime
    message_id: str
    parse_nickname: Callable[[str], Nickname]
    admin_password: SharedPassword
    reply_to: str | None = None
    about_room: frozenset[str] = frozenset()

    def say(self, text: str, kind: Kind = Kind.TEXT) -> MessagePosted:
        """Post as the member; raises `NotAllowed`, `TextRefused`, `MessageRefused`, `SpeechRefused`."""
        return self.room.conversation.post(
            self.member, text, self.message_id, self.now, kind=kind, reply_to=self.reply_to
        )


Outcome = MessagePosted | MemberRenamed | RoleChanged | ModerationAction | RoomAction | WriteDirect | Reply | Prompt
Run = Callable[[CommandContext], Outcome]


@dataclass(frozen=True)
class Command:
    """One row of a table. `usage` and `summary` are in English, and translated when shown.

    Square brackets in `usage` mark optional arguments. `needs` is the permission required.
    """

    name: str
    usage: str
    summary: str
    function: Run
    needs: Permission | None = None

    def run(self, context: CommandContext) -> Outcome:
        """Run the command; raises `NotAllowed`, or any other `ChatError`."""
        if self.needs is not None:
            require(context.member.role, self.needs, is_direct=context.room.is_direct)
        return self.function(context)


Table = dict[str, Command]


def register(table: Table, usage: str, summary: str, needs: Permission | None = None) -> Callable[[Run], Run]:
    """Add a function to a table under its name."""

    def add(run: Run) -> Run:
        table[run.__name__] = Command(run.__name__, usage, summary, run, needs)
        return run

    return add
