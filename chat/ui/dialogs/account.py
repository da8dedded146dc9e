"""Dialogs about the member's name and account."""

from functools import partial

from chat.domain.rooms.directory.room_info import audience
from chat.domain.users import Role
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.dialogs.asking import select_all
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Form, name_field, password_field


class AccountDialogs:
    """Each method opens the page's dialog."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        self._flow = dialog.page.sign_in_flow
        dialog.openers |= {
            "rename": self.rename,
            "sign-up": self.sign_up,
            "sign-in": self.sign_in,
            "leave": self.leave,
            "account": self.account,
            "delete-account": self.delete_account,
        }

    def rename(self) -> None:
        tr, member = self._page.tr, self._page.member
        if not member:
            return

        async def rename(name: object) -> None:
            if self._page.member:
                await self._page.chat.members.rename(self._page.member.id, name)
            close()

        with self._dialog.open("rename", tr("Change name")) as close:
            form = self._dialog.build_form([name_field(tr, member.name)], tr("Save"), rename)
        browser.on(form.fields[0], "vnodeMounted", select_all)

    def sign_up(self) -> None:
        """Create an account for a guest."""
        tr, member = self._page.tr, self._page.member
        if not member or self._flow.account:
            return
        with self._dialog.open("sign-up", tr("Create an account")):
            has_role = member.role is not Role.GUEST
            keeps_role = tr("An account keeps your role and reserves your name on every device.")
            HtmlElement("p", text=keeps_role if has_role else tr("An account reserves your name on every device."))
            fields = [name_field(tr, member.name), password_field(tr, is_new=True)]
            form = self._dialog.build_form(fields, tr("Sign up"), self._flow.sign_up)
            form.autofocus(form.fields[1])

    def sign_in(self) -> None:
        """Replace a guest by an account."""
        tr = self._page.tr
        if self._flow.account:
            return
        with self._dialog.open("sign-in", tr("Sign in to your account")):
            self._dialog.build_form([name_field(tr, ""), password_field(tr)], tr("Sign in"), self._flow.sign_in)

    def leave(self) -> None:
        """Ask before a guest leaves, whom only this browser remembers."""
        tr, page = self._page.tr, self._page
        if not page.member:
            return

        async def leave(_member_id: str) -> None:
            await page.leave()

        text = tr("You can come back as %(name)s in this browser. Your draft is kept.", name=page.member.name)
        with self._dialog.open("leave", tr("Leave the chat?")) as close:
            if any(audience(room) for room in page.chat.directory.visible_to(page.member_id)):
                HtmlElement("p", text=tr("You also leave your private rooms and conversations."))
            self._dialog.build_question(text, tr("Leave"), leave, close)

    def account(self) -> None:
        """Offer to change the password, to sign out everywhere and to delete the account."""
        tr = self._page.tr
        if not self._flow.account:
            return
        with self._dialog.open("account", tr("Your account")):
            if self._flow.account.has_password:
                fields = [
                    password_field(tr, tr("Current password")),
                    password_field(tr, tr("New password"), is_new=True),
                ]
                Form(self._page, fields, tr("Change password"), self._flow.change_password)
            with HtmlElement("div", {"class": "buttons"}):
                sign_out = HtmlElement("button", {"type": "button"}, tr("Sign out everywhere"))
                sign_out.on("click", self._flow.sign_out_everywhere)
                delete = HtmlElement("button", {"type": "button", "class": "danger"}, tr("Delete account…"))
                delete.on("click", self.delete_account)

    def delete_account(self) -> None:
        """Ask before the account is deleted, and whether its messages keep the name."""
        tr = self._page.tr
        if not self._flow.account:
            return
        with self._dialog.open("delete-account", tr("Delete your account?")):
            HtmlElement("p", text=tr("Others will be able to use your name. Your messages will stay."))
            if self._flow.account.has_password:
                fields, delete = [password_field(tr)], self._flow.delete_account
                form = self._dialog.build_form(fields, tr("Delete account"), delete)
            else:
                form = self._dialog.build_form([], tr("Delete account"), partial(self._flow.delete_account, ""))
            form.add_checkbox("anonymize", tr("Remove my name from my messages"))
            form.submit.set("class", "danger")
