"""Paths, people and times of the fixtures in `version_2`, written by the program at commit 9c5445d.

That program wrote version 2 of the history and version 1 of the other files.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chat.domain.users import UserRef

FIXTURES = Path(__file__).parents[1] / "fixtures"
VERSION_2 = FIXTURES / "version_2"
LONG = 1000  # messages

OLGA, ADA, MO, BEN = UserRef("olga", "Ольга"), UserRef("ada", "Ada"), UserRef("mo", "Mo"), UserRef("ben", "Ben")
SAM = UserRef("sso-5f2c91", "Sam Sso")
EVE, TRUDY, DAN, CID = UserRef("eve", "Eve"), UserRef("trudy", "Trudy"), UserRef("dan", "Dän"), UserRef("cid", "Cid")


def at(seconds: int) -> datetime:
    """Return a time in the fixtures, in seconds since their start."""
    return datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC) + timedelta(seconds=seconds)
