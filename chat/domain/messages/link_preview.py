"""What a message shows of the page that its first link leads to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chat.domain.messages.attachment import Attachment

FirstLink = Callable[[str], str]
"""Returns the URL in a text to show a preview of, if there is one, which takes a parser."""


def no_link(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """A page in its own words, except for `site`, its host. `picture` is a copy of the page's."""

    title: str
    description: str = ""
    site: str = ""
    picture: Attachment | None = None

    def without_picture(self) -> "LinkPreview":
        return replace(self, picture=None)
