"""Password resets: links with which a member chooses a new password. They work once, and expire."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """An open link of one account. Only a digest of its secret is kept."""

    digest: str
    until: datetime
