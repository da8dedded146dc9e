"""Nicknames by the PRECIS profiles of RFC 8266: one form to show, one to compare."""

from precis_i18n import get_profile

from chat.domain.errors import NameRefused
from chat.domain.users import Nickname

_SHOWN = get_profile("NicknameCasePreserved")
_COMPARED = get_profile("Nickname")


def parse_nickname(text: object) -> Nickname:
    """The nickname in what somebody typed, with spaces put in order. Raises `NameRefused` where there is none."""
    if not isinstance(text, str) or not text.strip():
        raise NameRefused("name-empty")
    try:
        return Nickname(_SHOWN.enforce(text[:200]), _COMPARED.enforce(text[:200]))
    except UnicodeEncodeError:
        raise NameRefused("name-invalid") from None
