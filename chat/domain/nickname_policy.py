"""The rules for nicknames."""

import unicodedata

from chat.domain.errors import NameRefused
from chat.domain.text.confusables import LOOK_ALIKES, skeleton
from chat.domain.text.invisible import INVISIBLE
from chat.domain.users import Nickname

NAME_LIMIT = 32
RESERVED = frozenset({
    "admin", "administrator", "all", "anonymous", "channel", "everyone", "here", "mod", "moderator", "nobody", "owner",
    "root", "server", "system", "tcpchatnet", "you",
    # The roles, and administrators, in the other languages of the page.
    "إشراف", "ملكية", "مراقبة", "مشرف", "مدير", "المدير", "مالك", "المالك",
    "leitung", "moderation", "moderatorin", "administratorin", "inhaber", "inhaberin",
    "administrador", "administradora", "moderación", "moderador", "moderadora", "responsable",
    "administrateur", "administratrice", "modo", "modérateur", "modératrice", "propriétaire",
    "אדמין", "מנהל", "מנהלת", "מנחה", "בעלים",
    "एडमिन", "प्रशासक", "मॉडरेटर", "ओनर",
    "amministratore", "amministratrice", "moderazione", "moderatore", "moderatrice", "titolare",
    "管理者", "モデレーター", "オーナー", "관리자", "운영자", "소유자", "beheerder", "eigenaar",
    "właściciel", "właścicielka", "administratorka", "moderatorka", "moderação", "responsável", "proprietário",
    "админ", "администратор", "модератор", "владелец", "yönetici", "moderatör", "sahip",
    "адмін", "адміністратор", "власник", "管理员", "管理員", "版主", "所有者", "擁有者",
})  # fmt: skip
_RESERVED_SKELETONS = frozenset(map(skeleton, RESERVED)) - {skeleton("Ali")}  # looks like "all", but is a common name
# Scripts with look-alike letters: a name that mixes them imitates another (Unicode TR 39, section 5).
CONFUSABLE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
MARKS_IN_A_ROW = 2
KEYCAP = "\u20e3"


def check_nickname(nickname: Nickname) -> None:
    """Raise `NameRefused` for a name that is too long, reserved, blank, piled with marks, or an imitation."""
    name = nickname.shown
    if len(name) > NAME_LIMIT:
        raise NameRefused("name-too-long", limit=NAME_LIMIT)
    if nickname.key in RESERVED or skeleton(_without_symbols(name)) in _RESERVED_SKELETONS:
        raise NameRefused("name-reserved", name=name)
    # The form to compare: the one to show has joiners within emoji.
    if INVISIBLE & set(nickname.key) or not any(unicodedata.category(c)[0] in "LNS" or c == KEYCAP for c in name):
        raise NameRefused("name-invalid")
    if _longest_pile(name) > MARKS_IN_A_ROW:
        raise NameRefused("name-invalid")
    if len(_scripts(name) & CONFUSABLE_SCRIPTS) > 1:
        raise NameRefused("name-mixed-scripts")


def _without_symbols(name: str) -> str:
    """Return `name` without emoji and other symbols, but with those that look like letters."""
    return "".join(c for c in name if unicodedata.category(c) != "So" or ord(c) in LOOK_ALIKES)


def _longest_pile(name: str) -> int:
    longest = pile = 0
    for character in unicodedata.normalize("NFC", name):
        pile = pile + 1 if unicodedata.category(character)[0] == "M" else 0
        longest = max(longest, pile)
    return longest


def _scripts(name: str) -> set[str]:
    return {unicodedata.name(c, "").split(" ")[0] for c in name if c.isalpha()}
