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


def nodes(tr: Translator) -> dict[str, Node]:
    """What holds the live parts together (roots `bar` and `roster`), and the buttons that all messages share."""
    buttons = "".join((
        icon("mute", tr("Mute sounds"), _invoke("--mute")),
        icon("unmute", tr("Unmute sounds"), _invoke("--unmute")),
        icon("users", tr("People"), f"popovertarget={DRAWER}"),
        icon("menu", tr("Menu"), f"popovertarget={MENU}"),
    ))  # fmt: skip
    close = icon("x", tr("Close"), f"popovertarget={DRAWER} popovertargetaction=hide")
    people, slow = escape(tr("People")), tr("The connection is slow. It is on its way…")
    return {
        "bar": _live("brand", "online", "buttons", "acts"),
        "buttons": _html("div", buttons),
        "acts": {"tag": "template", "props": {"id": "acts", "innerHTML": f"<div class=acts>{_acts(tr)}</div>"}},
        "outbox": {"tag": "div", "props": {"id": "outbox", "class": "outbox", "data-slow": slow}},
        "spot": {"tag": "i", "props": {"id": "spot"}},
        "roster": _live("roster-head", "people"),
        "roster-head": _html("div", f"<h2>{people}</h2>{close}"),
    }


def lost(tr: Translator, *, is_restart: bool = False) -> dict[str, Node]:
    """What is said while there is no connection; of a restart, at once."""
    text = tr("The chat is being updated and will be back in a moment. You can go on writing.")
    if not is_restart:
        text = tr("Connection lost. Trying again… You can go on writing.")
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


def menu(tr: Translator, member: Member, scheme: ColorScheme, *, has_account: bool) -> str:
    """What is in the menu of this person."""
    looks, downloads = escape(tr("Appearance")), escape(tr("Download history"))
    names = {ColorScheme.SYSTEM: tr("System"), ColorScheme.LIGHT: tr("Light"), ColorScheme.DARK: tr("Dark")}
    return "".join((
        f"<p class=menu-name><bdi>{escape(member.name)}</bdi></p>",
        _item("pencil", tr("Change name…"), "--rename"),
        f'<div class=schemes role=radiogroup aria-label="{looks}">',
        *(choice("scheme", value, name, value is scheme) for value, name in names.items()),
        "</div>",
        languages_to_choose(tr),
        f'<div class=downloads role=group aria-label="{downloads}"><span class=icon-download aria-hidden=true></span>',
        *(_download(tr, suffix, tr("Text") if suffix == "txt" else form.name) for suffix, form in FORMATS.items()),
        "</div>",
        _item("settings", tr("Settings…"), "--settings"),
        _item("search", tr("Search"), "--search"),
        _item("help", tr("Commands"), "--help"),
        _item("keyboard", tr("Keyboard"), "--keys"),
        _item("trash", tr("Clear history…"), "--clear") if has_permission(member.role, Permission.CLEAR_HISTORY) else "",
        _link("shield", tr("Moderation"), "/moderation") if has_permission(member.role, Permission.HANDLE_REPORTS) else "",
        *(
            (_item("user", tr("Account…"), "--account"), _item("leave", tr("Sign out"), "--leave"))
            if has_account
            else (
                _item("user", tr("Sign up"), "--sign-up"),
                _item("key", tr("Sign in"), "--sign-in"),
                _item("leave", tr("Leave"), "--leave"),
            )
        ),
    ))  # fmt: skip


@cache
def languages_to_choose(tr: Translator) -> str:
    """A list of all languages, this one chosen."""
    label, others = escape(tr("Language")), ((translator(code), code) for code in languages())
    options = "".join(
        f"<option value={code} lang={other.tag} {'selected' if other is tr else ''}>{escape(other.name)}</option>"
        for other, code in others
    )
    return f'<label class="item icon-language"><select name=language aria-label="{label}">{options}</select></label>'


