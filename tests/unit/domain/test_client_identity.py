"""Identifiers of members: which belong to one person, and which are shared."""

from chat.domain.client_identity import ClientIdentity, identifiers, personal_identifiers, shared_identifiers

LAPTOP = ClientIdentity("s1", "192.0.2.1", "ann")
ALL = {"member:ann", "session:s1", "address:192.0.2.1", "account:ann"}


def test_each_identifier_names_its_kind():
    assert identifiers("ann", LAPTOP) == ALL


def test_unknown_parts_are_left_out():
    assert identifiers("ann") == {"member:ann"}
    assert identifiers("", ClientIdentity(address="192.0.2.1")) == {"address:192.0.2.1"}


def test_only_addresses_are_shared():
    assert shared_identifiers(ALL) == {"address:192.0.2.1"}
    assert personal_identifiers(ALL) == ALL - {"address:192.0.2.1"}
