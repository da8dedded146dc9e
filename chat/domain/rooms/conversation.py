"""A room's conversation: decides posts and changes to them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chat.domain.errors import MessageRefused, TextRefused
from chat.domain.messages.attachment import Attachment, clean_alt
from chat.domain.messages.events import (
    AuthorAnonymized,
    FilesRemoved,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PictureDescribed,
    PreviewAdded,
    PreviewRemoved,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.link_preview import FirstLink, LinkPreview, no_link
from chat.domain.messages.message import REACTIONS_LIMIT, Kind, Message
from chat.domain.messages.permissions import require_can_delete, require_can_edit
from chat.domain.moderation.state import Moderation
from chat.domain.people.names import Names
from chat.domain.permissions import Permission, require
from chat.domain.rooms.conversation_state import ConversationState
from chat.domain.rooms.mention_finder import Audience, MentionFinder, ShownMentions, everyone, keep_all
from chat.domain.rooms.posted_ids import own_id
from chat.domain.text.cleaning import clean_text
from chat.domain.users import Member, Role, UserRef

TOPIC_LIMIT = 120


class Conversation(ConversationState):
    """Decides what members do with messages. Decisions change nothing; `apply` does."""

    def __init__(
        self,
        room_id: str,
        history: History,
        names: Names | None = None,
        moderation: Moderation | None = None,
        shown_mentions: ShownMentions = keep_all,
        *,
        is_direct: bool = False,
        audience: Audience = everyone,
        first_link: FirstLink = no_link,
    ) -> None:
        super().__init__(room_id, history, names or Names(), moderation or Moderation())
        self.is_direct = is_direct
        self.mentions = MentionFinder(history, self.names, shown_mentions, audience)
        self._first_link = first_link

    def post(
        self,
        member: Member,
        text: object,
        message_id: str,
        now: datetime,
        *,
        kind: Kind = Kind.TEXT,
        reply_to: str | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> MessagePosted:
        """Post a message, or a reply; raises `NotAllowed`, `TextRefused`, `MessageRefused`, `SpeechRefused`.

        A retry of a message that is in the history returns the event of that message.
        """
        require(member.role, Permission.POST)
        known = self.history.get(message_id)
        if known and known.author == member.id:
            return MessagePosted(self.room_id, known)
        if known:
            message_id = own_id(message_id, member.id)  # another member's client made the same id
        # `History.apply` fills in the quoted text: the original may still be edited or deleted.
        quote = replace(self.message(reply_to, "reply-gone").quote, text="") if reply_to else None
        text = _clean_text(text, attachments)
        words = [text, *(part for file in attachments for part in (file.name, file.alt))]
        self.moderation.check_can_post(self.room_id, member, now, "\n".join(words))
        self.moderation.check_slow_mode(self.room_id, member, now)
        found = self.mentions.find(member, text)
        message = Message(message_id, self.room_id, member.id, member.name, text, now, kind, quote, found)
        return MessagePosted(self.room_id, replace(message, attachments=attachments, link=self._first_link(text)))

    def edit(self, member: Member, message_id: object, text: object, now: datetime) -> MessageEdited:
        """Edit the member's own message; raises `NotAllowed`, `TextRefused`, `MessageRefused`, `SpeechRefused`."""
        message = self.message(message_id)
        require_can_edit(member, message)
        text = _clean_text(text, message.attachments)
        self.moderation.check_can_post(self.room_id, member, now, text)
        self.moderation.check_slow_mode(self.room_id, member, now, is_edit=True)
        mentions, link = self.mentions.find(member, text), self._first_link(text)
        return MessageEdited(self.room_id, message.id, text, mentions, now, link)

    def describe_picture(
        self, member: Member, message_id: object, position: object, alt: object, now: datetime
    ) -> PictureDescribed:
        """Describe a picture of the member's own message.

        Raises `NotAllowed`, `TextRefused`, `MessageRefused`, `SpeechRefused`.
        """
        message = self.message(message_id)
        require_can_edit(member, message)
        if not isinstance(position, int) or not 0 <= position < len(message.attachments):
            raise MessageRefused("message-gone")
        if not message.attachments[position].is_picture:
            raise MessageRefused("message-gone")
        text = clean_alt(alt)
        self.moderation.check_can_post(self.room_id, member, now, text)
        return PictureDescribed(self.room_id, message.id, position, text, now)

    def delete(
        self, member: Member, message_id: object, now: datetime, author_role: Role = Role.GUEST
    ) -> MessageDeleted:
        """Delete the member's own message or, as a moderator, one by an author of a lower role.

        In a direct room, moderators delete what was reported. Raises `MessageRefused`, `NotAllowed`.
        """
        message = self.message(message_id)
        self._require_can_delete(member, message, author_role)
        return MessageDeleted(self.room_id, member.ref, UserRef(message.author, message.name), now, message.id)

    def add_preview(self, message_id: str, link: str, preview: LinkPreview, now: datetime) -> PreviewAdded:
        """Show a preview of the link in a message; raises `MessageRefused`, `TextRefused` for a blocked word."""
        message = self.message(message_id)
        if message.link != link:
            raise MessageRefused("message-gone")
        self.moderation.check_words(f"{preview.title}\n{preview.description}")
        return PreviewAdded(self.room_id, message.id, link, preview, now)

    def remove_preview(
        self, member: Member, message_id: object, now: datetime, author_role: Role = Role.GUEST
    ) -> PreviewRemoved:
        """Remove the preview of a link in a message that the member may delete; raises as `delete` does."""
        message = self.message(message_id)
        self._require_can_delete(member, message, author_role)
        return PreviewRemoved(self.room_id, message.id, now)

    def react(self, member: Member, message_id: object, emoji: str) -> ReactionAdded | ReactionRemoved:
        """Add the member's reaction, or remove it; raises `MessageRefused`, `NotAllowed`.

        `emoji` is normalized.
        """
        require(member.role, Permission.REACT)
        message = self.message(message_id)
        if message.has_reaction(emoji, member.id):
            return ReactionRemoved(self.room_id, message.id, emoji, member.id)
        if message.is_full(emoji):
            raise MessageRefused("reactions-full", limit=REACTIONS_LIMIT)
        return ReactionAdded(self.room_id, message.id, emoji, member.id, member.name)

    def change_topic(self, member: Member, topic: str, now: datetime) -> TopicChanged:
        """Set the topic; `-` removes it. Raises `NotAllowed`, `RoomRefused` in a direct room, `TextRefused`."""
        require(member.role, Permission.CHANGE_TOPIC, is_direct=self.is_direct)
        if topic == "-":
            return TopicChanged(self.room_id, member.ref, now, "")
        topic = " ".join(clean_text(topic).split())
        if len(topic) > TOPIC_LIMIT:
            raise TextRefused("topic-too-long", limit=TOPIC_LIMIT)
        return TopicChanged(self.room_id, member.ref, now, topic)

    def clear(self, member: Member, now: datetime) -> HistoryCleared:
        """Delete the whole history; raises `NotAllowed`, `RoomRefused` in a direct room."""
        require(member.role, Permission.CLEAR_HISTORY, is_direct=self.is_direct)
        return HistoryCleared(self.room_id, member.ref, now)

    def anonymize(self, author_id: str, pseudonym: str, now: datetime) -> AuthorAnonymized:
        """Replace the author of their messages by `pseudonym`, a new random id."""
        return AuthorAnonymized(self.room_id, author_id, pseudonym, now)

    def remove_files(self, messages: Iterable[Message], now: datetime) -> FilesRemoved:
        """Remove the files of messages: there is no room for them any longer, or their author's account ended."""
        return FilesRemoved(self.room_id, tuple(message.id for message in messages), now)

    def _require_can_delete(self, member: Member, message: Message, author_role: Role) -> None:
        is_reported = self.moderation.reports.open_for(self.room_id, message.id) is not None
        require_can_delete(member, message, author_role, is_direct=self.is_direct and not is_reported)


def _clean_text(text: object, attachments: tuple[Attachment, ...]) -> str:
    """Clean the text of a message; with files, it may be empty. Raises `TextRefused`."""
    try:
        return clean_text(text)
    except TextRefused as problem:
        if attachments and problem.key == "text-empty":
            return ""
        raise
