"""The page's own style sheet."""

from chat.domain.accounts.preferences import Preferences
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui.personal_css import own_items_css, preferences_css, reports_css, subject_css


class PageStyle:
    """A `<style>` element with the rules that differ between viewers of the shared HTML."""

    def __init__(self, tr: Translator, preferences: Preferences, member: Member | None, policy: RoomPolicy) -> None:
        self._tr = tr
        self._policy = policy
        self._preferences = preferences
        self._member = member
        self._reports = 0
        self._subject = ""
        self._element = HtmlElement("style", text=self._css)

    def show_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._element.show(self._css)

    def show_member(self, member: Member) -> None:
        self._member = member
        self._element.show(self._css)

    def show_reports(self, count: int) -> None:
        """Show the number of open reports, or nothing for 0."""
        if self._reports != count:
            self._reports = count
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
            css += own_items_css(self._member, creates_rooms=self._policy.may_create(self._member.role))
        if self._reports:
            label = self._tr.plural("%(count)s open report", "%(count)s open reports", self._reports)
            css += reports_css(self._tr.number(self._reports), label)
        if self._subject:
            css += subject_css(self._subject)
        return css
