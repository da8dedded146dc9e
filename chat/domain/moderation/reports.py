"""Reports of messages to the moderators."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.users import UserRef

MAX_REPORTS = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """A member's report of a message by `author`.

    `text` is the message's text at that time, kept even if it is edited or deleted, and dropped when the report is
    resolved.
    """

    message_id: str
    author: UserRef
    actor: UserRef
    at: datetime
    reason: str = ""
    text: str = ""
    resolved_by: UserRef | None = None
    resolved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.resolved_by is None


class Reports:
    """The last thousand reports, oldest first; one for each message and member."""

    def __init__(self) -> None:
        self._reports: dict[tuple[str, str], Report] = {}

    def __iter__(self) -> Iterator[Report]:
        return iter(self._reports.values())

    @property
    def open(self) -> list[Report]:
        return [report for report in self if report.is_open]

    def open_for(self, message_id: object) -> Report | None:
        """Return an open report of this message."""
        return next((report for report in self.open if report.message_id == message_id), None)

    def has_reported(self, member_id: str, message_id: str) -> bool:
        return (message_id, member_id) in self._reports

    def add(self, report: Report) -> bool:
        """Add a report. Return whether it is new."""
        key = (report.message_id, report.actor.id)
        if key in self._reports:
            return False
        self._reports[key] = report
        if len(self._reports) > MAX_REPORTS:
            # Resolved reports go first, so that many of them can't push an open one out.
            resolved = (key for key, report in self._reports.items() if not report.is_open)
            del self._reports[next(resolved, next(iter(self._reports)))]
        return True

    def apply(self, event: MessageReported | ReportResolved) -> bool:
        """Apply an event. Return whether it changed anything."""
        if isinstance(event, MessageReported):
            return self.add(Report(event.message_id, event.target, event.actor, event.at, event.reason, event.text))
        return self._resolve(event)

    def copy(self) -> "Reports":
        other = Reports()
        other._reports = self._reports.copy()
        return other

    def _resolve(self, event: ReportResolved) -> bool:
        still_open = [key for key, report in self._reports.items() if report.is_open and key[0] == event.message_id]
        for key in still_open:
            self._reports[key] = replace(self._reports[key], text="", resolved_by=event.actor, resolved_at=event.at)
        return bool(still_open)
