"""How far a member has read a room, kept in the session."""

from datetime import datetime
from itertools import takewhile

from chat.domain.rooms.room import Room
from chat.web.session import Session


class LastSeen:
    """The number of the last event in a room that was seen in any tab of the session."""

    def __init__(self, session: Session, room: Room) -> None:
        self._session = session
        self._room_id = room.id
        self._history = room.conversation.history
        if (self.number or 0) > self._history.last:  # the history is another one, or an older one
            session.read_marks.save(room.id, self._history.last)

    @property
    def number(self) -> int | None:
        """The number up to which messages have been seen; None for a newcomer."""
        mark = self._session.read_marks.get(self._room_id)
        if not isinstance(mark, datetime):
            return mark
        return next((message.number for message in reversed(self._history) if message.at <= mark), 0)

    def save(self, until: datetime | None = None) -> None:
        """Record that all messages have been seen, or those `until` a time."""
        number = self._history.last
        newest_first = reversed(self._history)
        if until and (unseen := [message.number for message in takewhile(lambda one: one.at > until, newest_first)]):
            number = max(self.number or 0, unseen[-1] - 1)
        self._session.read_marks.save(self._room_id, number)
