"""The table of all slash commands, and the parser for typed text."""

from chat.domain.commands import everyone, moderators
from chat.domain.commands.registry import Command, Table
from chat.domain.errors import CommandRefused, TextRefused
from chat.domain.permissions import has_permission
from chat.domain.text.cleaning import is_visible
from chat.domain.users import Role

COMMANDS: Table = {**everyone.COMMANDS, **moderators.COMMANDS}


def parse(text: str) -> tuple[Command, str] | None:
    """Return the command in `text` and its argument; None for a message, including `//text`.

    Raises `CommandRefused` for an unknown command, which is never posted, and `TextRefused` unless `text` is a string.
    """
    if not isinstance(text, str):
        raise TextRefused("text-empty")
    # An invisible character before "/admin ..." must not post the password for everyone to see.
    text = text[next((at for at, character in enumerate(text) if is_visible(character)), 0) :]
    if not text.startswith("/") or text.startswith("//"):
        return None
    word, *rest = text[1:].split(maxsplit=1) or [""]
    name = word.lower()
    if name not in COMMANDS or text[1:2].isspace():
        raise CommandRefused("command-unknown", name=name[:20])
    found, argument = COMMANDS[name], "".join(rest).strip()
    if found.usage and not found.usage.startswith("[") and not argument:
        raise CommandRefused("command-usage", name=name, usage=found.usage)
    return found, argument


def unescape(text: str) -> str:
    """Return the message that `//text` stands for, with one slash removed."""
    return text[1:] if text.startswith("//") else text


def allowed_commands(role: Role) -> list[Command]:
    return [found for found in COMMANDS.values() if found.needs is None or has_permission(role, found.needs)]
