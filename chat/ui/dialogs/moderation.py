"""What moderators do with people, and everybody with a message that should not be there, as dialogs."""

from collections.abc import Awaitable, Callable

from chat.domain.messages.message import Message
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Role
from chat.framework.elements import HtmlElement
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.dialogs.forms import Field, Form
from chat.ui.html import chrome as frame
from chat.ui.page_context import PageContext

PURGED = 10


class Moderation:
    """Opens its dialogs in the page's one `<dialog>`. What may be done is asked of the domain when it is done."""

    def __init__(self, page: PageContext, dialogs: Dialogs) -> None:
        self._page = page
        self._dialogs = dialogs
        self.commands: dict[str, Callable[[str, str], Awaitable[None] | None]] = {
            "--person": lambda member_id, _: self.person(member_id),
        }

    def person(self, member_id: str) -> None:
        """Offer what can be done with somebody."""
        page, tr = self._page, self._page.tr
        name, role = page.chat.room.name_of(member_id), page.chat.room.role_of(member_id)
        me = page.member
        if not me or name is None or not has_permission(me.role, Permission.MUTE, role):
            return
        choices = {"mute": tr("Mute"), "kick": tr("Kick out"), "ban": tr("Ban")}
        choices["purge"] = tr("Delete last messages")
        if has_permission(me.role, Permission.CHANGE_MODERATORS, role) and page.chat.room.known(member_id):
            other = Role.MEMBER if role is Role.MODERATOR else Role.MODERATOR
            choices[f"role {other}"] = tr("Dismiss") if role is Role.MODERATOR else tr("Make moderator")

        async def act(choice: object, time: object, why: object) -> None:
            await self._act(choice, member_id, time, why)
            self._dialogs.close()

        with self._dialogs.open("person", name):
            fields = [
                Field("time", tr("For how long (10m, 2h, 7d; a ban without is for good)"), "off"),
                Field("why", tr("Reason"), "off"),
            ]
            form = Form(page, fields, "", act, choices)
            with form.buttons:
                self._dialogs.build_cancel()

    async def _act(self, choice: object, whom: str, time: object, why: object) -> None:
        if not self._page.member:
            return
        desk, me = self._page.chat.moderation, self._page.member.id
        match choice:
            case "mute":
                await desk.mute(me, whom, time or "10m", why)
            case "kick":
                await desk.kick(me, whom, why)
            case "ban":
                await desk.ban(me, whom, time, why)
            case "purge":
                await desk.purge(me, whom, PURGED)
            case str() if choice.startswith("role "):
                await desk.change_role(me, whom, choice.removeprefix("role "))

    def report(self, message: Message, done: Callable[[], None]) -> None:
        """Ask why a message is to be reported; `done` is called when it is."""
        page, tr = self._page, self._page.tr

        async def report(why: object) -> None:
            if page.member:
                await page.chat.report(page.member.id, message.id, why)
            self._dialogs.close()
            done()

        with self._dialogs.open("report", tr("Report this message?")):
            HtmlElement("blockquote", {"dir": "auto"}, frame.excerpt(message))
            HtmlElement("p", text=tr("The moderators are told, with your name. Nobody else is."))
            form = Form(page, [Field("why", tr("Reason"), "off")], tr("Report"), report)
            with form.buttons:
                self._dialogs.build_cancel()
