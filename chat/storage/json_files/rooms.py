"""`rooms.json`: the directory of rooms, and the folder `rooms` with the history of each but the lobby."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from pydantic import BaseModel, ConfigDict

from chat.domain.errors import RoomsUnwritable
from chat.domain.messages.history import History
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY, MAX_DIRECT, RoomInfo, RoomKind
from chat.domain.rooms.events import DirectoryEvent, MemberRemoved, RoomDeleted, RoomLinkCreated, RoomLinkRevoked
from chat.storage.json_files.disk.disk import read_file, sync_folder
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Unreadable, in_utc, parse_file
from chat.storage.status import StoreStatus, join_names

VERSION = 3  # version 1 had no links, version 2 nobody who was invited
HEAD = 200  # bytes, in which the number of the last event is
TAIL = 32_768  # bytes, in which the time of the last message is

_ID = re.compile(r"[a-z0-9]{1,40}")
_SLUG = re.compile(r"[\w-]{0,60}")
_LAST = re.compile(rb'"last": ?(\d+)')
_TIME = re.compile(rb'"at": ?"([^"\\]+)"')  # within a text, quotation marks have a backslash
_LINE = re.compile(rb'\n\{"n":(\d+)')


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    rooms: list[RoomInfo]


def directory_store(path: Path) -> SnapshotStore[RoomDirectory]:
    """Return the store of the directory. Backups don't bring back members who left, rooms that ended, and links."""
    return SnapshotStore(path, DIRECTORY)


def _erases(event: DirectoryEvent) -> bool:
    return isinstance(event, MemberRemoved | RoomDeleted | RoomLinkCreated | RoomLinkRevoked)


def _dump(directory: RoomDirectory, _events: Sequence[Any]) -> bytes:
    return _File(rooms=list(directory)).model_dump_json(indent=2).encode() + b"\n"


def _parse(data: bytes) -> RoomDirectory:
    rooms = parse_file(data, _File, VERSION).rooms
    for field, values in (("id", [room.id for room in rooms]), ("slug", [room.slug for room in rooms if room.slug])):
        if len(set(values)) < len(values):
            raise Unreadable(f"two rooms have the same {field}")
    for room in rooms:
        if not _ID.fullmatch(room.id):
            raise Unreadable(f"{room.id[:40]!r} is not the id of a room")
        for slug in (room.slug, *room.former_slugs):
            if not _SLUG.fullmatch(slug):
                raise Unreadable(f"{slug[:40]!r} is not the slug of a room")
        if problem := _problem(room):
            raise Unreadable(f"room {room.id}: {problem}")
    return RoomDirectory(map(_with_times_in_utc, rooms))


def _problem(room: RoomInfo) -> str:
    """Return what makes a room impossible; a person may have edited it."""
    if room.id == LOBBY and (room.kind is not RoomKind.PUBLIC or room.is_archived):
        return "everyone is in the lobby"
    if room.kind is RoomKind.DIRECT:
        return "" if 2 <= len(room.members) <= MAX_DIRECT and room.openers <= room.members else "these are no members"
    return "" if room.slug and room.name else "it has no name or slug"


def _with_times_in_utc(room: RoomInfo) -> RoomInfo:
    link = room.link and replace(room.link, until=in_utc(room.link.until))
    invited = {member_id: in_utc(at) for member_id, at in room.invited.items()}
    return replace(room, created=room.created and in_utc(room.created), link=link, invited=invited)


class JsonRoomStores:
    """`rooms/ID.json` for each room, in the format of `chat_log.json`."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._opened: WeakValueDictionary[str, JsonMessageStore] = WeakValueDictionary()
        self._statuses: dict[str, StoreStatus] = {}

    def open(self, room_id: str) -> JsonMessageStore:
        """Return the store of a room's messages, to be loaded by a thread: it is new, or its disk may be slow."""
        with suppress(OSError):  # reading or writing will say why
            self._folder.mkdir(mode=0o700, exist_ok=True)
        self._statuses = {key: found for key, found in self._statuses.items() if key in self._opened or found.problems}
        status = self._statuses.setdefault(room_id, StoreStatus())
        store = JsonMessageStore(self._path(room_id), self._limit, at_start=False, status=status)
        self._opened[room_id] = store
        return store

    async def check(self) -> StoreStatus:
        """Return the state of all stores as that of one. Those that couldn't be written are tried again."""
        for store in list(self._opened.values()):
            if not store.status.writable:
                await store.check()
        found = list(self._statuses.values())
        return StoreStatus(
            writable=all(store.status.writable for store in self._opened.values()),
            last_write=max((status.last_write for status in found if status.last_write), default=None),
            quarantined=join_names(status.quarantined for status in found),
            restored_from=join_names(status.restored_from for status in found),
            changed=join_names(status.changed for status in found),
            unreadable=join_names(status.unreadable for status in found),
        )

    def read(self, room_id: str) -> History:
        """Return what is stored of a room, and change nothing. Raises `OSError`, `StartupError`."""
        return JsonMessageStore(self._path(room_id), self._limit, at_start=False).read()

    def written_at(self) -> dict[str, datetime]:
        """Return when the files of each room were last written, by its id."""
        times: dict[str, float] = {}
        for file in os.scandir(self._folder) if self._folder.exists() else ():
            room_id, kind, _ = file.name.partition(".json")
            if kind and file.name.endswith((".json", ".journal")):
                with suppress(FileNotFoundError):  # the room ended meanwhile
                    times[room_id] = max(times.get(room_id, 0), file.stat().st_mtime)
        return {room_id: datetime.fromtimestamp(time, UTC) for room_id, time in times.items()}

    def delete(self, room_ids: Collection[str]) -> None:
        """Remove the files of rooms, and all of their backups. Raises `OSError`."""
        if not self._folder.exists():
            return
        for path in self._folder.glob("*.json*"):
            if path.name.partition(".json")[0] in room_ids:
                path.unlink(missing_ok=True)
        sync_folder(self._folder)

    def last_numbers(self) -> Iterator[tuple[str, int]]:
        """Yield the ids of all rooms with the numbers of their last events, from the heads of their files."""
        for room_id in {path.name.partition(".")[0] for path in self._folder.glob("*.json*")}:
            path = self._folder / f"{room_id}.json"
            with suppress(OSError):  # a room that can't be read is refused when it is opened
                yield room_id, max(_last_in_file(path), _last_in_journal(path))

    def last_at(self, room_id: str) -> datetime | None:
        """Return when the last message of a room was written or edited, from the ends of its files."""
        path = self._path(room_id)
        times = [at for file in (path, _journal(path)) if (at := _last_time(file))]
        return max(times, default=None)

    def _path(self, room_id: str) -> Path:
        if not _ID.fullmatch(room_id):
            raise ValueError(f"{room_id[:40]!r} is not the id of a room")
        return self._folder / f"{room_id}.json"


def _last_in_file(path: Path) -> int:
    if not path.exists():
        return 0  # until the journal of a new room is compacted
    found = _LAST.search(read_file(path, HEAD))
    return int(found[1]) if found else 0


def _last_time(path: Path) -> datetime | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        found = _TIME.findall(file.read())
    for text in reversed(found):
        with suppress(ValueError, Unreadable):  # someone whose name is "at" was mentioned
            return in_utc(datetime.fromisoformat(text.decode()))
    return None


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def _last_in_journal(path: Path) -> int:
    journal = _journal(path)
    numbers = _LINE.findall(b"\n" + read_file(journal)) if journal.exists() else []
    return max(map(int, numbers), default=0)


DIRECTORY = FileFormat(RoomDirectory, _parse, _dump, RoomsUnwritable, _erases)
