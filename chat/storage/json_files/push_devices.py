"""`push_devices.json`: the browsers that messages are pushed to."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDevice, PushDevices, PushDeviceSaved, PushEvent
from chat.domain.errors import AccountsUnwritable
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Unreadable, in_utc, parse_file

VERSION = 1
FIELDS = [field.name for field in fields(PushDevice)]


class _Device(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    member_id: Annotated[str, Field(min_length=1)]
    endpoint: Annotated[str, Field(pattern=r"^https://")]
    p256dh: str
    auth: str
    key: str
    site: str
    language: str
    timezone: str
    is_phone: bool
    at: AwareDatetime
    preferences: dict[str, Any] = {}
    generation: int | None = None
    sso_at: float | None = None
    session_id: str = ""
    admission: str = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    devices: list[_Device]


def push_device_store(path: Path) -> SnapshotStore[PushDevices]:
    """Return the store of push devices. Backups keep none that was removed."""
    return SnapshotStore(path, PUSH_DEVICES)


def _erases(event: PushEvent) -> bool:
    return not isinstance(event, PushDeviceSaved)


def _dump(devices: PushDevices, _events: Sequence[Any]) -> bytes:
    file = _File(version=VERSION, devices=[*map(_row, devices)])
    return file.model_dump_json(indent=2, exclude_defaults=True).encode() + b"\n"


def _row(device: PushDevice) -> _Device:
    return _Device(**{name: getattr(device, name) for name in FIELDS} | {"preferences": device.preferences.to_dict()})


def _parse(data: bytes) -> PushDevices:
    devices = [_device(row) for row in parse_file(data, _File, VERSION).devices]
    if len({device.id for device in devices}) < len(devices):
        raise Unreadable("two devices have the same id")
    return PushDevices(devices)


def _device(row: _Device) -> PushDevice:
    values = {name: getattr(row, name) for name in FIELDS}
    return PushDevice(**{**values, "at": in_utc(row.at), "preferences": Preferences.from_dict(row.preferences)})


PUSH_DEVICES = FileFormat(PushDevices, _parse, _dump, AccountsUnwritable, _erases)
