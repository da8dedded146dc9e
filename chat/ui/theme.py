"""Looks that depend on the person: the scheme they chose, and what is theirs among what is rendered for all."""

from enum import StrEnum
from typing import Any

from nicegui import ui


class Scheme(StrEnum):
    """Light, dark, or as the system is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @property
    def css(self) -> str:
        """A style sheet that sets it."""
        return f":root{{color-scheme:{'light dark' if self is Scheme.SYSTEM else self}}}"


class Tag(ui.element):
    """A native element with attributes (any name, any value: nothing is parsed) and text."""

    def __init__(self, tag: str, attributes: dict[str, Any] | None = None, text: str | None = None) -> None:
        super().__init__(tag)
        self.props.update(attributes or {})
        if text is not None:
            self.props["textContent"] = text

    def show(self, text: str) -> None:
        """Change the text."""
        self.props["textContent"] = text

    def set(self, name: str, value: Any) -> None:
        """Change an attribute."""
        self.props[name] = value

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [self.props.get("textContent"), self.props.get("aria-label")]


def icon_button(icon: str, name: str, attributes: dict[str, Any] | None = None) -> Tag:
    """A button that shows an icon of `assets/chat.css` and is called `name`."""
    own = {"type": "button", "class": f"icon icon-{icon}", "aria-label": name, "title": name}
    return Tag("button", own | (attributes or {}))


def mine(member_id: str) -> str:
    """A style sheet by which a viewer's own messages, roster row and typing look their way."""
    return (
        f'[data-author="{member_id}"]{{--grid:var(--own-grid);--next-grid:var(--own-next-grid);--place:end;'
        "--fill:var(--own-fill);--ink:var(--own-ink)}"
        f'[data-author="{member_id}"]:not(.action)>:is(.avatar,bdi){{display:none}}'
        f'[data-member="{member_id}"] .you{{display:inline}}'
        f'.typing:has([data-viewer="{member_id}"]) .all{{display:none}}'
        f'[data-viewer="{member_id}"]{{display:inline!important}}'
    )
