"""Dialogs: a new name, last questions, search, the keys. Built when they are opened."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.framework.elements import HtmlElement
from chat.i18n import phrases as words
from chat.ui import browser
from chat.ui.dialogs.forms import Field, Form, name_field, password_field
from chat.ui.dialogs.search import Search
from chat.ui.dialogs.user_settings import Settings
from chat.ui.html import chrome as frame
from chat.ui.page_context import PageContext


class Dialogs:
    """What can stand in the one modal `<dialog>` of a page."""

    def __init__(self, visit: PageContext, home: HtmlElement) -> None:
        self._visit = visit
        self._home = home
        self._dialog: HtmlElement | None = None

    def rename(self) -> None:
        """Ask for another name."""
        _, member = self._visit._, self._visit.member
        if not member:
            return

        async def rename(name: object) -> None:
            await self._visit.rename(name)
            self.close()

        with self.open("rename", _("Change name")):
            self._build_form([name_field(self._visit, member.name)], _("Save"), rename)

    def sign_up(self) -> None:
        """Make this guest an account."""
        visit, _ = self._visit, self._visit._
        if not visit.member or visit.entrance.account:
            return
        with self.open("sign-up", _("Make an account")):
            HtmlElement("p", text=_("With an account, your name is yours alone, on every device."))
            fields = [name_field(visit, visit.member.name), password_field(visit, is_new=True)]
            self._build_form(fields, _("Sign up"), visit.entrance.sign_up)

    def sign_in(self) -> None:
        """Be the holder of an account instead of this guest."""
        visit, _ = self._visit, self._visit._
        if visit.entrance.account:
            return
        with self.open("sign-in", _("Sign in to your account")):
            self._build_form([name_field(visit, ""), password_field(visit)], _("Sign in"), visit.entrance.sign_in)

    def account(self) -> None:
        """What the holder of an account can do with it."""
        visit, _ = self._visit, self._visit._
        if not visit.entrance.account:
            return
        with self.open("account", _("Your account")):
            if visit.entrance.account.has_password:
                fields = [
                    password_field(visit, _("Current password")),
                    password_field(visit, _("New password"), is_new=True),
                ]
                self._build_form(fields, _("Change password"), visit.entrance.change_password, cancel=False)
            leave = visit.entrance.sign_out_everywhere
            with HtmlElement("div", {"class": "buttons"}):
                HtmlElement("button", {"type": "button"}, _("Sign out everywhere")).on("click", leave)
                HtmlElement("button", {"type": "button", "class": "danger"}, _("Delete account…")).on(
                    "click", self.delete_account
                )
                self.build_cancel(_("Close"))

    def delete_account(self) -> None:
        """Ask before an account is deleted, and what is to become of its messages."""
        visit, _ = self._visit, self._visit._
        if not visit.entrance.account:
            return
        with self.open("delete-account", _("Delete your account?")):
            HtmlElement("p", text=_("Your name becomes free for others. Your messages stay."))
            if visit.entrance.account.has_password:
                form = self._build_form([password_field(visit)], _("Delete account"), visit.entrance.delete_account)
            else:
                form = self._build_form([], _("Delete account"), partial(visit.entrance.delete_account, ""))
            form.add_choice("anonymise", _("Take my name off my messages"))
            form.submit.set("class", "danger")

    def clear(self) -> None:
        """Ask before the history is wiped."""
        _ = self._visit._
        text = _("All messages are deleted for everyone and from the disk. This can't be undone.")
        with self.open("clear", _("Clear the history?")):
            self._build_question(text, _("Clear history"), self._visit.chat.clear)

    def delete(self, message: Message) -> None:
        """Ask before a message is deleted."""
        _ = self._visit._
        text = _("It is deleted for everyone and from the disk. This can't be undone.")
        with self.open("delete", _("Delete this message?")):
            HtmlElement("blockquote", {"dir": "auto"}, frame.excerpt(message))
            self._build_question(text, _("Delete"), lambda member_id: self._visit.chat.delete(member_id, message.id))

    def search(self, query: str = "") -> None:
        """Search the history."""
        with self.open("search", self._visit._("Search")):
            Search(self._visit, query)
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._visit._("Close"))

    def keys(self) -> None:
        """List what can be done by keyboard."""
        with self.open("keys", self._visit._("Keyboard")):
            HtmlElement("dl", {"class": "keys"}, html=frame.keys(self._visit._))
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._visit._("Close"))

    def settings(self) -> None:
        """Choose how the chat looks and of what it tells."""
        with self.open("settings", self._visit._("Settings")):
            Settings(self._visit)
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._visit._("Close"))

    def close(self) -> None:
        """Close what is open."""
        if self._dialog:
            self._dialog.run_method("close")

    @contextmanager
    def open(self, name: str, heading: str) -> Iterator[HtmlElement]:
        """Open the dialog; what is built in this context is in it. `name` is for the style sheet."""
        if self._dialog:
            self._dialog.delete()
        with self._home:
            self._dialog = HtmlElement(
                "dialog", {"id": "dialog", "class": f"{name}-dialog", "aria-labelledby": "dialog-heading"}
            )
        browser.on(self._dialog, "close", browser.RETURN)
        with self._dialog:
            HtmlElement("h2", {"id": "dialog-heading"}, heading)
            yield self._dialog
        self._dialog.run_method("showModal")

    def _build_form(
        self, fields: list[Field], button: str, take: Callable[..., Awaitable[None]], *, cancel: bool = True
    ) -> Form:
        form = Form(self._visit, fields, button, take)
        if cancel:
            with form.buttons:
                self.build_cancel()
        return form

    def build_cancel(self, name: str = "", **attributes: str) -> None:
        """A button that closes the dialog."""
        close = {"type": "button", "command": "close", "commandfor": "dialog", **attributes}
        HtmlElement("button", close, name or self._visit._("Cancel"))

    def _build_question(self, text: str, button: str, action: Callable[[str], Awaitable[None]]) -> None:
        async def do() -> None:
            if not self._visit.member:
                return
            try:
                await action(self._visit.member.id)
            except ChatError as problem:
                reason.show(words.error(self._visit._, problem))
            else:
                self.close()
                browser.refocus(self._visit.client)

        HtmlElement("p", text=text)
        reason = HtmlElement("p", {"class": "reason", "role": "alert"})
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("button", {"type": "button", "class": "danger"}, button).on("click", do)
            self.build_cancel(autofocus="")
