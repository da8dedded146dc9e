"""Buttons and choices as HTML.

A button is an invoker command: one that needs Python names the menu, which passes its command on
(`commandfor=menu command=--leave`).
"""

from collections.abc import Iterable

from markupsafe import Markup

from chat.i18n.translator import Translator
from chat.ui.html.escaping import concat, fill

MENU = "menu"


def invoke(command: str) -> Markup:
    """Return the attributes of a button that runs a command of the menu."""
    return fill("commandfor={menu} command={command}", menu=MENU, command=command)


def button(label: str, command: str, value: str = "") -> Markup:
    return fill(
        '<button type=button {invoke} value="{value}">{label}</button>',
        invoke=invoke(command),
        value=value,
        label=label,
    )


def icon(picture: str, label: str, attributes: Markup, css: str = "") -> Markup:
    """Render a button with an icon of `assets/chat.css`."""
    return fill(
        '<button {kind} {attributes} class="icon icon-{picture} {css}" aria-label="{label}" title="{label}"></button>',
        kind="" if "type=" in attributes else "type=button",
        attributes=attributes,
        picture=picture,
        css=css,
        label=label,
    )


def item(picture: str, label: str, command: str, value: str = "") -> Markup:
    """Render a row of a menu, with an icon of `assets/chat.css`."""
    return fill(
        '<button type=button class="item icon-{picture}" {invoke} value="{value}">{label}</button>',
        picture=picture,
        invoke=invoke(command),
        value=value,
        label=label,
    )


def link_to_copy(tr: Translator, link: str) -> Markup:
    """Render a field with a link, and a button that copies it (`copy` in chat/ui/browser/dialogs/asking.py)."""
    return fill(
        '<input readonly dir=ltr value="{link}" aria-label="{label}">'
        '<button type=button data-copied="{copied}">{copy}</button>',
        link=link,
        label=tr("Link"),
        copied=tr("Copied"),
        copy=tr("Copy link"),
    )


def choice(group: str, value: str, label: str, is_chosen: bool) -> Markup:
    """Render a radio button."""
    return fill(
        "<label><input type=radio name={group} value={value} {checked}>{label}</label>",
        group=group,
        value=value,
        checked="checked" if is_chosen else "",
        label=label,
    )


def options(labels: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """Render the options of a list, from values with their labels, which begin with a capital letter."""
    return concat(
        fill(
            '<option value="{value}" {selected}>{label}</option>',
            value=value,
            selected="selected" if value == chosen else "",
            label=label[:1].upper() + label[1:],
        )
        for value, label in labels
    )
