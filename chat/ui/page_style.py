"""The page's own style sheet."""

from chat.domain.accounts.preferences import Preferences
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.ui.personal_css import own_items_css, preferences_css


class PageStyle:
    """A `<style>` element with the rules that differ between viewers of the shared HTML."""

    def __init__(self, preferences: Preferences, member: Member | None) -> None:
        self._preferences = preferences
        self._member = member
        self._element = HtmlElement("style", text=self._css)

    def show_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._element.show(self._css)

    def show_member(self, member: Member) -> None:
        self._member = member
        self._element.show(self._css)

    @property
    def _css(self) -> str:
        css = preferences_css(self._preferences)
        if self._member:
            css += own_items_css(self._member)
        return css
