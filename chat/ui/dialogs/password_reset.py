"""The dialog in which an admin creates a link for a member who forgot the password."""

from chat.domain.errors import ChatError
from chat.domain.users import UserRef
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.dialogs.asking import copy, select_link
from chat.ui.dialogs.dialog import Dialog
from chat.ui.html.buttons import link_to_copy


class PasswordResetDialog:
    """Explains the link, creates it on demand, and shows it once."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        dialog.openers["reset"] = self._open_again

    def can_open(self, target: UserRef) -> bool:
        has_passwords = self._page.sign_in_flow.access_policy.has_account_passwords
        return has_passwords and self._page.app.password_resets.can_create(self._page.member_id, target.id)

    def _open_again(self, target_id: str) -> None:
        target = self._page.chat.people.find_user(target_id)
        if target and self.can_open(target):
            self.open(target)

    def open(self, target: UserRef) -> None:
        tr = self._page.tr
        text = tr(
            "With this link, %(name)s can choose a new password, and is then signed out everywhere else. It works "
            "once, within 24 hours. Give it to nobody else.",
            name=target.name,
        )
        with self._dialog.open("step", f"{tr('Reset password')} · {target.name}", "reset", target.id):
            HtmlElement("p", text=text)
            error = HtmlElement("p", {"class": "reason", "role": "alert"})
            link = HtmlElement("p", {"class": "link", "role": "status"})
            with HtmlElement("div", {"class": "buttons"}):
                create = HtmlElement("button", {"type": "button", "class": "primary"}, tr("Create link"))
                self._dialog.build_close_button(tr("Close"))
        browser.on(link, "click", copy)

        async def show_link() -> None:
            try:
                token = await self._page.app.password_resets.create(self._page.member_id, target.id)
            except ChatError as problem:
                error.show(self._page.error_message(problem))
                return
            error.show("")
            link.set("innerHTML", link_to_copy(tr, self._page.url(f"/reset/{token}")))
            create.set("hidden", True)
            browser.call(self._page.client, select_link)

        create.on("click", show_link)