def field(tr: Translator) -> str:
    """What is in the form where people write."""
    name, hint = escape(tr("Message")), escape(tr("Write a message…"))
    send = icon("send", tr("Send"), "type=submit", "primary")
    look = f'aria-label="{name}" placeholder="{hint}" aria-autocomplete=list'
    return f"<textarea name=message rows=1 dir=auto autofocus autocomplete=off {look}></textarea>{send}"


def answer(tr: Translator, lines: list[str]) -> str:
    """What is in an answer for one person only; `lines` are HTML."""
    close = icon("x", tr("Close"), _invoke("--close-answer"))
    return f"<div class=lines tabindex=0>{chr(10).join(lines)}</div>{close}"


def about(tr: Translator, head: str, text: str) -> str:
    """What is in the line above the field while a message with this text is answered or edited; `head` is HTML."""
    close = icon("x", tr("Cancel"), _invoke("--dismiss"))
    return f"<p><b>{head}</b> <span dir=auto>{escape(to_plain(text))}</span></p>{close}"


def excerpt(message: Message) -> str:
    """How a message begins, as plain text."""
    return to_plain(message.text, 200)


def keys(tr: Translator) -> str:
    """What can be done by keyboard."""
    rows = (
        ("Enter", tr("Send the message, or take the chosen suggestion")),
        ("Shift + Enter", tr("Begin a new line")),
        ("↑", tr("Edit your last message, while the field is empty")),
        ("Esc", tr("Cancel a reply or an edit, close what is open")),
        ("@  /  :", tr("Suggest people, commands, emoji")),
        ("Shift + Tab", tr("Go to the messages; ↑ and ↓ go from one to the next, Tab to its buttons")),
        ("Ctrl + K", tr("Search")),
        ("?", tr("Show this list, while you are not writing")),
    )
    return "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(what)}</dd>" for key, what in rows)


def quick_row(tr: Translator, emojis: Iterable[str]) -> str:
    """The emoji that people react with most, and a button for all others."""
    look = f"type=button {_invoke('--react')}"
    first, *others = (f'{look} value="{emoji}">{emoji}</button>' for emoji in emojis)
    buttons = [f"<button autofocus {first}", *(f"<button {other}" for other in others)]
    return "".join((*buttons, icon("react", tr("More emoji"), _invoke("--more-reactions"))))


def choice(group: str, value: str, name: str, chosen: bool) -> str:
    """One of several to choose from."""
    checked = "checked" if chosen else ""
    return f"<label><input type=radio name={group} value={value} {checked}>{escape(name)}</label>"


def icon(picture: str, name: str, attributes: str, css: str = "") -> str:
    """A button that shows an icon of `assets/chat.css` and is called `name`."""
    kind, shown = "" if "type=" in attributes else "type=button", escape(name)
    look = f'class="icon icon-{picture} {css}" aria-label="{shown}" title="{shown}"'
    return f"<button {kind} {attributes} {look}></button>"


def _acts(tr: Translator) -> str:
    return "".join((
        icon("react", tr("React"), _invoke("--react")),
        icon("reply", tr("Reply"), _invoke("--reply")),
        icon("flag", tr("Report"), _invoke("--report")),
        icon("pencil", tr("Edit"), _invoke("--edit")),
        icon("trash", tr("Delete"), _invoke("--delete")),
    ))  # fmt: skip


def _invoke(command: str) -> str:
    return f"commandfor={MENU} command={command}"


def _item(picture: str, name: str, command: str) -> str:
    return f'<button type=button class="item icon-{picture}" {_invoke(command)}>{escape(name)}</button>'


def _link(picture: str, name: str, href: str) -> str:
    return f'<a class="item icon-{picture}" href="{href}">{escape(name)}</a>'


def _download(tr: Translator, suffix: str, label: str) -> str:
    name = escape(tr("Download as %(format)s", format=label))
    return f'<a href="/history.{suffix}" download aria-label="{name}" title="{name}">{escape(label)}</a>'


def _live(*children: str) -> Node:
    return {"tag": "div", "props": {"class": "live"}, "children": list(children)}


def _html(tag: str, html: str) -> Node:
    return {"tag": tag, "props": {"innerHTML": html}}
