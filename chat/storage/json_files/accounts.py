"""The accounts on disk: `accounts.json`, for its owner's eyes only."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from chat.domain.accounts.directory import Account
from chat.domain.errors import ChatError, StartupError
from chat.domain.users import Role
from chat.storage.json_files.atomic_file import AtomicFile, Unreadable
from chat.text.nicknames import parse_nickname

VERSION = 1


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    name: str
    password: str
    created: AwareDatetime
    generation: Annotated[int, Field(strict=True, ge=0)]
    role: Role = Role.MEMBER


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    accounts: list[_Kept]


class _Versioned(BaseModel):
    version: int


class AccountsFile:
    """A readable JSON file with all accounts, written whole, with backups; a broken one is set aside."""

    def __init__(self, path: Path) -> None:
        self.file = AtomicFile(path, mode=0o600)

    def load(self) -> list[Account]:
        """The accounts as they were kept, or as the newest good backup has them.

        Raises `StartupError` where the file can't be read or written, or is too new.
        """
        try:
            accounts = self.file.read(_parse)
            if self.file.restored_from:
                self.file.write([_dump(accounts or [])])
            else:
                self.file.probe([_dump(accounts or [])])
        except StartupError as problem:
            raise StartupError(f"{self.file.path}: {problem}") from None
        except OSError as problem:
            raise StartupError(f"{self.file.path} can't be used: {problem.strerror or problem}") from None
        return accounts or []

    def save(self, accounts: Iterable[Account], *, forget: bool) -> None:
        """Make these the accounts, durably. Raises `OSError`, and then nothing has changed.

        To `forget` is to leave no backups: a password or a right that was taken away must not come back from one.
        """
        self.file.write([_dump(accounts)], forget=forget)


def _dump(accounts: Iterable[Account]) -> bytes:
    kept = [
        _Kept(id=a.id, name=a.name, password=a.password, created=a.created, generation=a.generation, role=a.role)
        for a in accounts
    ]
    return _File(version=VERSION, accounts=kept).model_dump_json(indent=2).encode() + b"\n"


def _parse(data: bytes) -> list[Account]:
    try:
        version = _Versioned.model_validate_json(data).version
        if version > VERSION:
            raise StartupError(f"version {version} is newer than this program, which knows up to {VERSION}")
        accounts = [_account(kept) for kept in _File.model_validate_json(data).accounts]
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise Unreadable(f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()) from None
    for what, values in (("id", [a.id for a in accounts]), ("name", [a.key for a in accounts])):
        if len(set(values)) < len(values):
            raise Unreadable(f"two accounts have the same {what}")
    return accounts


def _account(kept: _Kept) -> Account:
    try:
        name = parse_nickname(kept.name)
    except ChatError:
        raise Unreadable("a name is none") from None
    return Account(kept.id, name, kept.password, _in_utc(kept.created), kept.generation, kept.role)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
