"""Finding accounts by names as people type them."""

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.text.nicknames import parse_nickname


def find_account(directory: Directory, name: object) -> Account | None:
    """Return the account with this name, if there is one; raises `NameRefused` for what can't be a name.

    Accounts of earlier versions may have a name that begins with "@".
    """
    as_typed = directory.find_by_name(parse_nickname(name, keep_sign=True))
    return as_typed or directory.find_by_name(parse_nickname(name))
