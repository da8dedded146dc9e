"""The member signed in to a session, as kept in its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LATEST = 10_000_000_000  # seconds since the epoch, in the year 2286: a `datetime` ends in the year 9999


@dataclass(frozen=True, slots=True)
class Identity:
    """A guest's id and name, or an account's id, name and generation.

    It holds as long as the account has this generation (see `Account`). `sso_at` is when the single sign-on provider
    signed the member in, in seconds since the epoch.
    """

    id: str
    name: str = ""
    generation: int | None = None
    sso_at: float | None = None

    @property
    def is_account(self) -> bool:
        return self.generation is not None


def parse_identity(values: object) -> Identity | None:
    """Return the identity in a session's data, ignoring fields of other versions; None if missing or damaged."""
    if not isinstance(values, Mapping):
        return None
    match values:
        case {"id": str() as member_id, "name": str() as name, "generation": (int() | None) as generation}:
            at = values.get("sso_at")
            sso_at = at if isinstance(at, int | float) and 0 <= at < LATEST else None
            return Identity(member_id, name, generation, sso_at)
    return None


def has_member(data: Mapping[str, Any]) -> bool:
    """Tell whether a member is signed in to the session with this data."""
    return parse_identity(data.get("member")) is not None
