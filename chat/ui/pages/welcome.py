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

    def __init__(self, visit: PageContext) -> None:
        _ = self._ = visit._
        self._visit, self._entrance = visit, visit.entrance
        self._way = SignInMethod.GUEST
        with HtmlElement("section", {"class": "card"}):
            HtmlElement("img", {"src": visit.brand.picture, "alt": "", "width": 48, "height": 48})
            HtmlElement("h1", text=visit.brand.title)
            if visit.brand.welcome:
                HtmlElement("p", {"class": "own-words", "dir": "auto"}, visit.brand.welcome)
            self._lead = HtmlElement("p")
            if not self._entrance.door.knows_passwords:
                self._build_sign_on()
                return
            first = SignInMethod.SIGN_UP if self._entrance.invitation else SignInMethod.SIGN_IN
            first = SignInMethod.GUEST if self._entrance.door.admits_guests else first
            suggestion = "" if first is SignInMethod.SIGN_IN else words.suggest_name(_)
            name = name_field(visit, self._entrance.last_name or suggestion)
            fields = [name, password_field(visit)]
            if self._entrance.door.asks_for_password:
                fields.append(Field("room-password", _("Room password"), "off", is_secret=True))
            self._form = Form(visit, fields, _("Join"), self._enter)
            with self._form.buttons:
                self._ways = {
                    SignInMethod.GUEST: self._form.submit,
                    SignInMethod.SIGN_IN: HtmlElement("button", text=_("Sign in")),
                    SignInMethod.SIGN_UP: HtmlElement("button", text=_("Sign up")),
                }
                self._back = HtmlElement("button", {"type": "button"}, _("Back"))
        for way in (SignInMethod.SIGN_IN, SignInMethod.SIGN_UP):
            self._ways[way].on("click", lambda way=way: self._go(way))
        self._back.on("click", lambda: self._go(SignInMethod.GUEST))
        self._form.fields[0].set("autofocus", "")
        browser.on(self._form.fields[0], "vnodeMounted", browser.KEEP_FIELD)
        self._go(first)
        if visit.refused:  # nothing in the fields is wrong
            self._form.reason.show(visit.explain(visit.refused))

    def _build_sign_on(self) -> None:
        _, visit = self._, self._visit
        self._lead.show(_("This chat is for its members."))
        if visit.refused:
            HtmlElement("p", {"class": "reason", "role": "alert"}, words.error(_, visit.refused))
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("a", {"class": "primary", "href": "/sso"}, _("Sign in"))

    def _go(self, way: SignInMethod) -> None:
        is_guest, is_closed = way is SignInMethod.GUEST, not self._entrance.door.admits_guests
        changed, self._way = self._way is not way, way
        self._lead.show(self._words(way))
        name, password, *room = self._form.fields
        self._form.show(1, not is_guest)
        if room:
            self._form.show(2, way is not SignInMethod.SIGN_IN and not self._entrance.is_admitted)
        password.set("autocomplete", "new-password" if way is SignInMethod.SIGN_UP else "current-password")
        name.set("autocomplete", "nickname" if is_guest else "username")
        for other, button in self._ways.items():
            button.set("type", "submit" if other is way else "button")
            button.set("class", "primary" if other is way else "")
            button.set("hidden", None if other is way or self._offers(other) else True)
        self._back.set("hidden", is_guest or is_closed or None)
        if changed:
            self._form.refuse(None)
            if way is SignInMethod.SIGN_IN and not self._entrance.last_name:
                name.run_method("select")  # the name that is suggested is nobody's yet
                name.run_method("focus")
            elif not is_guest:
                password.run_method("focus")

    def _offers(self, other: SignInMethod) -> bool:
        """Whether the button for another way is there."""
        if self._entrance.door.admits_guests:
            return self._way is SignInMethod.GUEST
        return other is not SignInMethod.GUEST and self._entrance.invitation is not None

    def _words(self, way: SignInMethod) -> str:
        _, invitation = self._, self._entrance.invitation
        if way is SignInMethod.SIGN_UP:
            if invitation and not self._entrance.door.admits_guests:
                if invitation.role is Role.OWNER:
                    return _("This link makes you the owner of this chat. Choose a name and a password.")
                return _("%(name)s invited you. Choose a name and a password.", name=invitation.name)
            return _("With an account, your name is yours alone, on every device.")
        if way is SignInMethod.SIGN_IN:
            if not self._entrance.door.admits_guests:
                return _("This chat is for its members. To become one, ask for an invitation.")
            return _("Welcome back.")
        if self._entrance.door.asks_for_password:
            return _("Pick a name, and give the password that you were told.")
        return _("Pick a name and start talking. No account needed.")

    def _enter(self, name: object, password: object = "", room: object = "") -> Awaitable[None] | None:
        match self._way:
            case SignInMethod.SIGN_IN:
                return self._entrance.sign_in(name, password)
            case SignInMethod.SIGN_UP:
                return self._entrance.sign_up(name, password, room)
        self._entrance.join(name, room)
        return None


def build(visit: PageContext) -> None:
    """The whole page of somebody who has not joined."""
    with HtmlElement("div", {"class": "welcome"}):
        WelcomeCard(visit)
        languages = HtmlElement("div", {"class": "languages"}, html=frame.languages_to_choose(visit._))
    browser.on(languages, "keydown", browser.OPEN_LIST)
    browser.on(languages, "change", browser.CHOICE, lambda event: visit.prefer(event.args))
