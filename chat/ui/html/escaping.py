"""HTML that is escaped by construction."""

from collections.abc import Iterable
from typing import LiteralString

from markupsafe import Markup, escape


def fill(template: LiteralString, **values: object) -> Markup:
    """Fill the `{name}`s in an HTML template; values are escaped, except those that are `Markup`.

    Does what `Markup.format` does in half the time.
    """
    escaped = {name: value if type(value) is Markup else escape(value) for name, value in values.items()}
    return Markup(template.format_map(escaped))  # noqa: S704 - the template is ours


def concat(parts: Iterable[str]) -> Markup:
    """Concatenate HTML; parts that are plain text are escaped."""
    return Markup().join(parts)
