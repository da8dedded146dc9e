"""The catalogs: complete, up to date, and right in placeholders and plurals."""

import ast
import re
from functools import cache
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from chat.i18n.translator import LOCALE_DIR, languages

CODE = Path(__file__).parents[3] / "chat"
KEYWORDS = {"_": None, "N_": None, "tr": None, "_tr": None, "plural": (1, 2)}
CATALOGS = sorted(path.parent.name for path in LOCALE_DIR.glob("*/chat.po"))
CLDR_ORDER = ("zero", "one", "two", "few", "many", "other")


@cache
def marked() -> dict[str, str | tuple[str, str]]:
    """Return the texts of the source by msgid; a pair if there is a plural."""
    found = extract_from_dir(str(CODE), [("**.py", "python")], keywords=KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message: message for _, _, message, _, _ in found}


@cache
def catalog(code: str) -> Catalog:
    with (LOCALE_DIR / code / "chat.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def forms(string: str | tuple[str, ...] | list[str]) -> list[str]:
    """Return all forms of a message: one, or one for each plural."""
    return [string] if isinstance(string, str) else list(string)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


def test_every_catalog_is_a_language():
    assert {"en", "de", "ar"} <= set(languages())
    assert set(languages()) == {"en", *CATALOGS}


def test_extractor_finds_every_marked_text():
    """Babel does not look into f-strings, for one."""
    found = {form for message in marked().values() for form in forms(message)}
    for path in sorted(CODE.rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func).split(".")[-1]
            first_ones = call.args[: 2 if name == "plural" else 1] if name in KEYWORDS else []
            texts = {node.value for node in first_ones if isinstance(node, ast.Constant)}
            assert texts <= found, f"{path.name}, line {call.lineno}"


@pytest.mark.parametrize("code", CATALOGS)
def test_every_message_is_translated(code: str):
    known = catalog(code)
    missing = [msgid for msgid in marked() if msgid not in known]
    untranslated = [message.id for message in known if message.id and not all(forms(message.string))]
    assert not missing
    assert not untranslated


@pytest.mark.parametrize("code", CATALOGS)
def test_no_message_is_fuzzy_or_stale(code: str):
    known = catalog(code)
    messages = marked()
    assert not known.obsolete
    assert not [message.id for message in known if message.fuzzy]
    assert not [message.id for message in known if message.id and messages.get(forms(message.id)[0]) != message.id]


@pytest.mark.parametrize("code", CATALOGS)
def test_placeholders_are_kept(code: str):
    for message in (message for message in catalog(code) if message.id):
        expected = placeholders(forms(message.id)[0])
        # "One new message", "two new messages" need no digit.
        optional = {"%(count)s"} if message.pluralizable else set()
        for form in forms(message.string):
            assert expected - optional <= placeholders(form) <= expected, form
            assert form % dict.fromkeys(re.findall(r"\w+", " ".join(expected)), "x"), form


@pytest.mark.parametrize("code", CATALOGS)
def test_plurals_are_those_of_the_language(code: str):
    known = catalog(code)
    rule = Locale.parse(code).plural_form
    tags = [tag for tag in CLDR_ORDER if tag in rule.tags or tag == "other"]
    pick = c2py(known.plural_expr)
    assert known.num_plurals == len(tags)
    assert all(tags[pick(number)] == rule(number) for number in range(1000))
    assert all(len(message.string) == len(tags) for message in known if message.pluralizable)
