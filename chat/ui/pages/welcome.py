"""The welcome card: join as a guest, sign in or sign up."""

from collections.abc import Awaitable
from enum import StrEnum

from chat.domain.errors import AccountRefused
from chat.domain.users import Role
from chat.framework.elements import HtmlElement
from chat.i18n import phrases
from chat.ui import browser
from chat.ui.browser.dialogs.asking import continue_in, emit_choice, offer, open_list
from chat.ui.browser.navigation.linking import keep_linked
from chat.ui.browser.page import start
from chat.ui.components.composing.refusal_line import RefusalLine
from chat.ui.dialogs.forms import Field, Form, name_field, password_field
from chat.ui.html.menu import language_list
from chat.ui.page_context import PageContext
from chat.ui.preference_choice import choose
from chat.ui.weakly import weakly


class SignInMethod(StrEnum):
    """The ways to join."""

    GUEST = "guest"
    SIGN_IN = "sign-in"
    SIGN_UP = "sign-up"


def build(page: PageContext) -> None:
    """Build the whole page."""
    with HtmlElement("div", {"class": "welcome"}) as root:
        browser.on(root, "vnodeMounted", start)
        browser.on(root, "vnodeMounted", keep_linked)
        WelcomeCard(page)
        languages = HtmlElement("div", {"class": "languages"}, html=language_list(page.tr))
    browser.on(languages, "keydown", open_list)
    browser.on(languages, "change", emit_choice, lambda event: choose(page, event.args))


class WelcomeCard:
    """One form for all methods: switching between them keeps the typed values."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._tr = page.tr
        self._flow = page.sign_in_flow
        self._policy = page.sign_in_flow.access_policy
        with HtmlElement("section", {"class": "card"}):
            HtmlElement("img", {"src": page.brand.picture, "alt": "", "width": 48, "height": 48})
            HtmlElement("h1", text=page.brand.title)
            if page.brand.welcome:
                HtmlElement("p", {"class": "own-words", "dir": "auto"}, page.brand.welcome)
            self._lead = HtmlElement("p")
            if self._policy.has_account_passwords:
                self._build_form()
            else:
                self._build_single_sign_on()
        if page.access.refusal:
            self._show_refusal(page.access.refusal)
        elif self._flow.former_member.is_deleted:
            self._show_refusal(AccountRefused("account-gone"))

    def _build_single_sign_on(self) -> None:
        self._lead.show(self._tr("This chat is for members only."))
        reason = HtmlElement("p", {"class": "reason", "role": "alert"})
        self._show_refusal = RefusalLine(self._page, lambda: reason, on_end=lambda: None).show
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("a", {"class": "primary", "href": "sso"}, self._tr("Sign in"))

    def _build_form(self) -> None:
        tr = self._tr
        former = self._page.record.former
        method = self._method = self._first_method()
        suggestion = "" if method is SignInMethod.SIGN_IN else phrases.suggest_name(tr)
        name = former.get("name") or self._flow.former_member.name or suggestion
        self._page.record.keep(name=name)
        fields = [name_field(tr, name), password_field(tr)]
        if self._policy.needs_room_password:
            fields.append(Field("room-password", tr("Room password"), "off", is_secret=True))
        self._form = Form(self._page, fields, tr("Join"), weakly(self._enter), optional=len(fields) - 1)
        labels = {SignInMethod.SIGN_IN: tr("Sign in"), SignInMethod.SIGN_UP: tr("Sign up")}
        with self._form.buttons:
            self._buttons = {SignInMethod.GUEST: self._form.submit}
            for other in sorted(labels, key=lambda other: other is not method):
                self._buttons[other] = HtmlElement("button", text=labels[other])
            self._back = HtmlElement("button", {"type": "button"}, tr("Back"))
        for other in labels:
            self._buttons[other].on("click", lambda other=other: self._switch_to(other))
        self._back.on("click", lambda: self._switch_to(SignInMethod.GUEST))
        browser.on(self._form.fields[0], "vnodeMounted", offer)
        self._show(SignInMethod(former.get("method", method)))
        if method is SignInMethod.SIGN_IN and self._flow.former_member.name:
            self._form.autofocus(self._form.fields[1])
        self._show_refusal = self._form.show_refusal

    def _first_method(self) -> SignInMethod:
        if self._policy.admits_guests:
            return SignInMethod.SIGN_IN if self._flow.former_member.has_account else SignInMethod.GUEST
        return SignInMethod.SIGN_UP if self._flow.invitation else SignInMethod.SIGN_IN

    def _switch_to(self, method: SignInMethod) -> None:
        if method is self._method:
            self._show(method)
            return
        self._show(method)
        self._form.show_error(None)
        name, password, *_ = self._form.fields
        if method is SignInMethod.SIGN_IN and not self._flow.former_member.name:
            browser.call(self._page.client, continue_in, name.props["id"], True)  # no account has the suggested name
        elif method is not SignInMethod.GUEST:
            browser.call(self._page.client, continue_in, password.props["id"], False)

    def _show(self, method: SignInMethod) -> None:
        self._method = method
        self._page.record.keep(method=method)
        is_guest = method is SignInMethod.GUEST
        self._lead.show(self._lead_text(method))
        name, password, *room_password = self._form.fields
        self._form.set_visible(1, not is_guest)
        if room_password:
            self._form.set_visible(2, method is not SignInMethod.SIGN_IN and not self._flow.is_admitted)
        password.set("autocomplete", "new-password" if method is SignInMethod.SIGN_UP else "current-password")
        name.set("autocomplete", "nickname" if is_guest else "username")
        for other, button in self._buttons.items():
            button.set("type", "submit" if other is method else "button")
            button.set("class", "primary" if other is method else "")
            button.set("hidden", None if other is method or self._offers(other) else True)
        self._back.set("hidden", is_guest or not self._policy.admits_guests or None)

    def _offers(self, other: SignInMethod) -> bool:
        """Whether to show the button of another method."""
        if self._policy.admits_guests:
            return self._method is SignInMethod.GUEST
        return other is not SignInMethod.GUEST and self._flow.invitation is not None

    def _lead_text(self, method: SignInMethod) -> str:
        match method:
            case SignInMethod.SIGN_UP:
                return self._sign_up_text()
            case SignInMethod.SIGN_IN if self._policy.admits_guests:
                return self._tr("Welcome back.")
            case SignInMethod.SIGN_IN:
                return self._tr("This chat is for members only. Ask for an invitation to join.")
        if self._policy.needs_room_password:
            return self._tr("Pick a name and enter the room password.")
        return self._tr("Pick a name and start talking. No account needed.")

    def _sign_up_text(self) -> str:
        invitation = self._flow.invitation
        if invitation is None or self._policy.admits_guests:
            return self._tr("An account reserves your name on every device.")
        if invitation.role is Role.OWNER:
            return self._tr("This link makes you the owner of this chat. Choose a name and a password.")
        return self._tr("%(name)s invited you. Choose a name and a password.", name=invitation.created_by.name)

    def _enter(self, name: object, password: object = "", room_password: object = "") -> Awaitable[None]:
        match self._method:
            case SignInMethod.SIGN_IN:
                return self._flow.sign_in(name, password)
            case SignInMethod.SIGN_UP:
                return self._flow.sign_up(name, password, room_password)
        return self._flow.join(name, room_password)
