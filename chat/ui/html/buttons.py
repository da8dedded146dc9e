"""Buttons and choices as HTML.

A button is an invoker command: one that needs Python names the menu, which passes its command on
(`commandfor=menu command=--leave`).
"""

from html import escape

MENU = "menu"


def invoke(command: str) -> str:
    return f"commandfor={MENU} command={command}"


def icon(picture: str, label: str, attributes: str, css: str = "") -> str:
    """A button with an icon of `assets/chat.css`."""
    kind, shown = "" if "type=" in attributes else "type=button", escape(label)
    look = f'class="icon icon-{picture} {css}" aria-label="{shown}" title="{shown}"'
    return f"<button {kind} {attributes} {look}></button>"


def choice(group: str, value: str, label: str, is_chosen: bool) -> str:
    """A radio button."""
    checked = "checked" if is_chosen else ""
    return f"<label><input type=radio name={group} value={value} {checked}>{escape(label)}</label>"
