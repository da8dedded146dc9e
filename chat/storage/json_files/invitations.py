"""`invitations.json`: all invitations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import AccountsUnwritable
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Unreadable, first_problem, parse_versioned

VERSION = 2


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    invitations: list[Invitation]


def invitation_store(path: Path) -> SnapshotStore[Invitations]:
    """Return the store of invitations. It keeps no backups: a revoked invitation must not come back."""
    return SnapshotStore(path, Invitations, _parse, _dump, problem=AccountsUnwritable, keeps_backups=False)


def _dump(invitations: Invitations, _events: Sequence[Any]) -> bytes:
    return _File(invitations=list(invitations)).model_dump_json(indent=2).encode() + b"\n"


def _parse(data: bytes) -> Invitations:
    version, content = parse_versioned(data, VERSION, default=1)  # version 1 could do without
    try:
        if version == 1:
            content = _from_version_1(content)
        return Invitations(_File.model_validate_json(orjson.dumps(content)).invitations)
    except (ValidationError, TypeError, AttributeError, KeyError) as problem:
        text = first_problem(problem) if isinstance(problem, ValidationError) else "a row is no invitation"
        raise Unreadable(text) from None


def _from_version_1(content: dict[str, Any]) -> dict[str, Any]:
    """Until version 1 the creator was two fields, `by` (the id) and `name`."""
    rows = [dict(row) for row in content["invitations"]]
    for row in rows:
        row["created_by"] = {"id": row.pop("by"), "name": row.pop("name")}
    return {**content, "version": VERSION, "invitations": rows}
