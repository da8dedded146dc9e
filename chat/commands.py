"""Slash commands: one parser and one table. A new command is one function with `@command` above it.

A command takes a `Call` and returns what follows: a fact to make true, a `Reply` for the asker's eyes only,
or a `Question` to ask first. It raises a `ChatError` to refuse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chat.errors import CommandRefused, TextRefused
from chat.events import Fact
from chat.gate import Gate
from chat.members import Member, Nickname, Role
from chat.messages import Kind, is_visible
from chat.room import Room


@dataclass(frozen=True)
class Call:
    """A command being run: by whom, where and when, and what it may need."""

    room: Room
    member: Member
    argument: str
    now: datetime
    message_id: str
    nickname: Callable[[str], Nickname]
    gate: Gate
    reply_to: str | None = None

    def say(self, text: str, kind: Kind = Kind.TEXT) -> Fact:
        """Let the member say something; raises `TextRefused`, `MessageRefused`."""
        return self.room.conversation.post(
            self.member, text, self.message_id, self.now, kind=kind, reply_to=self.reply_to
        )


@dataclass(frozen=True)
class Reply:
    """An answer that only the asker sees; `topic` says which words to use."""

    topic: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """Something to ask first: whether to `clear`, what to `search` (with what is known of it already)."""

    topic: str
    answer: str = ""


Outcome = Fact | Reply | Question


@dataclass(frozen=True)
class Command:
    """One row of the table. `usage` and `summary` are in English and translated where they are shown.

    What is in square brackets in `usage` may be left out.
    """

    name: str
    usage: str
    summary: str
    run: Callable[[Call], Outcome]


SHRUG = r"¯\_(ツ)_/¯"

COMMANDS: dict[str, Command] = {}


def N_(text: str) -> str:
    """Mark words for the catalogs; they are translated where they are shown."""
    return text


def command(usage: str, summary: str) -> Callable[[Callable[[Call], Outcome]], Callable[[Call], Outcome]]:
    """Put a function into the table, under its own name."""

    def enter(run: Callable[[Call], Outcome]) -> Callable[[Call], Outcome]:
        COMMANDS[run.__name__] = Command(run.__name__, usage, summary, run)
        return run

    return enter


@command("", N_("Show what you can do here"))
def help(call: Call) -> Outcome:
    return Reply("help")


@command(N_("NAME"), N_("Change your name"))
def nick(call: Call) -> Outcome:
    return call.room.rename(call.member.id, call.nickname(call.argument), call.now)


@command(N_("ACTION"), N_("Say what you are doing"))
def me(call: Call) -> Outcome:
    return call.say(call.argument, Kind.ACTION)


@command(N_("[TEXT]"), N_("Put a shrug behind your text"))
def shrug(call: Call) -> Outcome:
    return call.say(f"{call.argument} {SHRUG}".lstrip())


@command(N_("[WORDS]"), N_("Search the history"))
def search(call: Call) -> Outcome:
    return Question("search", call.argument)


@command("", N_("List who is here"))
def who(call: Call) -> Outcome:
    return Reply("who", tuple(member.name for member in call.room.roster()))


@command(N_("PASSWORD"), N_("Become an admin"))
def admin(call: Call) -> Outcome:
    call.gate.enter(call.member.id, call.argument, call.now)
    return call.room.promote(call.member.id, Role.ADMIN, call.now)


@command(N_("TEXT"), N_("Say what the room is about, - for nothing (admins)"))
def topic(call: Call) -> Outcome:
    return call.room.conversation.change_topic(call.member, call.argument, call.now)


@command("", N_("Wipe the history for everyone (admins)"))
def clear(call: Call) -> Outcome:
    call.room.conversation.clear(call.member, call.now)
    return Question("clear")


def parse(text: str) -> tuple[Command, str] | None:
    """The command in `text` and its argument; None for a message (`//text` is one, about to lose a slash).

    Raises `CommandRefused` for an unknown command: it is never posted. Raises `TextRefused` for what is no text.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    # Something invisible slipped in before "/admin ..." must not show the password to everyone.
    text = text[next((at for at, character in enumerate(text) if is_visible(character)), 0) :]
    if not text.startswith("/") or text.startswith("//"):
        return None
    word, *rest = text[1:].split(maxsplit=1) or [""]
    name = word.lower()
    if name not in COMMANDS or text[1:2].isspace():
        raise CommandRefused("command-unknown", name=name[:20])
    found, argument = COMMANDS[name], "".join(rest).strip()
    if found.usage and not found.usage.startswith("[") and not argument:
        raise CommandRefused("command-usage", name=name)
    return found, argument


def unescape(text: str) -> str:
    """The message meant by `//text`: one slash less; any other text as it is."""
    return text[1:] if text.startswith("//") else text
