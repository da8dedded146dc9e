"""`moderation.json`: the moderation in force. New reports, which anyone can make, go to the journal beside it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.moderation.events import MessageReported, ReportResolved, StoredModerationEvent
from chat.domain.moderation.reports import Report
from chat.domain.moderation.restrictions import Restrictions
from chat.domain.moderation.sanctions import Sanction, Sanctions
from chat.domain.moderation.slow_mode import MAX_SLOW_MODE
from chat.domain.moderation.state import Moderation
from chat.domain.users import UserRef
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.journaled_store import JournaledStore, JournalFormat
from chat.storage.json_files.moderation_migration import upgrade_moderation
from chat.storage.json_files.validation import Unreadable, first_problem, in_utc, parse_file, parse_versioned

VERSION = 7

_REPORTED = TypeAdapter(MessageReported)


class _Room(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slow_mode_seconds: Annotated[int, Field(ge=0, le=MAX_SLOW_MODE)] = 0
    slow_mode_by: UserRef | None = None
    locked: bool = False
    locked_by: UserRef | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    last: Annotated[int, Field(strict=True, ge=0)] = 0
    mutes: list[Sanction] = []
    kicks: list[Sanction] = []
    bans: list[Sanction] = []
    rooms: dict[str, _Room] = {}
    blocked_words: list[str] = []
    reports: list[Report] = []


class _Line(BaseModel):
    n: Annotated[int, Field(strict=True, ge=1)]


def moderation_store(path: Path) -> JournaledStore[Moderation]:
    """Return the store of the moderation in force. The text of a resolved report isn't kept, nor in backups."""
    lines = JournalFormat(_is_report, dump_report, parse_report)
    return JournaledStore(path, MODERATION, lines)


def _is_report(event: StoredModerationEvent) -> bool:
    return isinstance(event, MessageReported)


def _erases(event: StoredModerationEvent) -> bool:
    return isinstance(event, ReportResolved)


def dump_report(number: int, event: MessageReported) -> bytes:
    """Return a line for the journal."""
    content = _REPORTED.dump_json(event, exclude_defaults=True)
    return b'{"n":%d,"version":%d,"kind":"MessageReported",%s\n' % (number, VERSION, content[1:])


def parse_report(line: bytes) -> tuple[int, MessageReported]:
    """Return the number of a line and its event. Raises `Unreadable`, or `StartupError` for an unknown kind."""
    _, content = parse_versioned(line, VERSION)
    if (kind := content.get("kind")) != MessageReported.__name__:
        raise StartupError(f"{str(kind)[:40]!r} is a kind of event that this program does not know")
    try:
        number, event = _Line.model_validate_json(line).n, _REPORTED.validate_json(line)
    except ValidationError as problem:
        raise Unreadable(first_problem(problem)) from None
    return number, replace(event, at=in_utc(event.at))


def _dump(moderation: Moderation, events: Sequence[StoredModerationEvent]) -> bytes:
    """Dump everything in force at the time of the last event; without an event, also expired sanctions."""
    return (
        _File(
            last=moderation.last,
            mutes=_kept(moderation.mutes, events),
            kicks=_kept(moderation.kicks, events),
            bans=_kept(moderation.bans, events),
            rooms={room_id: _room(found) for room_id, found in moderation.restricted_rooms()},
            blocked_words=sorted(moderation.blocked_words),
            reports=list(moderation.reports),
        )
        .model_dump_json(indent=2)
        .encode()
        + b"\n"
    )


def _room(restrictions: Restrictions) -> _Room:
    return _Room(
        slow_mode_seconds=restrictions.slow_mode.seconds,
        slow_mode_by=restrictions.slow_mode.actor,
        locked=restrictions.locked,
        locked_by=restrictions.locked_by,
    )


def _kept(sanctions: Sanctions, events: Sequence[StoredModerationEvent]) -> list[Sanction]:
    return sanctions.in_force(events[-1].at) if events else list(sanctions)


def _parse(data: bytes) -> Moderation:
    found = parse_file(data, _File, VERSION, upgrade_moderation, default=1)
    moderation = Moderation()
    moderation.last = found.last
    for sanctions, rows in (
        (moderation.mutes, found.mutes),
        (moderation.kicks, found.kicks),
        (moderation.bans, found.bans),
    ):
        for row in rows:
            if sanctions.get(row.target.id):
                raise Unreadable("a member is sanctioned twice")
            sanctions.put(replace(row, at=in_utc(row.at), until=row.until and in_utc(row.until)))
    for room_id, room in found.rooms.items():
        restrictions = moderation.restrictions(room_id)
        restrictions.slow_mode.seconds, restrictions.slow_mode.actor = room.slow_mode_seconds, room.slow_mode_by
        restrictions.locked, restrictions.locked_by = room.locked, room.locked_by
    moderation.blocked_words = frozenset(found.blocked_words)
    for report in found.reports:
        resolved_at = report.resolved_at and in_utc(report.resolved_at)
        reporters = tuple(replace(by, at=in_utc(by.at)) for by in report.reporters)
        moderation.reports.add(replace(report, reporters=reporters, resolved_at=resolved_at))
    return moderation


MODERATION = FileFormat(Moderation, _parse, _dump, HistoryUnwritable, _erases)
