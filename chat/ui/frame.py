"""What stands around the messages, as HTML: the same for everybody who reads one language.

It costs no elements of NiceGUI's (4 KB each, for every page). Buttons are invoker commands: those that need Python name
the menu, which passes them on (`commandfor=menu command=--leave`).
"""

from html import escape

from chat.i18n import Translator
from chat.members import Member
from chat.transcript import FORMATS
from chat.ui.live import Node
from chat.ui.theme import Scheme

MENU = "menu"
DRAWER = "people-drawer"


def nodes(_: Translator, title: str) -> dict[str, Node]:
    """Bar, log and roster, roots `bar`, `messages` and `roster`: what holds the live parts together."""
    brand = f'<img src="/assets/favicon.svg" alt="" width=28 height=28><h1>{escape(title)}</h1>'
    buttons = icon("users", _("People"), f"popovertarget={DRAWER}") + icon("menu", _("Menu"), f"popovertarget={MENU}")
    close = icon("x", _("Close"), f"popovertarget={DRAWER} popovertargetaction=hide")
    people = escape(_("People"))
    return {
        "bar": _live("brand", "online", "buttons"),
        "brand": _html("div", brand),
        "buttons": _html("div", buttons),
        "messages": _live("log", "outbox"),
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox"}},
        "roster": _live("roster-head", "people"),
        "roster-head": _html("div", f"<h2>{people}</h2>{close}"),
    }


def menu(_: Translator, member: Member, scheme: Scheme) -> str:
    """What is in the menu of this person."""
    looks, downloads = escape(_("Appearance")), escape(_("Download history"))
    names = {Scheme.SYSTEM: _("System"), Scheme.LIGHT: _("Light"), Scheme.DARK: _("Dark")}
    return "".join((
        f"<p class=menu-name><bdi>{escape(member.name)}</bdi></p>",
        _item("pencil", _("Change name…"), "--rename"),
        f'<div class=schemes role=radiogroup aria-label="{looks}">',
        *(_choice("scheme", value, name, value is scheme) for value, name in names.items()),
        "</div>",
        f'<div class=downloads role=group aria-label="{downloads}"><span class=icon-download aria-hidden=true></span>',
        *(_download(_, suffix, _("Text") if suffix == "txt" else form.name) for suffix, form in FORMATS.items()),
        "</div>",
        _item("help", _("Commands"), "--help"),
        _item("trash", _("Clear history…"), "--clear") if member.may_clear else "",
        _item("leave", _("Leave"), "--leave"),
    ))  # fmt: skip


def field(_: Translator) -> str:
    """What is in the form where people write."""
    name, hint = escape(_("Message")), escape(_("Write a message…"))
    send = icon("send", _("Send"), "type=submit", "primary")
    look = f'aria-label="{name}" placeholder="{hint}"'
    return f"<textarea name=message rows=1 dir=auto autofocus autocomplete=off {look}></textarea>{send}"


def answer(_: Translator, lines: list[str]) -> str:
    """What is in an answer for one person only; `lines` are HTML."""
    close = icon("x", _("Close"), f"commandfor={MENU} command=--close-answer")
    return f"<div class=lines tabindex=0>{chr(10).join(lines)}</div>{close}"


def icon(picture: str, name: str, attributes: str, css: str = "") -> str:
    """A button that shows an icon of `assets/chat.css` and is called `name`."""
    kind, shown = "" if "type=" in attributes else "type=button", escape(name)
    look = f'class="icon icon-{picture} {css}" aria-label="{shown}" title="{shown}"'
    return f"<button {kind} {attributes} {look}></button>"


def _item(picture: str, name: str, command: str) -> str:
    invoke = f'commandfor={MENU} command="{command}"'
    return f'<button type=button class="item icon-{picture}" {invoke}>{escape(name)}</button>'


def _choice(group: str, value: str, name: str, chosen: bool) -> str:
    checked = "checked" if chosen else ""
    return f"<label><input type=radio name={group} value={value} {checked}>{escape(name)}</label>"


def _download(_: Translator, suffix: str, label: str) -> str:
    name = escape(_("Download as %(format)s", format=label))
    return f'<a href="/history.{suffix}" download aria-label="{name}" title="{name}">{escape(label)}</a>'


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: str) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
