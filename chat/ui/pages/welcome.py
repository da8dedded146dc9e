"""The card: a name and in, or an account."""

from collections.abc import Awaitable
from enum import StrEnum

from chat.domain.users import Role
from chat.framework.elements import HtmlElement
from chat.i18n import phrases as words
from chat.ui import browser
from chat.ui.dialogs.forms import Field, Form, name_field, password_field
from chat.ui.html import chrome as frame
from chat.ui.page_context import PageContext


class SignInMethod(StrEnum):
    """How somebody comes in."""

    GUEST = "guest"
    SIGN_IN = "sign-in"
    SIGN_UP = "sign-up"


class WelcomeCard:
    """One form for all ways in: changing the way keeps what was typed."""

    def __init__(self, page: PageContext) -> None:
        tr = self._tr = page.tr
        self._page, self._sign_in_flow = page, page.sign_in_flow
        self._way = SignInMethod.GUEST
        with HtmlElement("section", {"class": "card"}):
            HtmlElement("img", {"src": page.brand.picture, "alt": "", "width": 48, "height": 48})
            HtmlElement("h1", text=page.brand.title)
            if page.brand.welcome:
                HtmlElement("p", {"class": "own-words", "dir": "auto"}, page.brand.welcome)
            self._lead = HtmlElement("p")
            if not self._sign_in_flow.access_policy.knows_passwords:
                self._build_sign_on()
                return
            first = SignInMethod.SIGN_UP if self._sign_in_flow.invitation else SignInMethod.SIGN_IN
            first = SignInMethod.GUEST if self._sign_in_flow.access_policy.admits_guests else first
            suggestion = "" if first is SignInMethod.SIGN_IN else words.suggest_name(tr)
            name = name_field(page, self._sign_in_flow.last_name or suggestion)
            fields = [name, password_field(page)]
            if self._sign_in_flow.access_policy.asks_for_password:
                fields.append(Field("room-password", tr("Room password"), "off", is_secret=True))
            self._form = Form(page, fields, tr("Join"), self._enter)
            with self._form.buttons:
                self._ways = {
                    SignInMethod.GUEST: self._form.submit,
                    SignInMethod.SIGN_IN: HtmlElement("button", text=tr("Sign in")),
                    SignInMethod.SIGN_UP: HtmlElement("button", text=tr("Sign up")),
                }
                self._back = HtmlElement("button", {"type": "button"}, tr("Back"))
        for way in (SignInMethod.SIGN_IN, SignInMethod.SIGN_UP):
            self._ways[way].on("click", lambda way=way: self._go(way))
        self._back.on("click", lambda: self._go(SignInMethod.GUEST))
        self._form.fields[0].set("autofocus", "")
        browser.on(self._form.fields[0], "vnodeMounted", browser.KEEP_FIELD)
        self._go(first)
        if page.refusal:  # nothing in the fields is wrong
            self._form.reason.show(page.error_message(page.refusal))

    def _build_sign_on(self) -> None:
        tr, page = self._tr, self._page
        self._lead.show(tr("This chat is for its members."))
        if page.refusal:
            HtmlElement("p", {"class": "reason", "role": "alert"}, words.error(tr, page.refusal))
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("a", {"class": "primary", "href": "/sso"}, tr("Sign in"))

    def _go(self, way: SignInMethod) -> None:
        is_guest, is_closed = way is SignInMethod.GUEST, not self._sign_in_flow.access_policy.admits_guests
        changed, self._way = self._way is not way, way
        self._lead.show(self._words(way))
        name, password, *room = self._form.fields
        self._form.show(1, not is_guest)
        if room:
            self._form.show(2, way is not SignInMethod.SIGN_IN and not self._sign_in_flow.is_admitted)
        password.set("autocomplete", "new-password" if way is SignInMethod.SIGN_UP else "current-password")
        name.set("autocomplete", "nickname" if is_guest else "username")
        for other, button in self._ways.items():
            button.set("type", "submit" if other is way else "button")
            button.set("class", "primary" if other is way else "")
            button.set("hidden", None if other is way or self._offers(other) else True)
        self._back.set("hidden", is_guest or is_closed or None)
        if changed:
            self._form.refuse(None)
            if way is SignInMethod.SIGN_IN and not self._sign_in_flow.last_name:
                name.run_method("select")  # the name that is suggested is nobody's yet
                name.run_method("focus")
            elif not is_guest:
                password.run_method("focus")

    def _offers(self, other: SignInMethod) -> bool:
        """Whether the button for another way is there."""
        if self._sign_in_flow.access_policy.admits_guests:
            return self._way is SignInMethod.GUEST
        return other is not SignInMethod.GUEST and self._sign_in_flow.invitation is not None

    def _words(self, way: SignInMethod) -> str:
        tr, invitation = self._tr, self._sign_in_flow.invitation
        if way is SignInMethod.SIGN_UP:
            if invitation and not self._sign_in_flow.access_policy.admits_guests:
                if invitation.role is Role.OWNER:
                    return tr("This link makes you the owner of this chat. Choose a name and a password.")
                return tr("%(name)s invited you. Choose a name and a password.", name=invitation.name)
            return tr("With an account, your name is yours alone, on every device.")
        if way is SignInMethod.SIGN_IN:
            if not self._sign_in_flow.access_policy.admits_guests:
                return tr("This chat is for its members. To become one, ask for an invitation.")
            return tr("Welcome back.")
        if self._sign_in_flow.access_policy.asks_for_password:
            return tr("Pick a name, and give the password that you were told.")
        return tr("Pick a name and start talking. No account needed.")

    def _enter(self, name: object, password: object = "", room: object = "") -> Awaitable[None] | None:
        match self._way:
            case SignInMethod.SIGN_IN:
                return self._sign_in_flow.sign_in(name, password)
            case SignInMethod.SIGN_UP:
                return self._sign_in_flow.sign_up(name, password, room)
        self._sign_in_flow.join(name, room)
        return None


def build(page: PageContext) -> None:
    """The whole page of somebody who has not joined."""
    with HtmlElement("div", {"class": "welcome"}):
        WelcomeCard(page)
        languages = HtmlElement("div", {"class": "languages"}, html=frame.languages_to_choose(page.tr))
    browser.on(languages, "keydown", browser.OPEN_LIST)
    browser.on(languages, "change", browser.CHOICE, lambda event: page.set_preference(event.args))
