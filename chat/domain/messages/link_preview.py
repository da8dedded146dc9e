"""The preview of the page that a message's first link leads to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chat.domain.messages.attachment import Attachment

FirstLink = Callable[[str], str]
"""Returns the URL to preview in a text, or an empty text. The domain has no parser for that."""


def no_link(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """A page as it describes itself. `site` is its host, `picture` a copy of the page's picture."""

    title: str
    description: str = ""
    site: str = ""
    picture: Attachment | None = None

    def without_picture(self) -> "LinkPreview":
        return replace(self, picture=None)
