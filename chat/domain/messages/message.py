"""Messages and the quotes in replies."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.link_preview import LinkPreview

QUOTE_LIMIT = 200
REACTIONS_LIMIT = 20
GROUP_WITHIN = timedelta(minutes=5)

_ID = re.compile(r"[a-z0-9]{8,24}")


class Kind(StrEnum):
    """An ordinary message, or an action (`/me waves`)."""

    TEXT = "text"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that a reply answers: its id, author's id and name, and its start (empty once deleted)."""

    id: str
    author: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `author` is a member's id, `name` their name at the time, `at` is in UTC.

    `mentions` maps names as written after `@` to members' ids (or `all`), `reactions` each emoji to the members who
    gave it (ids and names). Both are never changed in place. `link` is the URL in the text that `preview` shows, once
    that is found. `number` is that of the event which posted the message.
    """

    id: str
    room: str
    author: str
    name: str
    text: str
    at: datetime
    kind: Kind = Kind.TEXT
    reply: Quote | None = None
    mentions: dict[str, str] = field(default_factory=dict)
    reactions: dict[str, dict[str, str]] = field(default_factory=dict)
    edited: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    link: str = ""
    preview: LinkPreview | None = None
    number: int = field(default=0, compare=False)

    @property
    def quote(self) -> Quote:
        """The message as a reply quotes it."""
        return Quote(self.id, self.author, self.name, self.excerpt[:QUOTE_LIMIT])

    @property
    def excerpt(self) -> str:
        """The text, or else the names of the files. Empty only after anonymization."""
        return self.text or ", ".join(attachment.label for attachment in self.attachments)

    @property
    def has_picture(self) -> bool:
        return any(attachment.is_picture for attachment in self.attachments)

    @property
    def searchable(self) -> str:
        """The text, and the descriptions and names of the files."""
        if not self.attachments:
            return self.text
        parts = (part for attachment in self.attachments for part in (attachment.alt, attachment.name))
        return "\n".join(filter(None, [self.text, *parts]))

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files by their positions: those attached, then the picture of the preview."""
        picture = self.preview.picture if self.preview else None
        return (*self.attachments, picture) if picture else self.attachments

    @property
    def contents(self) -> list[str]:
        """The SHA-256 of each file that is still there."""
        return [file.content for file in self.files if file.content]

    def described(self, position: int, alt: str) -> "Message":
        """Return the message with another description of a picture."""
        files = list(self.attachments)
        files[position] = replace(files[position], alt=alt)
        return replace(self, attachments=tuple(files))

    def without_files(self) -> "Message":
        """Return what is left once the files were removed."""
        files = tuple(attachment.removed() for attachment in self.attachments)
        return replace(self, attachments=files, preview=self.preview and self.preview.without_picture())

    def has_reaction(self, emoji: str, member_id: str) -> bool:
        return member_id in self.reactions.get(emoji, {})

    def is_full(self, emoji: str) -> bool:
        """Tell whether there are too many different reactions for one more emoji."""
        return emoji not in self.reactions and len(self.reactions) >= REACTIONS_LIMIT

    def with_reaction(self, emoji: str, member_id: str, name: str) -> "Message":
        names = {**self.reactions.get(emoji, {}), member_id: name}
        return replace(self, reactions={**self.reactions, emoji: names})

    def without_reaction(self, emoji: str, member_id: str) -> "Message":
        names = {other: name for other, name in self.reactions[emoji].items() if other != member_id}
        reactions = {**self.reactions, emoji: names}
        return replace(self, reactions={key: given for key, given in reactions.items() if given})

    def continues(self, before: "Message") -> bool:
        """Tell whether this belongs to the same run of messages: same author and name, no reply, within 5 minutes."""
        return (
            self.reply is None
            and before.author == self.author
            and before.name == self.name
            and before.kind is self.kind is Kind.TEXT
            and self.at - before.at <= GROUP_WITHIN
        )


def is_message_id(value: object) -> bool:
    """Tell whether `value` can be a message's id: 8 to 24 lower-case letters and digits."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
