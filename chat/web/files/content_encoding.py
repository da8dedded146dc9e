"""Parses `Accept-Encoding` headers."""

import re

from starlette.datastructures import Headers

_REFUSED = re.compile(r"\s*q=0(\.0*)?\s*")


def accepted_encodings(request: Headers) -> set[str]:
    """Return the encodings that `Accept-Encoding` names and doesn't refuse (q=0)."""
    items = [item.partition(";") for item in ",".join(request.getlist("accept-encoding")).lower().split(",")]
    return {name.strip() for name, _, weight in items if not _REFUSED.fullmatch(weight)}
