"""A room: its people, its conversation and its typing indicator."""

from datetime import datetime

from chat.domain.accounts.events import MemberRenamed
from chat.domain.errors import ChatError
from chat.domain.messages.events import MessageEvent, MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.link_preview import FirstLink, no_link
from chat.domain.moderation.restrictions import Restrictions
from chat.domain.moderation.state import Moderation
from chat.domain.people.people import People
from chat.domain.permissions import Permission, require
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.events import TypingEvent, TypingStarted, TypingStopped
from chat.domain.rooms.mention_finder import Audience, ShownMentions, everyone, keep_all
from chat.domain.rooms.typing_indicator import TypingIndicator
from chat.domain.users import Member, Nickname, UserRef


class Room:
    """One room's conversation and typing. Decisions change nothing; `apply` does."""

    def __init__(
        self,
        room_id: str,
        history: History,
        people: People,
        shown_mentions: ShownMentions = keep_all,
        *,
        is_direct: bool = False,
        audience: Audience = everyone,
        first_link: FirstLink = no_link,
    ) -> None:
        self.id = room_id
        self.people = people
        self._audience = audience
        names, moderation = people.names, people.moderation
        self.conversation = Conversation(
            room_id,
            history,
            names,
            moderation,
            shown_mentions,
            is_direct=is_direct,
            audience=audience,
            first_link=first_link,
        )
        self.typing = TypingIndicator()

    @property
    def is_direct(self) -> bool:
        return self.conversation.is_direct

    @property
    def moderation(self) -> Moderation:
        return self.people.moderation

    @property
    def restrictions(self) -> Restrictions:
        return self.moderation.restrictions(self.id)

    def present(self) -> list[Member]:
        """Return the people here who may see the room, sorted by name."""
        return [member for member in self.people.roster() if self._is_open_to(member.id)]

    def away(self) -> list[UserRef]:
        """Return the absent people who may return, sorted by name: account holders, and authors in the history."""
        return [user for user in self.people.away(self.conversation.history.authors) if self._is_open_to(user.id)]

    def check_can_post(self, member: Member, now: datetime) -> None:
        """Raise `SpeechRefused` if the member is muted or the room locked."""
        self.moderation.check_can_post(self.id, member, now)

    # Decisions.

    def rename(self, member_id: str, nickname: Nickname, now: datetime) -> MemberRenamed:
        """Change a member's name, which is announced here.

        Raises `NotAllowed`, `NameRefused`, `NotHere`, `SpeechRefused`.
        """
        self.check_can_post(self.people.member(member_id), now)
        return self.people.rename(member_id, nickname, now)

    def type(self, member_id: str, is_typing: bool, now: datetime) -> list[TypingEvent]:
        """Start or stop showing the member as typing; a member who can't post is never shown."""
        if is_typing and self._can_type(member_id, now):
            return [TypingStarted(self.id, member_id, now)]
        return [TypingStopped(self.id, (member_id,))] if member_id in self.typing.member_ids else []

    def expire(self, now: datetime) -> list[TypingEvent]:
        """Return the event that ends typing which timed out."""
        silent = self.typing.expired(now)
        return [TypingStopped(self.id, tuple(silent))] if silent else []

    def _is_open_to(self, member_id: str) -> bool:
        members = self._audience()
        return members is None or member_id in members

    def _can_type(self, member_id: str, now: datetime) -> bool:
        try:
            member = self.people.member(member_id)
            require(member.role, Permission.POST)
            self.check_can_post(member, now)
        except ChatError:
            return False
        return True

    # Events.

    def apply(self, event: MessageEvent | TypingEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case TypingStarted(member_id=member_id, at=at):
                return self.typing.start(member_id, at)
            case TypingStopped(member_ids=member_ids):
                return self.typing.stop(member_ids)
            case MessagePosted(message=message):
                self.typing.stop([message.author])
        return self.conversation.apply(event)
