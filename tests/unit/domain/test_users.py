"""Members: which nicknames they may have, which role, and how their avatar looks."""

import pytest

from chat.domain.errors import NameRefused
from chat.domain.users import NAME_LIMIT, Member, Role, check_nickname, hue, initials
from chat.text.nicknames import parse_nickname


def refusal(name: str) -> NameRefused:
    with pytest.raises(NameRefused) as refused:
        check_nickname(parse_nickname(name))
    return refused.value


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "x",
        "Ann-Marie O'Neil",
        "Zoë",
        "Nguyễn Văn An",
        "李雷",
        "山田タロウ",
        "Дмитрий",
        "Ελένη",
        "عمر",
        "ก็ได้",
        "007",
        "🦊",
        "Ann 李",
        "Ali",
        "Modern",
        "Adminah",
    ],
)
def test_names_of_people_everywhere_are_fine(name: str):
    check_nickname(parse_nickname(name))


def test_a_name_may_have_32_characters():
    check_nickname(parse_nickname("a" * NAME_LIMIT))
    assert NAME_LIMIT == 32


def test_a_name_of_33_characters_is_too_long():
    problem = refusal("a" * 33)
    assert problem.key == "name-too-long"
    assert problem.details == {"limit": 32}


@pytest.mark.parametrize("name", ["admin", "Admin", "ＳＹＳＴＥＭ", "all", "TCPChatNet", " you ", "Anonymous"])
def test_reserved_names_are_refused_in_every_form(name: str):
    assert refusal(name).key == "name-reserved"


@pytest.mark.parametrize(
    "name", ["Adm1n", "Admin.", "[Admin]", "A d m i n", "Moderat0r", "An0nymous", "Ádmin", "Οwner", "ꓮꓓꓟꓲꓠ", "аdмin"]
)
def test_nobody_imitates_a_reserved_name(name: str):
    assert refusal(name).key in {"name-reserved", "name-mixed-scripts"}


@pytest.mark.parametrize("name", ["\u2800", "Ann\u2800", "\u2800\u2800\u2800"], ids=ascii)
def test_the_braille_blank_is_no_letter(name: str):
    assert refusal(name).key == "name-invalid"


@pytest.mark.parametrize("name", ["...", "-", "!?", "\u0301\u0301"], ids=ascii)
def test_a_name_needs_a_letter_a_digit_or_a_symbol(name: str):
    assert refusal(name).key == "name-invalid"


def test_a_pile_of_marks_is_refused():
    assert refusal("Z" + "\u0335\u0336\u0337" + "oe").key == "name-invalid"


@pytest.mark.parametrize("name", ["\u0410nn", "B\u043eb", "Αnn", "p\u0430ypal", "\ua4eenna"], ids=ascii)
def test_look_alike_letters_of_two_alphabets_do_not_mix(name: str):
    assert refusal(name).key == "name-mixed-scripts"


def test_a_guest_becomes_an_admin_by_promotion_only():
    assert Member("a", parse_nickname("Ann")).role is Role.GUEST
    assert Member("a", parse_nickname("Ann")).with_role(Role.ADMIN).role is Role.ADMIN


def test_a_renamed_member_is_still_the_same_member():
    ann = Member("a", parse_nickname("Ann"), Role.ADMIN)
    anna = ann.renamed(parse_nickname("Anna"))
    assert (anna.id, anna.name, anna.role) == ("a", "Anna", Role.ADMIN)
    assert ann.name == "Ann"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann", "A"), ("ann lee", "AL"), ("Ann van der Lee", "AL"), ("李雷", "李"), ("ßen", "SS"), ("🦊", "🦊")],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, letters: str):
    assert initials(name) == letters


def test_a_colour_stays_the_same_and_differs_between_people():
    assert hue("4e5f") == hue("4e5f")
    assert len({hue(f"member{number}") for number in range(100)}) > 12
    assert all(0 <= hue(f"member{number}") < 360 for number in range(100))
