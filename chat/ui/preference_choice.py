"""Choices in the page's forms: a preference, the level of the shown room, or the language."""

from contextlib import suppress

from chat.i18n.translator import languages
from chat.ui.page_context import PageContext


def choose(page: PageContext, choice: object) -> None:
    """Apply `[name, value]`: one of `Preferences`, the `level` of the shown room, or the `language`.

    Ignores unknown names and values.
    """
    match choice:
        case ["language", str() as language] if language in languages():
            page.change_language(language)
        case ["level", value]:
            with suppress(ValueError):
                page.change_preferences(page.preferences.choose_level(page.room.id, value))
        case [name, value]:
            with suppress(ValueError):
                page.change_preferences(page.preferences.choose(name, value))
