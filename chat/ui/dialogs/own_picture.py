"""The part of the settings in which members choose a picture of themselves."""

from markupsafe import Markup
from nicegui import events

from chat.domain.errors import ChatError
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.dialogs.picturing import (
    choose_picture,
    leave_picture,
    place_square,
    show_chosen,
    take_picture,
)
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar
from chat.ui.page_context import PageContext
from chat.ui.uploads_off import why_off


class OwnPicture:
    """Shows the member's avatar, with buttons to change and to remove the picture."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        tr, limit = page.tr, page.chat.uploads.limits.file
        texts = {
            "data-limit": limit,
            "data-large": tr("This file is too large. Files can have up to %(size)s.", size=tr.size(limit)),
            "data-cut": tr("The connection was lost."),
        }
        with HtmlElement("fieldset", {"class": "own-picture", **texts}):
            HtmlElement("legend", text=tr("Picture"))
            with HtmlElement("div", {"class": "current"}):
                self._shown = HtmlElement("span")
                self._change = HtmlElement("button", {"type": "button"}, tr("Change picture"))
                self._remove = HtmlElement("button", {"type": "button"}, tr("Remove picture"))
                chooser = HtmlElement("input", {"type": "file", "accept": "image/*", "hidden": True})
            with HtmlElement("div", {"class": "crop", "hidden": True}):
                with HtmlElement("div", {"class": "frame"}):
                    HtmlElement("img", {"alt": ""})
                sliders = HtmlElement("div", html=_sliders(tr))
                take = HtmlElement("button", {"type": "button", "class": "primary"}, tr("Use picture"))
                leave = HtmlElement("button", {"type": "button"}, tr("Cancel"))
            HtmlElement("progress", {"hidden": True, "max": 1, "aria-label": tr("Picture")})
            self._status = HtmlElement("p", {"role": "status"})
        browser.on(self._change, "click", choose_picture)
        browser.on(chooser, "change", show_chosen, self._on_uploaded)
        browser.on(sliders, "input", place_square)
        browser.on(take, "click", take_picture, self._on_uploaded)
        browser.on(leave, "click", leave_picture)
        self._remove.on("click", self._on_remove)
        if not page.chat.avatars.is_on:
            self._change.set("disabled", True)
            self._status.show(why_off(page))
        self._show()

    def _show(self) -> None:
        member = self._page.member
        if member:
            found = self._page.chat.people.avatar_of(member.id)
            self._shown.set("innerHTML", avatar(found, member.name))
            self._remove.set("hidden", None if found.picture else True)

    def _on_uploaded(self, event: events.GenericEventArguments) -> None:
        """Show the new picture, or why it was refused."""
        if isinstance(event.args, str):
            self._status.show(event.args or self._page.tr("Your picture was changed."))
            self._show()

    async def _on_remove(self) -> None:
        if self._page.member is None:
            return
        try:
            await self._page.chat.avatars.remove(self._page.member.id)
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
            return
        self._status.show(self._page.tr("Your picture was changed."))
        self._show()
        self._change.run_method("focus")  # the other button is gone


def _sliders(tr: Translator) -> Markup:
    """Render what moves and enlarges the picture within its frame."""
    rows = (
        ("zoom", tr("Zoom"), 1, 4, 0.05),
        ("across", tr("Sideways"), 0, 1, 0.01),
        ("down", tr("Up and down"), 0, 1, 0.01),
    )
    return concat(
        fill(
            "<label class=setting><span>{label}</span>"
            "<input type=range name={name} min={least} max={most} step={step} dir=ltr></label>",
            name=name,
            label=label,
            least=least,
            most=most,
            step=step,
        )
        for name, label, least, most, step in rows
    )
