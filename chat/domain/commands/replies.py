"""Replies to commands, shown only to the member who ran them."""

from dataclasses import dataclass

from chat.domain.users import Role


@dataclass(frozen=True, slots=True)
class HelpReply:
    """The commands available to a role."""

    role: Role


@dataclass(frozen=True, slots=True)
class RosterReply:
    """The names of the present members."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordFilterReply:
    """The blocked words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleReply:
    """The new role of an absent member, for which the room shows no notice."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ReportReply:
    """The report was received."""


@dataclass(frozen=True, slots=True)
class ClearPrompt:
    """Ask for confirmation before clearing the history."""


@dataclass(frozen=True, slots=True)
class SearchPrompt:
    """Open the search dialog with this query."""

    query: str = ""


Reply = HelpReply | RosterReply | WordFilterReply | RoleReply | ReportReply
Prompt = ClearPrompt | SearchPrompt
