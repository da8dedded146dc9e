"""What slash commands are made of: a `CommandContext` goes in, an `Outcome` comes out, a `Command` is a row of the table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.events import Event
from chat.domain.messages.message import Kind
from chat.domain.permissions import Permission, require
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname, Role


@dataclass(frozen=True)
class CommandContext:
    """A command being run: by whom, where and when, and what it may need."""

    room: Room
    member: Member
    argument: str
    now: datetime
    message_id: str
    nickname: Callable[[str], Nickname]
    admin_password: SharedPassword
    reply_to: str | None = None
    role_by_password: Callable[[Member], Role] = lambda member: Role.ADMIN

    def say(self, text: str, kind: Kind = Kind.TEXT) -> Event:
        """Let the member say something; raises `TextRefused`, `MessageRefused`, `SpeechRefused`."""
        return self.room.conversation.post(
            self.member, text, self.message_id, self.now, kind=kind, reply_to=self.reply_to
        )


@dataclass(frozen=True)
class Reply:
    """An answer that only the asker sees; `topic` says which words to use."""

    topic: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """Something to ask first: whether to `clear`, what to `search` (with what is known of it already)."""

    topic: str
    answer: str = ""


Outcome = Event | Reply | Prompt
Run = Callable[[CommandContext], Outcome]


@dataclass(frozen=True)
class Command:
    """One row of the table. `usage` and `summary` are in English and translated where they are shown.

    What is in square brackets in `usage` may be left out. `needs` is what one must be allowed to do to run it.
    """

    name: str
    usage: str
    summary: str
    function: Run
    needs: Permission | None = None

    def run(self, call: CommandContext) -> Outcome:
        """What follows; raises `NotAllowed`, or a `ChatError` of the command itself."""
        if self.needs is not None:
            require(call.member.role, self.needs)
        return self.function(call)


def N_(text: str) -> str:
    """Mark words for the catalogs; they are translated where they are shown."""
    return text


def register(
    table: dict[str, Command], usage: str, summary: str, needs: Permission | None = None
) -> Callable[[Run], Run]:
    """Put a function into a table, under its own name."""

    def put(run: Run) -> Run:
        table[run.__name__] = Command(run.__name__, usage, summary, run, needs)
        return run

    return put
