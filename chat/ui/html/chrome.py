"""What stands around the messages, as HTML: the same for everybody who reads one language.

It costs no elements of NiceGUI's (4 KB each, for every page). Buttons are invoker commands: those that need Python name
the menu, which passes them on (`commandfor=menu command=--leave`).
"""

from collections.abc import Iterable
from functools import cache
from html import escape

from chat.branding import Brand
from chat.domain.accounts.preferences import ColorScheme
from chat.domain.messages.message import Message
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member
from chat.framework.live_region import Node
from chat.i18n.translator import Translator, languages, translator
from chat.text.export import FORMATS
from chat.text.markup.renderer import to_plain
from chat.ui.html.message import MENU

DRAWER = "people-drawer"
TOPIC = "whole-topic"


def nodes(_: Translator) -> dict[str, Node]:
    """What holds the live parts together (roots `bar` and `roster`), and the buttons that all messages share."""
    buttons = "".join((
        icon("mute", _("Mute sounds"), _invoke("--mute")),
        icon("unmute", _("Unmute sounds"), _invoke("--unmute")),
        icon("users", _("People"), f"popovertarget={DRAWER}"),
        icon("menu", _("Menu"), f"popovertarget={MENU}"),
    ))  # fmt: skip
    close = icon("x", _("Close"), f"popovertarget={DRAWER} popovertargetaction=hide")
    people, slow = escape(_("People")), _("The connection is slow. It is on its way…")
    return {
        "bar": _live("brand", "online", "buttons", "acts"),
        "buttons": _html("div", buttons),
        "acts": {"tag": "template", "props": {"id": "acts", "innerHTML": f"<div class=acts>{_acts(_)}</div>"}},
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox", "data-slow": slow}},
        "spot": {"tag": "i", "props": {"id": "spot"}},
        "roster": _live("roster-head", "people"),
        "roster-head": _html("div", f"<h2>{people}</h2>{close}"),
    }


def lost(_: Translator, *, is_restart: bool = False) -> dict[str, Node]:
    """What is said while there is no connection; of a restart, at once."""
    text = _("The chat is being updated and will be back in a moment. You can go on writing.")
    if not is_restart:
        text = _("Connection lost. Trying again… You can go on writing.")
    css = "offline restart" if is_restart else "offline"
    return {"lost": {"tag": "p", "props": {"class": css, "role": "alert", "textContent": text}}}


def gap(words: str, chunk: int, side: str) -> Node:
    """A button in the place of messages that the page has not been sent: those `earlier` or `later` than its own."""
    invoke = {"type": "button", "commandfor": MENU, "command": "--load", "value": chunk}
    return {"tag": "button", "props": {**invoke, "class": f"gap {side}", "textContent": words}}


def brand(brand: Brand, topic: str) -> dict[str, Node]:
    """The name of the chat and what it is about; where that is cut, a click shows all of it."""
    about, said = "", escape(to_plain(topic, len(topic)))
    if topic:
        about = f'<button type=button class=topic dir=auto title="{said}" popovertarget={TOPIC}>{said}</button>'
        about += f"<p id={TOPIC} popover dir=auto>{said}</p>"
    html = f'<img src="{brand.picture}" alt="" width=28 height=28><div><h1>{escape(brand.title)}</h1>{about}</div>'
    return {"brand": _html("div", html)}


def menu(_: Translator, member: Member, scheme: ColorScheme, *, has_account: bool) -> str:
    """What is in the menu of this person."""
    looks, downloads = escape(_("Appearance")), escape(_("Download history"))
    names = {ColorScheme.SYSTEM: _("System"), ColorScheme.LIGHT: _("Light"), ColorScheme.DARK: _("Dark")}
    return "".join((
        f"<p class=menu-name><bdi>{escape(member.name)}</bdi></p>",
        _item("pencil", _("Change name…"), "--rename"),
        f'<div class=schemes role=radiogroup aria-label="{looks}">',
        *(choice("scheme", value, name, value is scheme) for value, name in names.items()),
        "</div>",
        languages_to_choose(_),
        f'<div class=downloads role=group aria-label="{downloads}"><span class=icon-download aria-hidden=true></span>',
        *(_download(_, suffix, _("Text") if suffix == "txt" else form.name) for suffix, form in FORMATS.items()),
        "</div>",
        _item("settings", _("Settings…"), "--settings"),
        _item("search", _("Search"), "--search"),
        _item("help", _("Commands"), "--help"),
        _item("keyboard", _("Keyboard"), "--keys"),
        _item("trash", _("Clear history…"), "--clear") if has_permission(member.role, Permission.CLEAR_HISTORY) else "",
        _link("shield", _("Moderation"), "/moderation") if has_permission(member.role, Permission.HANDLE_REPORTS) else "",
        *(
            (_item("user", _("Account…"), "--account"), _item("leave", _("Sign out"), "--leave"))
            if has_account
            else (
                _item("user", _("Sign up"), "--sign-up"),
                _item("key", _("Sign in"), "--sign-in"),
                _item("leave", _("Leave"), "--leave"),
            )
        ),
    ))  # fmt: skip


