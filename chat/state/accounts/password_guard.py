"""Keeps the admin password out of everything that is published."""

import structlog

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import TextRefused
from chat.domain.events import DurableEvent
from chat.domain.published_texts import published_texts
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup.renderer import to_plain

log = structlog.get_logger()


class PasswordGuard:
    """Refuses texts that contain the admin password, also if only their markup separates its parts.

    Texts are checked last, once they would be published: then no guess stays unseen, and rate limits count them.
    """

    def __init__(self, password: SharedPassword) -> None:
        self._password = password

    def check_event(self, event: DurableEvent) -> None:
        """Raise `TextRefused` if a text of the event contains the password."""
        for text in published_texts(event):
            self.check(text)

    def check(self, text: str) -> None:
        """Raise `TextRefused` if the text contains the password."""
        versions = {text, to_plain(text, 2 * TEXT_LIMIT)}
        if any(self._password.is_in(version) for version in versions):
            log.warning("refused a text that contains the admin password")
            raise TextRefused("text-has-password")
