"""Allowed nicknames: length, reserved names, blanks, marks and mixed scripts."""

import pytest

from chat.domain.errors import NameRefused
from chat.domain.nickname_policy import NAME_LIMIT, check_nickname
from chat.domain.users import Role
from chat.i18n.phrases import ROLES
from chat.i18n.translator import languages, translator
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
        "Маша",
        "Юля",
        "Ann 👑",
        "二郎",
        "شيرين",
    ],
)
def test_names_in_all_scripts_are_allowed(name: str):
    check_nickname(parse_nickname(name))


def test_name_may_have_32_characters():
    check_nickname(parse_nickname("a" * NAME_LIMIT))
    assert NAME_LIMIT == 32


def test_name_of_33_characters_is_too_long():
    problem = refusal("a" * 33)
    assert problem.key == "name-too-long"
    assert problem.details == {"limit": 32}


@pytest.mark.parametrize("name", ["admin", "Admin", "ＳＹＳＴＥＭ", "all", "TCPChatNet", " you ", "Anonymous"])
def test_reserved_name_is_refused_in_every_form(name: str):
    assert refusal(name).key == "name-reserved"


@pytest.mark.parametrize(
    "name",
    ["Adm1n", "Admin.", "[Admin]", "A d m i n", "Moderat0r", "An0nymous", "Ádmin", "Οwner", "ꓮꓓꓟꓲꓠ", "аdмin",
     "M๐derator", "Adm∣n", "🅰dmin", "🇦🇩🇲🇮🇳", "Admin👑", "★ Admin ★", "👑Adm∣n👑", "Own℮r", "ᴹᵒᵈ", "Admin\u0901"],
)  # fmt: skip
def test_imitation_of_reserved_name_is_refused(name: str):
    assert refusal(name).key in {"name-reserved", "name-mixed-scripts"}


@pytest.mark.parametrize(
    "name", ["Администратор", "админ", "管理员", "管理者", "관리자", "مدير", "Yönetici", "Владелец👑"]
)
def test_words_for_administrators_in_other_languages_are_reserved(name: str):
    assert refusal(name).key == "name-reserved"


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN, Role.OWNER])
def test_roles_are_reserved_in_every_language(language: str, role: Role):
    assert refusal(translator(language)(ROLES[role])).key == "name-reserved"


@pytest.mark.parametrize(
    "name",
    ["\u2800", "Ann\u2800", "\u2800\u2800\u2800", "Ann\ufffc", "\ufffc", "A\ufffcnn", "Ann\U00016fe4", "Ann\U0001d159"],
    ids=ascii,
)
def test_name_with_invisible_character_is_refused(name: str):
    assert refusal(name).key == "name-invalid"


@pytest.mark.parametrize("name", ["...", "-", "!?", "\u0301\u0301"], ids=ascii)
def test_name_needs_letter_digit_or_symbol(name: str):
    assert refusal(name).key == "name-invalid"


def test_pile_of_marks_is_refused():
    assert refusal("Z" + "\u0335\u0336\u0337" + "oe").key == "name-invalid"


@pytest.mark.parametrize("name", ["\u0410nn", "B\u043eb", "Αnn", "p\u0430ypal", "\ua4eenna"], ids=ascii)
def test_mixed_look_alike_scripts_are_refused(name: str):
    assert refusal(name).key == "name-mixed-scripts"
