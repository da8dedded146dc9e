"""The actions on a message as HTML: the toolbar beside it, and the menu with the others, on touch screens a sheet."""

from collections.abc import Iterable

from markupsafe import Markup

from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.text.emoji import QUICK
from chat.ui.html.buttons import icon, invoke, item
from chat.ui.html.escaping import concat, fill

ACTIONS = "actions"


def nodes(tr: Translator) -> dict[str, Node]:
    """Return the toolbar as a template, the content of the menu, and the confirmations of actions."""
    texts = {
        "data-done": tr("Copied"),
        "data-failed": tr("Couldn't copy"),
        "data-read": tr("All messages are marked as read"),
    }
    return {
        "acts": {"tag": "template", "props": {"id": "acts", "innerHTML": _toolbar(tr)}},
        ACTIONS: {"tag": "div", "props": {"class": "sheet", "innerHTML": _menu(tr)}},
        "toast": {"tag": "p", "props": {"id": "toast", "role": "status", **texts}},
    }


def quick_row(tr: Translator, emojis: Iterable[str]) -> Markup:
    """Render the most frequent emoji, and a button for all others, as the content of a toolbar."""
    react, (first, *others) = invoke("--react"), emojis
    other = '<button type=button tabindex=-1 {react} value="{emoji}">{emoji}</button>'
    buttons = (
        fill('<button autofocus type=button {react} value="{emoji}">{emoji}</button>', react=react, emoji=first),
        *(fill(other, react=react, emoji=emoji) for emoji in others),
        icon("react", tr("More emoji"), invoke("--more-reactions") + Markup(" tabindex=-1")),
    )
    return concat(buttons)


def _toolbar(tr: Translator) -> Markup:
    buttons = (
        icon("react", tr("React"), invoke("--react")),
        icon("reply", tr("Reply"), invoke("--reply")),
        icon("pencil", tr("Edit"), invoke("--edit")),
        icon("unread", tr("Mark as unread"), invoke("--mark-unread"), "by-key"),
        icon("more", tr("More actions"), invoke("--more"), "more"),
    )
    return fill("<div class=acts><div>{buttons}</div></div>", buttons=concat(buttons))


def _menu(tr: Translator) -> Markup:
    close = fill("commandfor={menu} command=close", menu=ACTIONS)
    items = (
        item("reply", tr("Reply"), "--reply"),
        item("pencil", tr("Edit"), "--edit"),
        item("copy", tr("Copy text"), "--copy-text"),
        item("link", tr("Copy link"), "--copy-link"),
        item("unread", tr("Mark as unread"), "--mark-unread"),
        item("flag", tr("Report"), "--report"),
        item("trash", tr("Delete"), "--delete"),
    )
    return fill(
        "<div class=sheet-head><div class=details></div>{close}</div>"
        '<div class=quick role=toolbar aria-label="{react}">{quick}</div>{items}',
        close=icon("x", tr("Close"), close),
        react=tr("React"),
        quick=quick_row(tr, QUICK),
        items=concat(items),
    )
