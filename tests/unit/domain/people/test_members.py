"""The members who are present, and their names."""

from chat.domain.people.members import Members
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname

ANN, BOB = Member("ann", parse_nickname("Ann")), Member("bob", parse_nickname("Bob"))


def test_name_is_taken_by_others_only_while_its_member_is_here():
    members = Members()
    members.put(ANN)
    assert members.is_named("ann", other_than="bob")
    assert not members.is_named("ann", other_than="ann")
    members.remove("ann")
    assert not members.is_named("ann", other_than="bob")


def test_former_name_is_free_and_the_new_one_taken():
    members = Members()
    members.put(ANN)
    members.put(ANN.renamed(parse_nickname("Anna")))
    assert not members.is_named("ann", other_than="bob")
    assert members.is_named("anna", other_than="bob")


def test_name_of_two_members_stays_taken_when_one_of_them_leaves():
    members = Members()
    members.put(BOB)
    members.put(Member("rob", parse_nickname("BOB")))
    assert members.remove("rob")
    assert not members.remove("rob")
    assert members.is_named("bob", other_than="ann")


def test_renamed_member_keeps_the_place():
    members = Members()
    members.put(ANN)
    members.put(BOB)
    members.put(ANN.renamed(parse_nickname("Zoe")))
    assert list(members) == ["ann", "bob"]
