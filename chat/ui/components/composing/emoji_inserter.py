"""Puts an emoji into the text that is being written."""

from chat.framework.elements import HtmlElement, RawElement
from chat.ui import browser
from chat.ui.browser.composing.editing import insert_emoji, open_emoji, place_emoji
from chat.ui.components.messages import emoji_picker
from chat.ui.page_context import PageContext

POPOVER = "emoji"


class EmojiInserter:
    """The popover above the field, built when it is opened for the first time."""

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self._is_built = False

    def open(self) -> None:
        if not self._is_built:
            self._build()
        browser.call(self._page.client, open_emoji)

    def reopen(self) -> None:
        """Build the popover if there was one before the page was built again."""
        if self._page.record.former.get("emoji"):
            self._build()

    def _build(self) -> None:
        self._is_built = True
        self._page.record.keep(emoji=True)
        tr = self._page.tr
        attributes = {"id": POPOVER, "popover": "auto", "role": "group", "aria-label": tr("Emoji")}
        with self._page.record.numbering("emoji"), self._parent, HtmlElement("div", attributes) as popover:
            picker = emoji_picker.build(tr)
        browser.on(popover, "beforetoggle", place_emoji)
        browser.on(picker, "emoji-click", insert_emoji)
