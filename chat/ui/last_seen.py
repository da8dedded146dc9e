"""The time up to which a member has seen the messages, kept in the session."""

from datetime import UTC, datetime, timedelta

from chat.domain.messages.history import History
from chat.web.session import Session


class LastSeen:
    """The time of the newest message seen in any tab of the session."""

    def __init__(self, session: Session, history: History) -> None:
        self._session = session
        self._history = history
        self._saved: datetime | None = None

    @property
    def at(self) -> datetime | None:
        """The time up to which messages have been seen; None for a newcomer."""
        return self._session.last_seen

    def save(self, every: timedelta = timedelta()) -> None:
        """Record that all messages have been seen, unless the last record is less than `every` old."""
        newest = next(reversed(self._history), None)
        at = newest.at if newest else datetime.min.replace(tzinfo=UTC)
        if not self._saved or abs(at - self._saved) > every:
            self._saved = at
            self._session.last_seen = at
