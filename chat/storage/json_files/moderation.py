"""`moderation.json`: the moderation in force."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chat.domain.errors import HistoryUnwritable
from chat.domain.moderation.events import ModerationEvent
from chat.domain.moderation.reports import Report
from chat.domain.moderation.restrictions import Restrictions
from chat.domain.moderation.sanctions import Sanction, Sanctions
from chat.domain.moderation.slow_mode import MAX_SLOW_MODE
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.room_info import LOBBY
from chat.domain.users import UserRef
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Row, Unreadable, in_utc, parse_file

VERSION = 6


class _Room(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slow_mode_seconds: Annotated[int, Field(ge=0, le=MAX_SLOW_MODE)] = 0
    slow_mode_by: UserRef | None = None
    locked: bool = False
    locked_by: UserRef | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    mutes: list[Sanction] = []
    kicks: list[Sanction] = []
    bans: list[Sanction] = []
    rooms: dict[str, _Room] = {}
    blocked_words: list[str] = []
    reports: list[Report] = []


def moderation_store(path: Path) -> SnapshotStore[Moderation]:
    """Return the store of the moderation in force."""
    return SnapshotStore(path, Moderation, _parse, _dump, problem=HistoryUnwritable)


def _dump(moderation: Moderation, events: Sequence[ModerationEvent]) -> bytes:
    """Dump everything in force at the time of the last event; without an event, also expired sanctions."""
    return (
        _File(
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


def _kept(sanctions: Sanctions, events: Sequence[ModerationEvent]) -> list[Sanction]:
    return sanctions.in_force(events[-1].at) if events else list(sanctions)


def _parse(data: bytes) -> Moderation:
    found = parse_file(data, _File, VERSION, _upgrade, default=1)
    moderation = Moderation()
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


_SANCTION = {"whom": "target", "by": "actor", "marks": "identifiers", "why": "reason"}
_REPORT = {
    "message": "message_id",
    "by": "actor",
    "why": "reason",
    "settled": "resolved_by",
    "settled_at": "resolved_at",
}


def _upgrade(content: Row) -> Row:
    """Rename the fields of version 1, whose number could be left out.

    Until version 3 there was only the lobby; until version 4, each reporter had a report of their own; until version 5,
    reports named no room.
    """
    if content.get("version") == 5:
        return {**content, "reports": [{"room_id": LOBBY, **row} for row in content.get("reports", [])]}
    content = _renamed(content, {"slow": "slow_mode_seconds", "words": "blocked_words"})
    for kind in ("mutes", "kicks", "bans"):
        content[kind] = [_renamed(row, _SANCTION) for row in content.get(kind, [])]
    content["reports"] = _joined([{"room_id": LOBBY, **_renamed(row, _REPORT)} for row in content.get("reports", [])])
    lobby = {name: content.pop(name) for name in _Room.model_fields if name in content}
    return {"rooms": {LOBBY: lobby} if lobby else {}, **content}


def _joined(rows: list[Row]) -> list[Row]:
    """Return one report for each message; it is open if one of its reports was."""
    reports: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: not row.get("resolved_by")):  # resolved ones first: the last row decides
        reporter = {"user": row.pop("actor"), "at": row.pop("at"), "reason": row.pop("reason", "")}
        before = reports.pop(row["message_id"], {})
        text = before.get("text") or row.get("text", "")
        reports[row["message_id"]] = {**row, "text": text, "reporters": [*before.get("reporters", []), reporter]}
    return list(reports.values())


def _renamed(row: Row, names: dict[str, str]) -> Row:
    return {names.get(name, name): value for name, value in row.items()}
