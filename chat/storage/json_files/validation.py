"""Reading JSON that a person may have edited: versions, problems in one line, times in UTC."""

import codecs
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from chat.domain.errors import StartupError

M = TypeVar("M", bound=BaseModel)
Row = dict[str, Any]

MIN_YEAR, MAX_YEAR = 1970, 2999


class Unreadable(ValueError):
    """The bytes are not in the format of this file."""


def parse_file(
    data: bytes, model: type[M], newest: int, upgrade: Callable[[Row], Row] = dict, *, default: int | None = None
) -> M:
    """Validate a JSON object; `upgrade` returns the content of an earlier version in the format of version `newest`.

    `default` is the version of a file without one. Raises `Unreadable`, or `StartupError` for a newer version.
    """
    data = in_utf8(data)
    version, content = parse_versioned(data, newest, default)
    _check_unique_fields(data)
    try:
        if version < newest:
            data = orjson.dumps({**upgrade(content), "version": newest})
        return model.model_validate_json(data)
    except ValidationError as problem:
        raise Unreadable(first_problem(problem)) from None
    except (KeyError, TypeError, AttributeError):
        raise Unreadable(f"this is not the shape of version {version}") from None


def in_utf8(data: bytes) -> bytes:
    """Return text in UTF-8 without a byte order mark; editors on Windows add one, or save in UTF-16.

    Raises `Unreadable`.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as problem:
            raise Unreadable(str(problem)) from None
    return data.removeprefix(codecs.BOM_UTF8)


def parse_versioned(data: bytes, newest: int, default: int | None = None) -> tuple[int, Row]:
    """Return the version and the content of a JSON object.

    `default` is the version of an object without one. Raises `Unreadable`, or `StartupError` for a newer version.
    """
    try:
        content = orjson.loads(data)
    except ValueError as problem:
        raise Unreadable(str(problem)) from None
    version = content.get("version", default) if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Unreadable("version is missing or not a number")
    if version > newest:
        raise StartupError(f"version {version} is newer than this program, which knows up to {newest}")
    return version, content


def _check_unique_fields(data: bytes) -> None:
    """Raise `Unreadable` for a field that is there twice: readers disagree about which of the two counts."""
    try:
        json.loads(data, object_pairs_hook=_unique)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as problem:
        raise Unreadable(str(problem)) from None


def _unique(fields: list[tuple[str, object]]) -> None:
    names = [name for name, _ in fields]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"{twice[:40]!r} is there twice")


def first_problem(error: ValidationError) -> str:
    """Return the first problem with its place, without the input."""
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))[:100]} {first['msg']}".strip()


def in_utc(at: datetime) -> datetime:
    """Return a time in UTC; a person may have written it without a zone or in another one.

    Raises `Unreadable` for times that no clock shows: near year 1 and 9999, calculating with them fails.
    """
    if not MIN_YEAR <= at.year <= MAX_YEAR:
        raise Unreadable(f"{at.year} is not a year of this chat")
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
