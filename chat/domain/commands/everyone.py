"""Slash commands: one parser and one table. A new command is one function with `@command` above it.

A command takes a `CommandContext` and returns what follows: a fact to make true, a `Reply` for the asker's eyes only,
or a `Prompt` to ask first. It raises a `ChatError` to refuse.
"""

from collections.abc import Callable

from chat.domain.commands import moderators as moderating
from chat.domain.commands.registry import N_, Command, CommandContext, Outcome, Prompt, Reply, Run, register
from chat.domain.errors import CommandRefused, TextRefused
from chat.domain.messages.message import Kind, is_visible
from chat.domain.moderation.sanctions import shared_identifiers
from chat.domain.permissions import Permission, has_permission, is_above
from chat.domain.users import Role

SHRUG = r"¯\_(ツ)_/¯"

COMMANDS: dict[str, Command] = {}


def command(usage: str, summary: str, needs: Permission | None = None) -> Callable[[Run], Run]:
    """Put a function into the table, under its own name; `needs` is what one must be allowed to do to run it."""
    return register(COMMANDS, usage, summary, needs)


@command("", N_("Show what you can do here"))
def help(call: CommandContext) -> Outcome:
    return help_for(call.member.role)


@command(N_("NAME"), N_("Change your name"))
def nick(call: CommandContext) -> Outcome:
    return call.room.rename(call.member.id, call.nickname(call.argument), call.now)


@command(N_("ACTION"), N_("Say what you are doing"))
def me(call: CommandContext) -> Outcome:
    return call.say(call.argument, Kind.ACTION)


@command(N_("[TEXT]"), N_("Put a shrug behind your text"))
def shrug(call: CommandContext) -> Outcome:
    return call.say(f"{call.argument} {SHRUG}".lstrip())


@command(N_("[WORDS]"), N_("Search the history"))
def search(call: CommandContext) -> Outcome:
    return Prompt("search", call.argument)


@command("", N_("List who is here"))
def who(call: CommandContext) -> Outcome:
    return Reply("who", tuple(member.name for member in call.room.roster()))


@command(N_("PASSWORD"), N_("Become an admin"))
def admin(call: CommandContext) -> Outcome:
    identifiers = call.room.moderation.identifiers_of(call.member.id)
    call.admin_password.verify(call.member.id, call.argument, call.now, shared_identifiers(identifiers))
    role = call.role_by_password(call.member)
    return call.room.apply_role(
        call.member.id, role if is_above(role, call.member.role) else call.member.role, call.now
    )


@command(N_("TEXT"), N_("Say what the room is about, - for nothing"), Permission.CHANGE_TOPIC)
def topic(call: CommandContext) -> Outcome:
    return call.room.conversation.change_topic(call.member, call.argument, call.now)


@command("", N_("Wipe the history for everyone"), Permission.CLEAR_HISTORY)
def clear(call: CommandContext) -> Outcome:
    call.room.conversation.clear(call.member, call.now)
    return Prompt("clear")


COMMANDS.update(moderating.COMMANDS)


def allowed(role: Role) -> list[Command]:
    """The commands that a role may run."""
    return [found for found in COMMANDS.values() if found.needs is None or has_permission(role, found.needs)]


def help_for(role: Role) -> Reply:
    """The answer to `/help`: the commands that a role may run."""
    return Reply("help", tuple(found.name for found in allowed(role)))


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
