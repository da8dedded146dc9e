"""The identifiers by which a member is recognised: id, session, address, account."""

from collections.abc import Set
from dataclasses import dataclass

ADDRESS = "address:"


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """Opaque keys of a client's session, address and account; empty if unknown."""

    session: str = ""
    address: str = ""
    account: str = ""


UNKNOWN_CLIENT = ClientIdentity()


def identifiers(member_id: str, client_identity: ClientIdentity = UNKNOWN_CLIENT) -> frozenset[str]:
    """Return all identifiers of a member on this client, each with its kind in front."""
    known = {
        "member:": member_id,
        "session:": client_identity.session,
        ADDRESS: client_identity.address,
        "account:": client_identity.account,
    }
    return frozenset(kind + key for kind, key in known.items() if key)


def personal_identifiers(known: Set[str]) -> frozenset[str]:
    """Return the identifiers that belong to one person; a whole school may share an address."""
    return frozenset(identifier for identifier in known if not identifier.startswith(ADDRESS))


def shared_identifiers(known: Set[str]) -> frozenset[str]:
    """Return the identifiers that several people may share."""
    return frozenset(known) - personal_identifiers(known)
