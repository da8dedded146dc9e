"""The settings for pushes: a switch and, while it is on, what they show and when."""

from markupsafe import Markup
from nicegui import events

from chat.domain.accounts.preferences import Preferences
from chat.domain.errors import ChatError
from chat.domain.text.translatable import N_
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.dialogs.asking import emit_choice
from chat.ui.browser.pushing import emit_support, switch_push
from chat.ui.html.escaping import fill
from chat.ui.page_context import PageContext
from chat.ui.preference_choice import choose

HOME = N_("On iPhone and iPad, first add this chat to the home screen (Share, Add to Home Screen) and open it there.")
DENIED = N_("Your browser blocks notifications from this site. You can change that in its settings.")
APPLE = ("iPhone", "iPad", "Macintosh")  # which iPads say they are
UNREACHABLE = N_("Your browser's push service can't be reached. Try again later.")


class PushSettings:
    """Appears in browsers that can get pushes; on iPhones, it explains what they need for that."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        tr, chosen = page.tr, page.preferences
        with HtmlElement("div", {"class": "settings push"}) as section:
            with HtmlElement("label", {"class": "setting", "hidden": True}) as self._row:
                HtmlElement("span", text=tr("Push notifications"))
                attributes = {"type": "checkbox", "role": "switch", "defaultChecked": page.push.is_on}
                self._switch = HtmlElement("input", {**attributes, "aria-describedby": "push-hint"})
            hint = tr("They arrive even while this chat is closed.")
            self._hint = HtmlElement("p", {"id": "push-hint", "hidden": True}, hint)
            self._status = HtmlElement("p", {"role": "status"})
            with HtmlElement("div", {"hidden": True}) as self._details:
                group = HtmlElement("div", html=_choices(tr, chosen))
                with HtmlElement("div", {"class": "settings extras"}):
                    test = HtmlElement("button", {"type": "button"}, tr("Send me a test"))
        browser.on(section, "vnodeMounted", emit_support, self._show)
        browser.on(self._switch, "change", switch_push, self._switch_push)
        browser.on(group, "change", emit_choice, lambda event: choose(page, event.args))
        test.on("click", self._test)

    async def _show(self, event: events.GenericEventArguments) -> None:
        if event.args is True:
            self._switch.set("data-key", await self._page.push.public_key())
            for part in (self._row, self._hint):
                part.set("hidden", None)
            self._show_details()
        elif any(device in self._page.client.request.headers.get("user-agent", "") for device in APPLE):
            self._say(HOME)

    async def _switch_push(self, event: events.GenericEventArguments) -> None:
        self._say("")
        try:
            match event.args:
                case None:
                    await self._page.push.turn_off()
                case "granted":
                    self._say(UNREACHABLE)
                case str():
                    self._say(DENIED)
                case found:
                    await self._page.push.turn_on(found)
        except ValueError:
            self._say(UNREACHABLE)
            self._switch_back()
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
            self._switch_back()
        self._show_details()

    async def _test(self) -> None:
        self._say("")
        try:
            if not await self._page.push.test():
                self._say(UNREACHABLE)
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
        if not self._page.push.is_on:  # the push service no longer knows the device
            self._switch_back()
        self._show_details()

    def _switch_back(self) -> None:
        """Press the switch, so that the browser undoes its part, too."""
        self._switch.run_method("click")

    def _say(self, text: str) -> None:
        self._status.show(self._page.tr(text))

    def _show_details(self) -> None:
        self._details.set("hidden", None if self._page.push.is_on else True)


def _choices(tr: Translator, chosen: Preferences) -> Markup:
    return fill(
        "<label class=setting><span>{text}</span><input type=checkbox name=push_text {shows_text}></label>"
        "<label class=setting><span>{quiet}</span><input type=checkbox name=quiet {is_quiet}></label>"
        "<p>"
        '<input type=time name=quiet_from required value={start} aria-label="{from_label}"> – '
        '<input type=time name=quiet_until required value={end} aria-label="{until_label}"></p>',
        text=tr("Show message text"),
        shows_text="checked" if chosen.push_text else "",
        quiet=tr("Quiet hours"),
        is_quiet="checked" if chosen.quiet else "",
        start=chosen.quiet_from,
        end=chosen.quiet_until,
        from_label=tr("Start of quiet hours"),
        until_label=tr("End of quiet hours"),
    )
