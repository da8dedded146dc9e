"""What a command answers to the member who ran it, and nobody else."""

from dataclasses import dataclass

from chat.domain.users import Role


@dataclass(frozen=True, slots=True)
class HelpReply:
    """The commands that a role may run."""

    role: Role


@dataclass(frozen=True, slots=True)
class RosterReply:
    """The names of everyone who is here."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordFilterReply:
    """The blocked words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleReply:
    """An absent member's new role, which no notice in the room tells."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ReportReply:
    """A report has reached the moderators."""


@dataclass(frozen=True, slots=True)
class ClearPrompt:
    """Ask before the history is cleared."""


@dataclass(frozen=True, slots=True)
class SearchPrompt:
    """Open the search, with a query if there is one."""

    query: str = ""


Reply = HelpReply | RosterReply | WordFilterReply | RoleReply | ReportReply
Prompt = ClearPrompt | SearchPrompt
