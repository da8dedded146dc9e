"""Languages: gettext catalogs, read through Babel, and the choice by the browser's `Accept-Language`."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup, escape

LOCALE_DIR = Path(__file__).parent / "locale"
SOURCE = "en"
TAGS = {"en": "en-US", "ko": "ko-KR", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}  # Quasar's names of these languages


class Translator:
    """One language: its texts, plurals, lists, numbers and durations.

    `code` is the name of its folder (`de`, `pt_BR`), `tag` its BCP 47 tag (`pt-BR`), `name` its name in the language
    itself, `direction` its writing direction (`ltr`, `rtl`).
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.tag = TAGS.get(code, code.replace("_", "-"))
        self._locale = Locale.parse(code)
        name = self._locale.get_display_name() or code
        self.name = name[0].upper() + name[1:]
        self.direction = self._locale.text_direction

    @cached_property
    def _catalog(self) -> NullTranslations:  # when first needed: a list of languages only needs their names
        return _catalog(self.code)

    def __call__(self, text: str, **details: object) -> str:
        """Translate `text` and fill in its placeholders, `%(name)s`, from `details`."""
        translated = self._catalog.gettext(text) if text else ""
        return translated % details if details else translated

    def plural(self, one: str, many: str, count: int, **details: object) -> str:
        """Translate `one` or `many`, whichever fits `count`; `%(count)s` becomes the formatted number."""
        return self._catalog.ngettext(one, many, count) % {**details, "count": self.number(count)}

    def number(self, value: int) -> str:
        return _number(value, self._locale)

    def percent(self, value: int) -> str:
        return format_percent(value / 100, locale=self._locale)

    def duration(self, seconds: int) -> str:
        """Return a duration in words, in the largest unit of which it has two: `90 minutes`."""
        return format_timedelta(timedelta(seconds=seconds), threshold=2, locale=self._locale)

    def size(self, count: int) -> str:
        """Return a number of bytes, of which there is at least one, in kilobytes or a larger unit: `2.1 MB`.

        Not all languages have the plural of bytes in CLDR.
        """
        units = {10**9: "gigabyte", 10**6: "megabyte", 10**3: "kilobyte"}
        factor = next((factor for factor in units if count >= factor), 10**3)
        value = count / factor
        rounded = max(round(value, 1), 0.1) if value < 10 else round(value)
        return format_unit(rounded, f"digital-{units[factor]}", length="short", locale=self._locale)

    def join(self, names: list[str]) -> str:
        """Return a list in words: `Ann, Bob, and Cid`."""
        return format_list(names, locale=self._locale)

    def concat(self, separator: str, parts: Iterable[str]) -> str:
        """Concatenate texts."""
        return separator.join(parts)

    @cached_property
    def html(self) -> "HtmlTranslator":
        """The translator into HTML for the same language."""
        return HtmlTranslator(self.code)


class HtmlTranslator(Translator):
    """Translates into HTML: escapes texts and details, except details that are `Markup`."""

    def __call__(self, text: str, **details: object) -> Markup:
        return _fill(super().__call__(text), details)

    def plural(self, one: str, many: str, count: int, **details: object) -> Markup:
        return _fill(self._catalog.ngettext(one, many, count), {**details, "count": self.number(count)})

    def join(self, names: list[str]) -> Markup:
        return Markup(super().join([escape(name) for name in names]))  # noqa: S704 - escaped one by one

    def concat(self, separator: str, parts: Iterable[str]) -> Markup:
        return escape(separator).join(parts)


def _fill(text: str, details: dict[str, object]) -> Markup:
    # `Markup % details` does the same in twice the time.
    escaped = escape(text)
    if not details:
        return escaped
    return Markup(str(escaped) % {name: escape(value) for name, value in details.items()})  # noqa: S704


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages, English first."""
    return (SOURCE, *sorted(folder.name for folder in LOCALE_DIR.iterdir() if (folder / "chat.po").exists()))


@cache
def translator(code: str) -> Translator:
    """Return the translator for one of `languages()`."""
    return Translator(code)


@lru_cache(1000)
def choose(accept_language: str, chosen: str | None = None) -> str:
    """Return the chosen language, or that which an `Accept-Language` header (RFC 9110, 12.5.4) prefers, or English."""
    if chosen in languages():
        return chosen
    weights: dict[str, float] = {}
    for part in accept_language[:500].lower().split(","):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        with suppress(ValueError, UnknownLocaleError):
            if code := _nearest(tag):
                weights[code] = max(float(weight or 1), weights.get(code, 0))
    wanted = {code: weight for code, weight in weights.items() if 0 < weight <= 1}
    return max(wanted, key=lambda code: wanted[code], default=SOURCE)


def _nearest(tag: str) -> str | None:
    """Return the closest of `languages()`: by script (`zh-TW` is `zh_Hant`), by country, or by language alone."""
    wanted = Locale.parse(tag, sep="-")
    language = wanted.language
    exact = (f"{language}_{wanted.script}", f"{language}_{wanted.territory}", language)
    alike = (code for code in languages() if code.startswith(f"{language}_"))
    return next((code for code in exact if code in languages()), next(alike, None))


@lru_cache(1000)  # a message changes the same number on many pages
def _number(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@cache
def _catalog(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    with (LOCALE_DIR / code / "chat.po").open("rb") as file:
        catalog = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
