"""Sanctions: who is muted, kicked or banned, by what they are known by, until when."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from chat.domain.moderation.events import UserRef

ADDRESS = "address:"


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """Where somebody comes from: opaque keys of account, session and address; empty for what is not known."""

    session: str = ""
    address: str = ""
    account: str = ""


UNKNOWN_CLIENT = ClientIdentity()


def identifiers(member_id: str, client_identity: ClientIdentity = UNKNOWN_CLIENT) -> frozenset[str]:
    """What somebody is known by."""
    known = {
        "member:": member_id,
        "session:": client_identity.session,
        ADDRESS: client_identity.address,
        "account:": client_identity.account,
    }
    return frozenset(kind + key for kind, key in known.items() if key)


def personal_identifiers(known: Set[str]) -> frozenset[str]:
    """These marks without those that neighbours share: a school has one address."""
    return frozenset(mark for mark in known if not mark.startswith(ADDRESS))


def shared_identifiers(known: Set[str]) -> frozenset[str]:
    """The marks that neighbours share."""
    return frozenset(known) - personal_identifiers(known)


@dataclass(frozen=True, slots=True)
class Sanction:
    """What somebody may not do until a time; for ever, where that is None."""

    whom: UserRef
    by: UserRef
    at: datetime
    until: datetime | None
    identifiers: frozenset[str]
    why: str = ""

    def left(self, now: datetime) -> int:
        """How many seconds are left, rounded up; 0 where there is no end."""
        return -int((now - self.until).total_seconds() // 1) if self.until else 0


class Sanctions:
    """Sanctions of one kind, at most one for each person. Who is hit is found by any of the marks."""

    def __init__(self) -> None:
        self._sanctions: dict[str, Sanction] = {}

    def __iter__(self) -> Iterator[Sanction]:
        return iter(self._sanctions.values())

    def get(self, member_id: str) -> Sanction | None:
        """The sanction on this person, over or not."""
        return self._sanctions.get(member_id)

    def find(self, known: Set[str], now: datetime) -> Sanction | None:
        """What is in force against somebody known by these marks; the one that lasts longest."""
        found = [s for s in self.in_force(now) if s.identifiers & known]
        return max(found, key=lambda s: (s.until is None, s.until or s.at), default=None)

    def in_force(self, now: datetime) -> list[Sanction]:
        """Those that are not over."""
        return [sanction for sanction in self if sanction.until is None or sanction.until > now]

    def put(self, sanction: Sanction) -> bool:
        """Take in a sanction instead of an earlier one on the same person, and let go of what is over.

        Returns whether it is news.
        """
        if self._sanctions.get(sanction.whom.id) == sanction:
            return False
        others = (other for other in self.in_force(sanction.at) if other.whom.id != sanction.whom.id)
        self._sanctions = {s.whom.id: s for s in (*others, sanction)}
        return True

    def lift(self, member_id: str) -> bool:
        """End the sanction on this person; returns whether there was one."""
        return self._sanctions.pop(member_id, None) is not None

    def copy(self) -> "Sanctions":
        """The same sanctions, to try a change on."""
        other = Sanctions()
        other._sanctions = self._sanctions.copy()
        return other
