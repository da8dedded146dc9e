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

    def __init__(self, page: PageContext, home: HtmlElement) -> None:
        self._page = page
        self._home = home
        self._dialog: HtmlElement | None = None

    def rename(self) -> None:
        """Ask for another name."""
        tr, member = self._page.tr, self._page.member
        if not member:
            return

        async def rename(name: object) -> None:
            await self._page.rename(name)
            self.close()

        with self.open("rename", tr("Change name")):
            self._build_form([name_field(self._page, member.name)], tr("Save"), rename)

    def sign_up(self) -> None:
        """Make this guest an account."""
        page, tr = self._page, self._page.tr
        if not page.member or page.sign_in_flow.account:
            return
        with self.open("sign-up", tr("Make an account")):
            HtmlElement("p", text=tr("With an account, your name is yours alone, on every device."))
            fields = [name_field(page, page.member.name), password_field(page, is_new=True)]
            self._build_form(fields, tr("Sign up"), page.sign_in_flow.sign_up)

    def sign_in(self) -> None:
        """Be the holder of an account instead of this guest."""
        page, tr = self._page, self._page.tr
        if page.sign_in_flow.account:
            return
        with self.open("sign-in", tr("Sign in to your account")):
            self._build_form([name_field(page, ""), password_field(page)], tr("Sign in"), page.sign_in_flow.sign_in)

    def account(self) -> None:
        """What the holder of an account can do with it."""
        page, tr = self._page, self._page.tr
        if not page.sign_in_flow.account:
            return
        with self.open("account", tr("Your account")):
            if page.sign_in_flow.account.has_password:
                fields = [
                    password_field(page, tr("Current password")),
                    password_field(page, tr("New password"), is_new=True),
                ]
                self._build_form(fields, tr("Change password"), page.sign_in_flow.change_password, cancel=False)
            leave = page.sign_in_flow.sign_out_everywhere
            with HtmlElement("div", {"class": "buttons"}):
                HtmlElement("button", {"type": "button"}, tr("Sign out everywhere")).on("click", leave)
                HtmlElement("button", {"type": "button", "class": "danger"}, tr("Delete account…")).on(
                    "click", self.delete_account
                )
                self.build_cancel(tr("Close"))

    def delete_account(self) -> None:
        """Ask before an account is deleted, and what is to become of its messages."""
        page, tr = self._page, self._page.tr
        if not page.sign_in_flow.account:
            return
        with self.open("delete-account", tr("Delete your account?")):
            HtmlElement("p", text=tr("Your name becomes free for others. Your messages stay."))
            if page.sign_in_flow.account.has_password:
                form = self._build_form([password_field(page)], tr("Delete account"), page.sign_in_flow.delete_account)
            else:
                form = self._build_form([], tr("Delete account"), partial(page.sign_in_flow.delete_account, ""))
            form.add_choice("anonymise", tr("Take my name off my messages"))
            form.submit.set("class", "danger")

    def clear(self) -> None:
        """Ask before the history is wiped."""
        tr = self._page.tr
        text = tr("All messages are deleted for everyone and from the disk. This can't be undone.")
        with self.open("clear", tr("Clear the history?")):
            self._build_question(text, tr("Clear history"), self._page.chat.clear)

    def delete(self, message: Message) -> None:
        """Ask before a message is deleted."""
        tr = self._page.tr
        text = tr("It is deleted for everyone and from the disk. This can't be undone.")
        with self.open("delete", tr("Delete this message?")):
            HtmlElement("blockquote", {"dir": "auto"}, frame.excerpt(message))
            self._build_question(text, tr("Delete"), lambda member_id: self._page.chat.delete(member_id, message.id))

    def search(self, query: str = "") -> None:
        """Search the history."""
        with self.open("search", self._page.tr("Search")):
            Search(self._page, query)
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._page.tr("Close"))

    def keys(self) -> None:
        """List what can be done by keyboard."""
        with self.open("keys", self._page.tr("Keyboard")):
            HtmlElement("dl", {"class": "keys"}, html=frame.keys(self._page.tr))
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._page.tr("Close"))

    def settings(self) -> None:
        """Choose how the chat looks and of what it tells."""
        with self.open("settings", self._page.tr("Settings")):
            Settings(self._page)
            with HtmlElement("div", {"class": "buttons"}):
                self.build_cancel(self._page.tr("Close"))

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
        form = Form(self._page, fields, button, take)
        if cancel:
            with form.buttons:
                self.build_cancel()
        return form

    def build_cancel(self, name: str = "", **attributes: str) -> None:
        """A button that closes the dialog."""
        close = {"type": "button", "command": "close", "commandfor": "dialog", **attributes}
        HtmlElement("button", close, name or self._page.tr("Cancel"))

    def _build_question(self, text: str, button: str, action: Callable[[str], Awaitable[None]]) -> None:
        async def do() -> None:
            if not self._page.member:
                return
            try:
                await action(self._page.member.id)
            except ChatError as problem:
                reason.show(words.error(self._page.tr, problem))
            else:
                self.close()
                browser.refocus(self._page.client)

        HtmlElement("p", text=text)
        reason = HtmlElement("p", {"class": "reason", "role": "alert"})
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("button", {"type": "button", "class": "danger"}, button).on("click", do)
            self.build_cancel(autofocus="")
