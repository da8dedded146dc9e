"""What moderators have put in force, on disk: `moderation.json`, with the audit log beside it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from chat.domain.audit import Entry
from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.moderation.events import ModerationEvent
from chat.domain.moderation.reports import Report
from chat.domain.moderation.sanctions import Sanction
from chat.domain.moderation.state import Moderation
from chat.storage.json_files.atomic_file import AtomicFile, Unreadable
from chat.storage.json_files.audit_log import AuditLog

VERSION = 1

log = structlog.get_logger()


class Kept(BaseModel):
    """The content of `moderation.json`."""

    model_config = ConfigDict(extra="forbid")

    version: int = VERSION
    mutes: list[Sanction] = []
    kicks: list[Sanction] = []
    bans: list[Sanction] = []
    slow: int = 0
    locked: bool = False
    words: list[str] = []
    reports: list[Report] = []


class ModerationStore(Protocol):
    """Keeps what moderation puts in force, and who did what. `load` once."""

    def load(self) -> Moderation:
        """What was in force. Raises `StartupError`."""

    async def keep(self, before: Moderation, act: ModerationEvent, entry: Entry) -> None:
        """Make an act durable that comes after `before`. Raises `HistoryUnwritable`, and then it is not."""

    async def note(self, entry: Entry) -> None:
        """Make a line of the audit log durable. Raises `HistoryUnwritable`."""

    async def audit(self) -> bytes:
        """The audit log, to download."""

    async def latest(self, count: int) -> list[Entry]:
        """The last entries of the audit log, newest first."""


class JsonModerationStore:
    """Both files in one folder; one writer."""

    def __init__(self, folder: Path) -> None:
        self._file = AtomicFile(folder / "moderation.json", mode=0o600)
        self._audit = AuditLog(folder / "audit.jsonl")
        self._free = asyncio.Lock()

    def load(self) -> Moderation:
        """What was in force at the last write. Raises `StartupError` where it can't be read or is too new."""
        try:
            return _restored(self._file.read(_parse) or Kept())
        except (OSError, StartupError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise StartupError(f"{self._file.path} can't be used: {reason}") from None

    async def keep(self, before: Moderation, act: ModerationEvent, entry: Entry) -> None:
        """Write what is in force after `act`, and then the line that tells of it."""
        after = before.copy()
        after.apply(act)
        async with self._free:
            await self._try(_dump(after, act.at))
            try:
                await self._try(entry)
            except HistoryUnwritable:
                await self._try(_dump(before, act.at))  # no act without a line
                raise

    async def note(self, entry: Entry) -> None:
        """Write a line."""
        async with self._free:
            await self._try(entry)

    async def audit(self) -> bytes:
        """The whole file."""
        return await asyncio.to_thread(self._audit.content)

    async def latest(self, count: int) -> list[Entry]:
        """The last entries, newest first."""
        return await asyncio.to_thread(self._audit.latest, count)

    async def _try(self, what: Kept | Entry) -> None:
        try:
            if isinstance(what, Entry):
                await asyncio.to_thread(self._audit.append, what)
            else:
                await asyncio.to_thread(self._file.write, [what.model_dump_json(indent=2).encode() + b"\n"])
        except OSError as problem:
            log.error("moderation can't be written", file=str(self._file.path), problem=str(problem))
            raise HistoryUnwritable from None


class MemoryModerationStore:
    """Records that end with the process: for a chat without a folder."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def load(self) -> Moderation:
        """Nothing is in force."""
        return Moderation()

    async def keep(self, before: Moderation, act: ModerationEvent, entry: Entry) -> None:
        """Note the line."""
        self.entries.append(entry)

    async def note(self, entry: Entry) -> None:
        """Note the line."""
        self.entries.append(entry)

    async def audit(self) -> bytes:
        """There is no file."""
        return b""

    async def latest(self, count: int) -> list[Entry]:
        """The last entries, newest first."""
        return self.entries[::-1][:count]


def _parse(data: bytes) -> Kept:
    try:
        kept = Kept.model_validate_json(data)
    except ValidationError as problem:
        raise Unreadable(str(problem.errors(include_url=False, include_input=False)[0]["msg"])) from None
    if kept.version > VERSION:
        raise StartupError(f"version {kept.version} is newer than this program, which knows up to {VERSION}")
    return kept


def _dump(state: Moderation, now: datetime) -> Kept:
    """What is still in force: what is over is let go of."""
    mutes, kicks, bans = (kind.in_force(now) for kind in (state.mutes, state.kicks, state.bans))
    words, reports = sorted(state.words), list(state.reports)
    return Kept(
        mutes=mutes,
        kicks=kicks,
        bans=bans,
        slow=state.slow_mode.seconds,
        locked=state.locked,
        words=words,
        reports=reports,
    )


def _restored(kept: Kept) -> Moderation:
    state = Moderation()
    for sanctions, found in ((state.mutes, kept.mutes), (state.kicks, kept.kicks), (state.bans, kept.bans)):
        for sanction in found:
            sanctions.put(_in_utc(sanction))
    state.slow_mode.seconds, state.locked, state.words = kept.slow, kept.locked, frozenset(kept.words)
    for report in kept.reports:
        state.reports.add(report)
    return state


def _in_utc(sanction: Sanction) -> Sanction:
    """A person may have written the times by hand, without a zone."""
    return replace(sanction, at=_utc(sanction.at), until=sanction.until and _utc(sanction.until))


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
