"""How far a member has read a room, kept in the session."""

from datetime import datetime
from itertools import takewhile

from chat.domain.messages.message import Message
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
        """Record that all messages have been seen, or the member's own and those `until` a time."""
        number = self._history.last
        if until and (unseen := self._by_others_after(until)):
            number = max(self.number or 0, unseen[-1].number - 1)
        self._session.read_marks.save(self._room_id, number)

    def _by_others_after(self, time: datetime) -> list[Message]:
        """Return them, the newest first."""
        identity, after = self._session.identity, takewhile(lambda one: one.at > time, reversed(self._history))
        return [message for message in after if identity is None or message.author != identity.id]
