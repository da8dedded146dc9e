"""The page's own style sheet."""

from chat.domain.accounts.preferences import Preferences
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui.personal_css import own_items_css, preferences_css, subject_css, unread_line_css


class PageStyle:
    """A `<style>` element with the rules that differ between viewers of the shared HTML."""

    def __init__(self, tr: Translator, preferences: Preferences, member: Member | None) -> None:
        self._tr = tr
        self._preferences = preferences
        self._member = member
        self._unread_id: str | None = None
        self._subject = ""
        self._element = HtmlElement("style", text=self._css)

    def show_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._element.show(self._css)

    def show_member(self, member: Member) -> None:
        self._member = member
        self._element.show(self._css)

    def mark_unread(self, message_id: str | None) -> None:
        """Draw the unread line above a message, or remove it."""
        if self._unread_id != message_id:
            self._unread_id = message_id
            self._element.show(self._css)

    def mark_subject(self, subject: str) -> None:
        """Mark the message that is replied to or edited while the field has this subject (`reply-ID` or `edit-ID`)."""
        if self._subject != subject:
            self._subject = subject
            self._element.show(self._css)

    @property
    def _css(self) -> str:
        css = preferences_css(self._preferences)
        if self._member:
            css += own_items_css(self._member)
        if self._unread_id:
            css += unread_line_css(self._unread_id, self._tr("New messages"))
        if self._subject:
            css += subject_css(self._subject)
        return css
