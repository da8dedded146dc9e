"""Parses `Range` headers (RFC 9110, section 14)."""

import re

_RANGE = re.compile(r"\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


class RangeNotSatisfiable(Exception):
    """The file has no such part."""


def requested_part(header: str, size: int) -> slice | None:
    """Return the part of a file of `size` bytes that a `Range` header asks for, None for all of it.

    Several ranges at once get the whole file, as the RFC allows: nothing that browsers load in pieces needs them.
    Raises `RangeNotSatisfiable`.
    """
    unit, _, ranges = header.partition("=")
    if unit.strip().lower() != "bytes" or "," in ranges:
        return None
    found = _RANGE.fullmatch(ranges)
    first, last = found.groups() if found else ("", "")
    if first:
        part = slice(int(first), min(int(last) + 1, size) if last else size)
    else:
        part = slice(max(size - int(last or 0), 0), size)  # the last bytes
    if part.start >= part.stop:
        raise RangeNotSatisfiable
    return part
