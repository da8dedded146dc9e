"""Dialogs to moderate a member, and to report a message."""

from collections.abc import Callable

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.users import UserRef
from chat.framework.elements import HtmlElement
from chat.i18n import phrases
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Field, Form
from chat.ui.dialogs.moderation_steps import Step, purge, steps
from chat.ui.dialogs.password_reset import PasswordResetDialog
from chat.ui.html import chrome


class ModerationDialogs:
    """Each method opens the page's dialog and offers only permitted actions; the domain decides when one is taken."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        self._password_reset = PasswordResetDialog(dialog)
        dialog.openers |= {"person": self.moderate, "step": self._ask_again}

    def moderate(self, member_id: str) -> None:
        """Let the moderator pick one of the permitted actions against a member; its details are asked next."""
        page, target = self._page, self._page.chat.people.find_user(member_id)
        if page.member is None or target is None:
            return
        permitted = [*steps(page.tr, page.room, page.member, target)]
        can_reset = self._password_reset.can_open(target)
        if not permitted and not can_reset:
            return
        with self._dialog.open("person", target.name, "person", target.id) as close:
            error = HtmlElement("p", {"class": "reason", "role": "alert"})
            buttons = HtmlElement("div", {"class": "buttons"})
        with buttons:
            for step in permitted:
                label = phrases.with_dots(page.tr, step.label) if step.asks else step.label
                css = "danger-text" if step.is_dangerous else ""
                button = HtmlElement("button", {"type": "button", "class": css}, label)
                button.on("click", lambda step=step: self._open_step(step, target, error, close))
            if can_reset:
                label = phrases.with_dots(page.tr, page.tr("Reset password"))
                button = HtmlElement("button", {"type": "button"}, label)
                button.on("click", lambda: self._password_reset.open(target))
            self._dialog.build_close_button(page.tr("Cancel"))

    async def _open_step(self, step: Step, target: UserRef, error: HtmlElement, close: Callable[[], None]) -> None:
        """Ask for the details of an action, or take it if there are none; `error` shows why that was refused."""
        if step.asks:
            self._ask(step, target)
            return
        try:
            await self._take(step, self._page.room.id)
        except ChatError as problem:
            error.show(self._page.error_message(problem))
        else:
            close()

    def purge(self, target: UserRef, count: int) -> None:
        """Ask how many of a member's last messages to delete, and in which rooms."""
        self._ask(purge(self._page.tr, target, count), target, str(count))

    def _ask_again(self, target_id: str, name: str, count: str = "") -> None:
        """Ask for the details of an action by its name."""
        page, target = self._page, self._page.chat.people.find_user(target_id)
        if target is None or page.member is None:
            return
        if count:
            self.purge(target, int(count))
            return
        for step in steps(page.tr, page.room, page.member, target):
            if step.name == name:
                self._ask(step, target)

    def _ask(self, step: Step, target: UserRef, *count: str) -> None:
        room_id = self._page.room.id  # the page may show another room by the time the action is taken

        async def take(*values: object) -> None:
            await self._take(step, room_id, *values)
            close()

        heading = f"{step.label} · {target.name}"
        with self._dialog.open("step", heading, "step", target.id, step.name, *count) as close:
            if step.text:
                HtmlElement("p", text=step.text)
            form = Form(self._page, [*step.fields], step.label, take, is_dangerous=step.is_dangerous)
            with form.buttons:
                self._dialog.build_close_button(self._page.tr("Cancel"))

    async def _take(self, step: Step, room_id: str, *values: object) -> None:
        if self._page.member:
            await self._page.chat.moderation.perform(self._page.member.id, room_id, step.act(*values))

    def report(self, message: Message, on_reported: Callable[[], None]) -> None:
        """Ask why a message is reported."""
        page, tr, room_id = self._page, self._page.tr, self._page.room.id

        async def report(reason: object) -> None:
            if page.member:
                await page.chat.moderation.report(page.member.id, room_id, message.id, reason)
            close()
            on_reported()

        with self._dialog.open("report", tr("Report this message?"), "report", message.id) as close:
            HtmlElement("blockquote", {"dir": "auto"}, chrome.excerpt(message))
            HtmlElement("p", text=tr("Only moderators will see this report and your name."))
            self._dialog.build_form([Field("reason", tr("Reason"), "off")], tr("Report"), report)
