"""Finds the members that a message mentions, among those who may see its room."""

from collections.abc import Callable, Set

from chat.domain.messages import mentions
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.people.names import Names
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member

ShownMentions = Callable[[str, dict[str, str]], dict[str, str]]
"""Keeps the mentions that a text shows as such, which takes a parser."""

Audience = Callable[[], Set[str] | None]
"""Returns the ids of the people who may see a room; None for everyone."""


def everyone() -> None:
    return None


def keep_all(_text: str, found: dict[str, str]) -> dict[str, str]:
    return found


class MentionFinder:
    """Finds the mentions in the texts of one room."""

    def __init__(self, history: History, names: Names, shown_mentions: ShownMentions, audience: Audience) -> None:
        self._history = history
        self._names = names
        self._shown_mentions = shown_mentions
        self._audience = audience

    def find(self, author: Member, text: str) -> dict[str, str]:
        """Return the ids of the people whom a text mentions, by their names as written."""
        if not mentions.has_sign(text):
            return {}
        can_mention_everyone = has_permission(author.role, Permission.MENTION_EVERYONE)
        found = mentions.find(text, self._mentionable(), can_mention_everyone=can_mention_everyone)
        return self._shown_mentions(text, found) if found else found

    def text_with_current_names(self, message: Message) -> str:
        names = {member_id: name for member_id in message.mentions.values() if (name := self._names.get(member_id))}
        return mentions.rename(message.text, message.mentions, names) if names else message.text

    def _mentionable(self) -> dict[str, str]:
        """Return the names of those who may see the room. Authors in other rooms are left out."""
        names, members = self._names.by_id(self._history.authors), self._audience()
        return names if members is None else {key: name for key, name in names.items() if key in members}
