"""The bar at the top: title, how many are here, and the menu."""

from chat.events import Fact, MemberChanged
from chat.transcript import FORMATS
from chat.ui import dialogs, roster
from chat.ui.live import Live
from chat.ui.theme import Scheme, Tag, icon_button
from chat.ui.visit import Visit

MENU = "menu"


class Header:
    """The bar with its menu. `help` is the item that asks for the list of commands."""

    def __init__(self, visit: Visit, title: str, scheme_style: Tag) -> None:
        self._visit = visit
        self._scheme_style = scheme_style
        self._schemes: dict[Scheme, Tag] = {}
        _ = visit._
        with Tag("header", {"class": "bar"}):
            Tag("img", {"src": "/assets/favicon.svg", "alt": "", "width": 28, "height": 28})
            Tag("h1", text=title)
            with Tag("div", {"class": "online", "role": "status", "aria-label": _("Online")}):
                Live(visit.board.region, "online")
            icon_button("users", _("People"), {"popovertarget": roster.DRAWER})
            icon_button("menu", _("Menu"), {"popovertarget": MENU})
        with Tag("div", {"id": MENU, "popover": "auto", "class": "menu"}):
            self._build_menu()
        visit.client.on_delete(visit.chat.subscribe(self._on_fact))

    def _build_menu(self) -> None:
        _, member = self._visit._, self._visit.member
        assert member
        with Tag("p", {"class": "menu-name"}):
            self._name = Tag("bdi", text=member.name)
        _item("pencil", _("Change name…"), {"command": "show-modal", "commandfor": dialogs.RENAME})
        with Tag("div", {"class": "schemes", "role": "group", "aria-label": _("Appearance")}):
            names = {Scheme.SYSTEM: _("System"), Scheme.LIGHT: _("Light"), Scheme.DARK: _("Dark")}
            for scheme, name in names.items():
                self._schemes[scheme] = Tag("button", {"type": "button"}, name)
                self._schemes[scheme].on("click", lambda scheme=scheme: self._set_scheme(scheme))
        self._show_scheme()
        with Tag("div", {"class": "downloads", "role": "group", "aria-label": _("Download history")}):
            Tag("span", {"class": "icon-download", "aria-hidden": "true"})
            labels = {"txt": _("Text"), "md": "Markdown", "json": "JSON", "csv": "CSV"}
            for suffix in FORMATS:
                name = _("Download as %(format)s", format=labels[suffix])
                link = {"href": f"/history.{suffix}", "download": "", "aria-label": name, "title": name}
                Tag("a", link, labels[suffix])
        self.help = _item("help", _("Commands"), {"popovertarget": MENU, "popovertargetaction": "hide"})
        self._clear = _item("trash", _("Clear history…"), {"command": "show-modal", "commandfor": dialogs.CLEAR})
        self._clear.set("hidden", not member.may_clear or None)
        _item("leave", _("Leave")).on("click", self._visit.leave)

    def _set_scheme(self, scheme: Scheme) -> None:
        self._visit.scheme = scheme
        self._scheme_style.show(scheme.css)
        self._show_scheme()

    def _show_scheme(self) -> None:
        for scheme, button in self._schemes.items():
            button.set("aria-pressed", "true" if scheme is self._visit.scheme else "false")

    def _on_fact(self, fact: Fact) -> None:
        member = self._visit.member
        if isinstance(fact, MemberChanged) and member and fact.member.id == member.id:
            self._name.show(fact.member.name)
            self._clear.set("hidden", not fact.member.may_clear or None)


def _item(icon: str, name: str, attributes: dict[str, object] | None = None) -> Tag:
    return Tag("button", {"type": "button", "class": f"item icon-{icon}", **(attributes or {})}, name)
