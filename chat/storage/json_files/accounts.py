"""`accounts.json`: all accounts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountCreated, AccountEvent, AvatarChanged, MemberRenamed
from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.errors import AccountsUnwritable, ChatError
from chat.domain.users import Role
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Unreadable, in_utc, parse_file
from chat.text.nicknames import parse_nickname

VERSION = 3
MAX_GENERATION = 2**53  # sessions keep it as JSON


class _Reset(BaseModel):
    model_config = ConfigDict(extra="forbid")

    digest: Annotated[str, Field(min_length=1)]
    until: AwareDatetime


class _Account(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    name: str
    password: str
    created: AwareDatetime
    generation: Annotated[int, Field(strict=True, ge=0, le=MAX_GENERATION)]
    role: Role = Role.MEMBER
    reset: _Reset | None = None
    picture: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    accounts: list[_Account]
    deleted: list[str] = []


def account_store(path: Path) -> SnapshotStore[Directory]:
    """Return the store of accounts. Former passwords and roles aren't kept in backups."""
    return SnapshotStore(path, ACCOUNTS)


def _erases(event: AccountEvent) -> bool:
    return not isinstance(event, AccountCreated | MemberRenamed | AvatarChanged)


def _dump(directory: Directory, _events: Sequence[Any]) -> bytes:
    file = _File(version=VERSION, accounts=[*map(_row, directory)], deleted=[*directory.deleted])
    return file.model_dump_json(indent=2, exclude_none=True).encode() + b"\n"


def _row(account: Account) -> _Account:
    return _Account(
        id=account.id,
        name=account.name,
        password=account.password,
        created=account.created,
        generation=account.generation,
        role=account.role,
        reset=_Reset(digest=account.reset.digest, until=account.reset.until) if account.reset else None,
        picture=account.picture or None,
    )


def _parse(data: bytes) -> Directory:
    file = parse_file(data, _File, VERSION)
    accounts = [_account(row) for row in file.accounts]
    for field, values in (("id", [a.id for a in accounts]), ("name", [a.key for a in accounts])):
        if len(set(values)) < len(values):
            raise Unreadable(f"two accounts have the same {field}")
    return Directory(accounts, file.deleted)


def _account(row: _Account) -> Account:
    try:
        name = parse_nickname(row.name, keep_sign=True)
    except ChatError:
        raise Unreadable("a name is invalid") from None
    reset = PasswordReset(row.reset.digest, in_utc(row.reset.until)) if row.reset else None
    created, picture = in_utc(row.created), row.picture or ""
    return Account(row.id, name, row.password, created, row.generation, row.role, reset, picture)


ACCOUNTS = FileFormat(Directory, _parse, _dump, AccountsUnwritable, _erases)
