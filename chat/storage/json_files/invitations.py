"""The invitations on disk: `invitations.json`, for its owner's eyes only."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import StartupError
from chat.storage.json_files.atomic_file import AtomicFile, Unreadable


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1] = 1
    invitations: list[Invitation]


class InvitationsFile:
    """A JSON file with all invitations, written whole. What was revoked must not come back: there are no backups."""

    def __init__(self, path: Path) -> None:
        self.file = AtomicFile(path, mode=0o600, keeps_backups=False)

    def load(self) -> list[Invitation]:
        """The invitations as they were kept; a broken file is set aside. Raises `StartupError`."""
        try:
            return self.file.read(_parse) or []
        except OSError as problem:
            raise StartupError(f"{self.file.path} can't be used: {problem.strerror or problem}") from None

    def save(self, invitations: Iterable[Invitation]) -> None:
        """Make these the invitations, durably. Raises `OSError`, and then nothing has changed."""
        self.file.write([_File(invitations=list(invitations)).model_dump_json(indent=2).encode() + b"\n"])


def _parse(data: bytes) -> list[Invitation]:
    try:
        return _File.model_validate_json(data).invitations
    except ValidationError as problem:
        raise Unreadable(str(problem.errors(include_url=False, include_input=False)[0]["msg"])) from None
