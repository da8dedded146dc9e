"""`invitations.json`: all invitations."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from chat.domain.accounts.events import InvitationCreated, InvitationEvent
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import AccountsUnwritable
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Row, Unreadable, in_utc, parse_file

VERSION = 2


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    invitations: list[Invitation]


def invitation_store(path: Path) -> SnapshotStore[Invitations]:
    """Return the store of invitations. Backups keep none that was used or revoked: it must not come back."""
    return SnapshotStore(path, INVITATIONS)


def _erases(event: InvitationEvent) -> bool:
    return not isinstance(event, InvitationCreated)


def _dump(invitations: Invitations, _events: Sequence[Any]) -> bytes:
    return _File(invitations=list(invitations)).model_dump_json(indent=2).encode() + b"\n"


def _parse(data: bytes) -> Invitations:
    found = parse_file(data, _File, VERSION, _upgrade, default=1).invitations
    if len({invitation.id for invitation in found}) < len(found):
        raise Unreadable("two invitations have the same id")
    return Invitations(replace(row, created=in_utc(row.created), until=in_utc(row.until)) for row in found)


def _upgrade(content: Row) -> Row:
    """In version 1, whose number could be left out, the creator was two fields: `by` (the id) and `name`."""
    rows = [dict(row) for row in content["invitations"]]
    for row in rows:
        row["created_by"] = {"id": row.pop("by"), "name": row.pop("name")}
    return {**content, "invitations": rows}


INVITATIONS = FileFormat(Invitations, _parse, _dump, AccountsUnwritable, _erases)
