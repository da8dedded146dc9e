"""Nicknames after the PRECIS profiles of RFC 8266: one form to show, one to compare."""

from precis_i18n import get_profile

from chat.domain.errors import NameRefused
from chat.domain.users import Nickname

_TO_SHOW = get_profile("NicknameCasePreserved")
_TO_COMPARE = get_profile("Nickname")


def parse_nickname(text: object) -> Nickname:
    """Return the nickname in `text`, with its spaces normalized; raises `NameRefused`."""
    if not isinstance(text, str) or not text.strip():
        raise NameRefused("name-empty")
    try:
        return Nickname(_TO_SHOW.enforce(text[:200]), _TO_COMPARE.enforce(text[:200]))
    except UnicodeEncodeError:
        raise NameRefused("name-invalid") from None
