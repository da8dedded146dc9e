"""Reports: messages that people told the moderators about."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chat.domain.moderation.events import MessageReported, ReportResolved, UserRef

LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """One report: of which message (by its id) and author, by whom and why; `resolved` by whom, once it is.

    `text` is how the message read then, whatever its author does with it. It goes when the report is settled.
    """

    message: str
    author: UserRef
    by: UserRef
    at: datetime
    why: str = ""
    text: str = ""
    resolved: UserRef | None = None
    resolved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has seen to it."""
        return self.resolved is None


class Reports:
    """The last thousand reports, oldest first; one for each message and person."""

    def __init__(self) -> None:
        self._reports: dict[tuple[str, str], Report] = {}

    def __iter__(self) -> Iterator[Report]:
        return iter(self._reports.values())

    @property
    def open(self) -> list[Report]:
        """Those that nobody has seen to."""
        return [report for report in self if report.is_open]

    def is_known(self, message_id: str, by: str) -> bool:
        """Whether this person has reported this message before."""
        return (message_id, by) in self._reports

    def add(self, report: Report) -> bool:
        """Take in a report; returns whether it is news."""
        key = (report.message, report.by.id)
        if key in self._reports:
            return False
        self._reports[key] = report
        if len(self._reports) > LIMIT:
            # What is settled goes first: nobody can push an open report out by many others that are settled.
            resolved = (key for key, report in self._reports.items() if not report.is_open)
            del self._reports[next(resolved, next(iter(self._reports)))]
        return True

    def apply(self, event: MessageReported | ReportResolved) -> bool:
        """Take in a fact; returns whether it is news."""
        if isinstance(event, MessageReported):
            return self.add(Report(event.message, event.whom, event.by, event.at, event.why, event.text))
        return self.resolve({event.message}, event.by, event.at)

    def resolve(self, messages: Collection[str], by: UserRef, at: datetime) -> bool:
        """Close the reports of these messages; returns whether there were any."""
        left = [(key, report) for key, report in self._reports.items() if report.is_open and report.message in messages]
        for key, report in left:
            self._reports[key] = replace(report, text="", resolved=by, resolved_at=at)
        return bool(left)

    def copy(self) -> "Reports":
        """The same reports, to try a change on."""
        other = Reports()
        other._reports = self._reports.copy()
        return other
