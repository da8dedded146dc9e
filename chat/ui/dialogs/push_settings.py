"""The settings for pushes: a switch and, while it is on, what they show and when."""

from markupsafe import Markup
from nicegui import events

from chat.domain.accounts.preferences import Preferences
from chat.domain.commands.registry import N_
from chat.domain.errors import ChatError
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.asking import emit_choice
from chat.ui.browser.pushing import emit_push_support, show_push, switch_push
from chat.ui.html.escaping import fill
from chat.ui.page_context import PageContext

HOME = N_("On iPhone and iPad, first add this chat to the home screen (Share, Add to Home Screen) and open it there.")
DENIED = N_("Your browser blocks notifications from this site. You can change that in its settings.")
UNREACHABLE = N_("Your browser's push service can't be reached. Try again later.")


class PushSettings:
    """Appears in browsers that can get pushes; others say what they need, if they could."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        tr, chosen = page.tr, page.preferences
        with HtmlElement("div", {"class": "settings push"}) as element:
            with HtmlElement("label", {"class": "setting", "hidden": True}) as self._row:
                HtmlElement("span", text=tr("Push notifications"))
                attributes = {"type": "checkbox", "role": "switch", "defaultChecked": page.push.is_on}
                self._switch = HtmlElement("input", {**attributes, "aria-describedby": "push-hint"})
            hint = tr("They arrive even while this chat is closed.")
            self._hint = HtmlElement("p", {"id": "push-hint", "hidden": True}, hint)
            self._status = HtmlElement("p", {"role": "status"})
            with HtmlElement("div", {"class": "extras", "hidden": True}) as self._details:
                group = HtmlElement("div", html=_choices(tr, chosen))
                test = HtmlElement("button", {"type": "button"}, tr("Send me a test"))
        browser.on(element, "vnodeMounted", emit_push_support, self._show_support)
        browser.on(self._switch, "change", switch_push, self._switch_push)
        browser.on(group, "change", emit_choice, lambda event: page.set_preference(event.args))
        test.on("click", self._test)

    async def _show_support(self, event: events.GenericEventArguments) -> None:
        if event.args == "home":
            self._say(HOME)
        elif event.args == "ready":
            self._switch.set("data-key", await self._page.push.public_key())
            for part in (self._row, self._hint):
                part.set("hidden", None)
            self._show()

    async def _switch_push(self, event: events.GenericEventArguments) -> None:
        self._say("")
        try:
            match event.args:
                case ["on", found]:
                    await self._page.push.turn_on(found)
                case "off":
                    await self._page.push.turn_off()
                case "denied":
                    self._say(DENIED)
                case _:
                    self._say(UNREACHABLE)
        except ValueError:
            self._say(UNREACHABLE)
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
        self._show()

    async def _test(self) -> None:
        self._say("")
        try:
            if not await self._page.push.test():
                self._say(UNREACHABLE)
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
        self._show()  # the device may be gone

    def _say(self, text: str) -> None:
        self._status.show(self._page.tr(text))

    def _show(self) -> None:
        is_on = self._page.push.is_on
        self._details.set("hidden", None if is_on else True)
        browser.call(self._page.client, show_push, is_on)


def _choices(tr: Translator, chosen: Preferences) -> Markup:
    return fill(
        "<label class=setting><span>{text}</span><input type=checkbox name=push_text {shows_text}></label>"
        "<label class=setting><span>{quiet}</span><input type=checkbox name=quiet {is_quiet}></label>"
        "<div class=times>"
        '<input type=time name=quiet_from required value={start} aria-label="{from_label}"><span>–</span>'
        '<input type=time name=quiet_until required value={end} aria-label="{until_label}"></div>',
        text=tr("Show message text"),
        shows_text="checked" if chosen.push_text else "",
        quiet=tr("Quiet hours"),
        is_quiet="checked" if chosen.quiet else "",
        start=chosen.quiet_from,
        end=chosen.quiet_until,
        from_label=tr("Start of quiet hours"),
        until_label=tr("End of quiet hours"),
    )
