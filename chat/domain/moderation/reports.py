"""Reports of messages to the moderators."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.users import UserRef

MAX_OPEN = 200
MAX_OPEN_IN_ALL = 1000  # each address may have a few, even when others have filled the list
FEW = 5  # open reports of an address
SOME = 20  # open reports of an address; any more come after those of others
MAX_RESOLVED = 200
MAX_REPORTERS = 10  # of one message
OPEN_PER_PERSON = 20, timedelta(hours=1)
OPEN_PER_ADDRESS = 60, timedelta(days=1)  # a whole class may share an address

ReportKey = tuple[str, str]
"""The ids of a room and of a message in it: clients choose message ids, and can use one in several rooms."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """A member who reported a message, with time and reason. `identifiers` are dropped when the report is resolved."""

    user: UserRef
    at: datetime
    reason: str = ""
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a message by `author`, however many people made it.

    `text` is the message's text when it was first reported, kept even if it is edited or deleted, and dropped when the
    report is resolved.
    """

    room_id: str
    message_id: str
    author: UserRef
    reporters: tuple[Reporter, ...]
    text: str = ""
    resolved_by: UserRef | None = None
    resolved_at: datetime | None = None

    @property
    def key(self) -> ReportKey:
        return self.room_id, self.message_id

    @property
    def at(self) -> datetime:
        """The time when the message was first reported."""
        return self.reporters[0].at

    @property
    def is_open(self) -> bool:
        return self.resolved_by is None

    def is_by(self, member_id: str, known: Set[str] = frozenset()) -> bool:
        """Whether a person is among the reporters, also under another name in the same browser."""
        personal = personal_identifiers(known)
        return any(by.user.id == member_id or by.identifiers & personal for by in self.reporters)


class Reports:
    """One report for each message, oldest first: all open ones, and the last resolved ones."""

    def __init__(self) -> None:
        self._reports: dict[ReportKey, Report] = {}

    def __iter__(self) -> Iterator[Report]:
        return iter(self._reports.values())

    @property
    def open(self) -> list[Report]:
        return [report for report in self if report.is_open]

    def in_turn(self) -> list[Report]:
        """Return the open reports, oldest first; those beyond the share of an address come last."""
        counts = Counter[str]()
        some, more = list[Report](), list[Report]()
        for report in self.open:
            source = min(_source(report.reporters[0].identifiers), default="")
            counts[source] += 1
            (some if counts[source] <= SOME else more).append(report)
        return some + more

    def get(self, room_id: str, message_id: str) -> Report | None:
        return self._reports.get((room_id, message_id))

    def open_for(self, room_id: object, message_id: object) -> Report | None:
        """Return the open report of this message."""
        is_key = isinstance(room_id, str) and isinstance(message_id, str)
        report = self.get(str(room_id), str(message_id)) if is_key else None
        return report if report and report.is_open else None

    def is_full(self, known: Set[str]) -> bool:
        """Tell whether there are too many open reports for a client with these identifiers to add one."""
        if len(self.open) < MAX_OPEN:
            return False
        return len(self.open) >= MAX_OPEN_IN_ALL or len(self._times(_source(known))) >= FEW

    def seconds_left(self, known: Set[str], now: datetime) -> int:
        """Return the seconds until the person with these identifiers may report another message, rounded up."""
        waits = [
            self._wait(OPEN_PER_PERSON, personal_identifiers(known), now),
            self._wait(OPEN_PER_ADDRESS, shared_identifiers(known), now),
        ]
        return max(0, -int(-max(waits).total_seconds() // 1))

    def add(self, report: Report) -> None:
        self._reports[report.key] = report
        if not report.is_open:
            resolved = [key for key, report in self._reports.items() if not report.is_open]
            for key in resolved[:-MAX_RESOLVED]:
                del self._reports[key]

    def apply(self, event: MessageReported | ReportResolved) -> bool:
        """Apply an event. Return whether it changed anything."""
        report = self.get(event.room_id, event.message_id)
        if isinstance(event, ReportResolved):
            return report is not None and self._resolve(report, event)
        if report and report.is_by(event.actor.id):
            return False
        reporter = Reporter(event.actor, event.at, event.reason, event.identifiers)
        if report and report.is_open:
            self.add(replace(report, reporters=(*report.reporters, reporter)))
        else:
            self._reports.pop((event.room_id, event.message_id), None)  # reported again: the newest
            before = report.reporters if report else ()
            self.add(Report(event.room_id, event.message_id, event.target, (*before, reporter), event.text))
        return True

    def copy(self) -> "Reports":
        other = Reports()
        other._reports = self._reports.copy()
        return other

    def _wait(self, limit: tuple[int, timedelta], known: Set[str], now: datetime) -> timedelta:
        count, period = limit
        times = self._times(known)
        return times[-count] + period - now if len(times) >= count else timedelta()

    def _times(self, known: Set[str]) -> list[datetime]:
        """Return when clients with any of these identifiers made open reports, oldest first."""
        return sorted(by.at for report in self.open for by in report.reporters if by.identifiers & known)

    def _resolve(self, report: Report, event: ReportResolved) -> bool:
        if not report.is_open:
            return False
        reporters = tuple(replace(by, identifiers=frozenset()) for by in report.reporters)
        del self._reports[report.key]
        self.add(replace(report, reporters=reporters, text="", resolved_by=event.actor, resolved_at=event.at))
        return True


def _source(known: Set[str]) -> frozenset[str]:
    """Return the addresses of a client or, if unknown, its other identifiers."""
    return shared_identifiers(known) or personal_identifiers(known)
