"""Members, and their initials."""

import pytest

from chat.domain.users import Member, Role, UserRef, initials
from chat.text.nicknames import parse_nickname

ANN = Member("a", parse_nickname("Ann"))


def test_member_is_guest_until_given_another_role():
    assert ANN.role is Role.GUEST
    assert ANN.with_role(Role.ADMIN).role is Role.ADMIN


def test_renamed_member_keeps_id_and_role():
    ann = ANN.with_role(Role.ADMIN)
    anna = ann.renamed(parse_nickname("Anna"))
    assert (anna.id, anna.name, anna.role) == ("a", "Anna", Role.ADMIN)
    assert ann.name == "Ann"


def test_reference_keeps_the_name_of_the_time():
    assert ANN.ref == UserRef("a", "Ann")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann", "A"),
        ("ann lee", "AL"),
        ("Ann van der Lee", "AL"),
        ("李雷", "李"),
        ("ßen", "SS"),
        ("🦊", "🦊"),
        ("Ann ❤️", "A"),
        ("1️⃣ Ann", "A"),
        ("👨‍👩‍👧 🦊", "👨‍👩‍👧"),
        ("🇩🇪", "🇩🇪"),
        ("👍🏽", "👍🏽"),
    ],
)
def test_initials_come_from_first_and_last_word(name: str, letters: str):
    assert initials(name) == letters