@cache
def languages_to_choose(_: Translator) -> str:
    """A list of all languages, this one chosen."""
    label, others = escape(_("Language")), ((translator(code), code) for code in languages())
    options = "".join(
        f"<option value={code} lang={other.tag} {'selected' if other is _ else ''}>{escape(other.name)}</option>"
        for other, code in others
    )
    return f'<label class="item icon-language"><select name=language aria-label="{label}">{options}</select></label>'


def field(_: Translator) -> str:
    """What is in the form where people write."""
    name, hint = escape(_("Message")), escape(_("Write a message…"))
    send = icon("send", _("Send"), "type=submit", "primary")
    look = f'aria-label="{name}" placeholder="{hint}" aria-autocomplete=list'
    return f"<textarea name=message rows=1 dir=auto autofocus autocomplete=off {look}></textarea>{send}"


def answer(_: Translator, lines: list[str]) -> str:
    """What is in an answer for one person only; `lines` are HTML."""
    close = icon("x", _("Close"), _invoke("--close-answer"))
    return f"<div class=lines tabindex=0>{chr(10).join(lines)}</div>{close}"


def about(_: Translator, head: str, text: str) -> str:
    """What is in the line above the field while a message with this text is answered or edited; `head` is HTML."""
    close = icon("x", _("Cancel"), _invoke("--dismiss"))
    return f"<p><b>{head}</b> <span dir=auto>{escape(to_plain(text))}</span></p>{close}"


def excerpt(message: Message) -> str:
    """How a message begins, as plain text."""
    return to_plain(message.text, 200)


def keys(_: Translator) -> str:
    """What can be done by keyboard."""
    rows = (
        ("Enter", _("Send the message, or take the chosen suggestion")),
        ("Shift + Enter", _("Begin a new line")),
        ("↑", _("Edit your last message, while the field is empty")),
        ("Esc", _("Cancel a reply or an edit, close what is open")),
        ("@  /  :", _("Suggest people, commands, emoji")),
        ("Shift + Tab", _("Go to the messages; ↑ and ↓ go from one to the next, Tab to its buttons")),
        ("Ctrl + K", _("Search")),
        ("?", _("Show this list, while you are not writing")),
    )
    return "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(what)}</dd>" for key, what in rows)


def quick_row(_: Translator, emojis: Iterable[str]) -> str:
    """The emoji that people react with most, and a button for all others."""
    look = f"type=button {_invoke('--react')}"
    first, *others = (f'{look} value="{emoji}">{emoji}</button>' for emoji in emojis)
    buttons = [f"<button autofocus {first}", *(f"<button {other}" for other in others)]
    return "".join((*buttons, icon("react", _("More emoji"), _invoke("--more-reactions"))))


def choice(group: str, value: str, name: str, chosen: bool) -> str:
    """One of several to choose from."""
    checked = "checked" if chosen else ""
    return f"<label><input type=radio name={group} value={value} {checked}>{escape(name)}</label>"


def icon(picture: str, name: str, attributes: str, css: str = "") -> str:
    """A button that shows an icon of `assets/chat.css` and is called `name`."""
    kind, shown = "" if "type=" in attributes else "type=button", escape(name)
    look = f'class="icon icon-{picture} {css}" aria-label="{shown}" title="{shown}"'
    return f"<button {kind} {attributes} {look}></button>"


def _acts(_: Translator) -> str:
    return "".join((
        icon("react", _("React"), _invoke("--react")),
        icon("reply", _("Reply"), _invoke("--reply")),
        icon("flag", _("Report"), _invoke("--report")),
        icon("pencil", _("Edit"), _invoke("--edit")),
        icon("trash", _("Delete"), _invoke("--delete")),
    ))  # fmt: skip


def _invoke(command: str) -> str:
    return f"commandfor={MENU} command={command}"


def _item(picture: str, name: str, command: str) -> str:
    return f'<button type=button class="item icon-{picture}" {_invoke(command)}>{escape(name)}</button>'


def _link(picture: str, name: str, href: str) -> str:
    return f'<a class="item icon-{picture}" href="{href}">{escape(name)}</a>'


def _download(_: Translator, suffix: str, label: str) -> str:
    name = escape(_("Download as %(format)s", format=label))
    return f'<a href="/history.{suffix}" download aria-label="{name}" title="{name}">{escape(label)}</a>'


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: str) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
