"""The moderators' desk: what they do from a menu or the admin page, with people known by id.

All that comes from a page may be anything: what is no person, time or number is refused as a `ChatError`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from chat.domain.audit import Entry
from chat.domain.commands.arguments import parse_duration
from chat.domain.errors import CommandRefused
from chat.domain.events import Event
from chat.domain.moderation.events import UserRef
from chat.domain.permissions import Permission, require
from chat.domain.rooms import moderation_actions
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role
from chat.state.event_pipeline import EventPipeline
from chat.storage.json_files.moderation import ModerationStore


class ModerationService:
    """Each method decides by the table of roles, and returns when it is durable and told; raises a `ChatError`.

    `by` is the id of who does it. Times are written as in commands: `10m`, `2h`, `7d`.
    """

    def __init__(self, room: Room, ledger: EventPipeline, records: ModerationStore) -> None:
        self._room = room
        self._pipeline = ledger
        self._records = records

    async def mute(self, by: str, whom: object, time: object = "10m", why: object = "") -> None:
        """Let somebody only read, for a time."""
        event = moderation_actions.mute(self._room, self._by(by), self._whom(whom), _now(), length=_time(time), why=why)
        await self._commit(event, by)

    async def unmute(self, by: str, whom: object) -> None:
        """Let somebody speak again."""
        await self._commit(moderation_actions.unmute(self._room, self._by(by), self._whom(whom), _now()), by)

    async def kick(self, by: str, whom: object, why: object = "") -> None:
        """Send somebody out for a minute."""
        await self._commit(moderation_actions.kick(self._room, self._by(by), self._whom(whom), _now(), why=why), by)

    async def ban(self, by: str, whom: object, time: object = "", why: object = "") -> None:
        """Send somebody out for a time, for good where it is empty."""
        until = _time(time) if time != "" else None
        await self._commit(
            moderation_actions.ban(self._room, self._by(by), self._whom(whom), _now(), length=until, why=why),
            by,
        )

    async def unban(self, by: str, whom: object) -> None:
        """Let somebody come back."""
        await self._commit(moderation_actions.unban(self._room, self._by(by), whom, _now()), by)

    async def purge(self, by: str, whom: object, count: object = 10) -> None:
        """Delete the last messages of somebody."""
        event = moderation_actions.purge(self._room, self._by(by), self._whom(whom), _number(count), _now())
        await self._commit(event, by)

    async def set_slow_mode(self, by: str, seconds: object) -> None:
        """Let people wait between two messages; 0 ends that."""
        await self._commit(moderation_actions.set_slow_mode(self._room, self._by(by), _number(seconds), _now()), by)

    async def lock(self, by: str, on: bool) -> None:
        """Make the room one to read only, or to write again."""
        await self._commit(moderation_actions.lock(self._room, self._by(by), on is True, _now()), by)

    async def change_filter(self, by: str, added: Iterable[object] = (), removed: Iterable[object] = ()) -> None:
        """Refuse words from now on, and others not any more."""
        await self._commit(moderation_actions.change_filter(self._room, self._by(by), added, removed, _now()), by)

    async def change_role(self, by: str, whom: object, role: object) -> None:
        """Give somebody who is here, or has an account, another role."""
        member = self._by(by)
        try:
            wanted = Role(role) if isinstance(role, str) else None
        except ValueError:
            wanted = None
        if wanted is None:
            raise CommandRefused("role-unknown", name=str(role)[:20])
        await self._commit(moderation_actions.change_role(self._room, member, self._whom(whom).id, wanted, _now()), by)

    async def resolve(self, by: str, message_id: object, why: object = "") -> None:
        """The reports of a message have been seen to."""
        await self._commit(moderation_actions.resolve(self._room, self._by(by), message_id, _now(), why=why), by)

    async def audit(self, by: str) -> bytes:
        """The audit log to download, one JSON line an act."""
        require(self._by(by).role, Permission.SEE_AUDIT)
        return await self._records.audit()

    async def recent_audit_entries(self, by: str, count: int = 200) -> list[Entry]:
        """The last entries of the audit log, newest first."""
        require(self._by(by).role, Permission.SEE_AUDIT)
        return await self._records.latest(count)

    async def _commit(self, event: Event, by: str) -> None:
        await self._pipeline.submit(event, self._by(by))

    def _by(self, member_id: str) -> Member:
        return self._room.member(member_id)

    def _whom(self, member_id: object) -> UserRef:
        """Somebody who is here, or was, or has an account, or said something in the history."""
        name = self._room.name_of(member_id) if isinstance(member_id, str) else None
        if name is None or not isinstance(member_id, str):
            raise CommandRefused("nobody")
        return UserRef(member_id, name)


def _time(text: object) -> timedelta:
    time, rest = parse_duration(text) if isinstance(text, str) else (None, "")
    if time is None or rest:
        raise CommandRefused("duration-range", limit=moderation_actions.MAX_DURATION.days)
    return time


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise CommandRefused("number-wanted")
    return value


def _now() -> datetime:
    return datetime.now(UTC)
