"""The settings: one's picture, appearance and notifications. A change applies at once, in all tabs of the browser."""

from collections.abc import Iterable

from markupsafe import Markup
from nicegui import events

from chat.domain.accounts.preference_choices import Accent, Density, JoinNotices, NotificationSound, TextSize
from chat.domain.accounts.preferences import Preferences
from chat.domain.text.translatable import N_
from chat.framework.elements import HtmlElement
from chat.i18n.phrases import LEVELS
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.dialogs.asking import emit_choice
from chat.ui.browser.notifying import ask_permission, emit_permission
from chat.ui.dialogs.own_picture import OwnPicture
from chat.ui.dialogs.push_settings import PushSettings
from chat.ui.html.buttons import choice
from chat.ui.html.escaping import concat, fill
from chat.ui.page_context import PageContext
from chat.ui.personal_css import BRANDS
from chat.ui.preference_choice import choose

ACCENTS = {
    Accent.CHAT: N_("Default"),
    Accent.BLUE: N_("Blue"),
    Accent.TEAL: N_("Teal"),
    Accent.GREEN: N_("Green"),
    Accent.AMBER: N_("Amber"),
    Accent.RED: N_("Red"),
    Accent.PINK: N_("Pink"),
    Accent.VIOLET: N_("Violet"),
}
DENSITIES = {Density.COMFORTABLE: N_("Comfortable"), Density.COMPACT: N_("Compact")}
JOINS = {JoinNotices.SHOW: N_("Show"), JoinNotices.HIDE: N_("Hide"), JoinNotices.SMALL: N_("In small rooms")}
SOUNDS = {
    NotificationSound.DROP: N_("Drop"),
    NotificationSound.CHIME: N_("Chime"),
    NotificationSound.KNOCK: N_("Knock"),
    NotificationSound.BELL: N_("Bell"),
}
PERMISSIONS = {
    "granted": "",
    "default": N_("Notifications are not turned on yet."),
    "denied": N_("Your browser blocks notifications from this site. You can change that in its settings."),
    "": N_("Your browser can't show notifications for this site."),
}


class UserSettings:
    """The forms; there is nothing to save."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._tr = tr = page.tr
        with HtmlElement("div", {"class": "settings"}):
            OwnPicture(page)
        for html in (_appearance(tr, page.preferences), _notifications(tr, page.preferences)):
            group = HtmlElement("div", {"class": "settings"}, html=html)
            browser.on(group, "change", emit_choice, lambda event: choose(page, event.args))
        with HtmlElement("div", {"class": "settings extras"}):
            HtmlElement("button", {"type": "button", "class": "icon-play"}, tr("Play sound")).on("click", self._play)
            self._ask = HtmlElement("button", {"type": "button", "hidden": True}, tr("Allow notifications"))
            self._permission = HtmlElement("p", {"role": "status"})
        if page.push.is_offered:
            PushSettings(page)
        browser.on(self._ask, "vnodeMounted", emit_permission, self._show_permission)
        browser.on(self._ask, "click", ask_permission, self._show_permission)

    def _play(self) -> None:
        if self._page.notifier:
            self._page.notifier.play(self._page.preferences)

    def _show_permission(self, event: events.GenericEventArguments) -> None:
        if event.args in PERMISSIONS:
            self._ask.set("hidden", None if event.args == "default" else True)
            self._permission.show(self._tr(PERMISSIONS[event.args]))


def _appearance(tr: Translator, chosen: Preferences) -> Markup:
    sizes = {size: tr.percent(int(size)) for size in TextSize}
    joins = [(value, tr(name)) for value, name in JOINS.items()]
    densities = {density: tr(name) for density, name in DENSITIES.items()}
    contrast = fill("<input type=checkbox name=contrast {checked}>", checked="checked" if chosen.contrast else "")
    return concat((
        _group(tr("Colour"), "swatches", (_swatch(tr, accent, accent is chosen.accent) for accent in Accent)),
        _group(tr("Text size"), "schemes", _choices("size", sizes.items(), chosen.size)),
        _group(tr("Messages"), "schemes", _choices("density", densities.items(), chosen.density)),
        _row(tr("High contrast"), contrast),
        _select(tr("Joins and leaves"), "joins", joins, chosen.joins),
    ))  # fmt: skip


def _notifications(tr: Translator, chosen: Preferences) -> Markup:
    levels, sounds = ([(value, tr(name)) for value, name in names.items()] for names in (LEVELS, SOUNDS))
    volume = fill("<input type=range name=volume min=0 max=100 step=5 value={volume}>", volume=chosen.volume)
    return concat((
        fill("<h3>{heading}</h3>", heading=tr("When I'm away")),
        _select(tr("Notifications"), "desktop", levels, chosen.desktop),
        _select(tr("Unread count in the tab title"), "title", levels, chosen.title),
        _select(tr("Sound"), "sound", levels, chosen.sound),
        _select(tr("Notification sound"), "tone", sounds, chosen.tone),
        _row(tr("Volume"), volume),
    ))  # fmt: skip


def _group(label: str, css: str, choices: Iterable[Markup]) -> Markup:
    return fill(
        "<fieldset><legend>{label}</legend><div class={css}>{choices}</div></fieldset>",
        label=label,
        css=css,
        choices=concat(choices),
    )


def _choices(field: str, options: Iterable[tuple[str, str]], chosen: str) -> Iterable[Markup]:
    return (choice(field, value, label, value == chosen) for value, label in options)


def _select(label: str, field: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    rows = concat(
        fill(
            "<option value={value} {selected}>{label}</option>",
            value=value,
            selected="selected" if value == chosen else "",
            label=option,
        )
        for value, option in options
    )
    return _row(label, fill("<select name={field}>{rows}</select>", field=field, rows=rows))


def _row(label: str, control: Markup) -> Markup:
    return fill("<label class=setting><span>{label}</span>{control}</label>", label=label, control=control)


def _swatch(tr: Translator, accent: Accent, is_chosen: bool) -> Markup:
    return fill(
        '<label title="{label}" style="--swatch:{color}">'
        '<input type=radio name=accent value={accent} aria-label="{label}" {checked}></label>',
        label=tr(ACCENTS[accent]),
        color=BRANDS.get(accent, "var(--chat-brand)"),
        accent=accent,
        checked="checked" if is_chosen else "",
    )
