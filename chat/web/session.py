"""The data of one browser: the member signed in there, and the preferences."""

import time
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chat.domain.accounts.preferences import Preferences
from chat.web.identity import LATEST, Identity, parse_identity
from chat.web.read_marks import ReadMarks

BROWSER_KEYS = ("preferences", "language", "mark")  # kept when another member uses the browser
MEMBER_KEYS = ("seen", "levels")  # of a guest
LINK_KEYS = ("invitation", "reset")  # until someone signs in


@dataclass(frozen=True, slots=True)
class AccountData:
    """Read marks and notification levels of rooms that hold on all devices, by the ids of accounts."""

    seen: dict[str, Any] = field(default_factory=dict)
    levels: dict[str, Any] = field(default_factory=dict)


class Session:
    """The data of one browser, shared by all its tabs.

    `cookie` is kept by the browser itself, and changes only while a request is answered; until someone joins, nothing
    is stored for them on the server. `previous_id` is the id that this session replaced, set for a minute: the first
    request need not be that of a page.
    """

    def __init__(
        self,
        session_id: str,
        data: dict[str, Any],
        cookie: dict[str, Any],
        by_account: AccountData,
        previous_id: str | None = None,
    ) -> None:
        self.id = session_id
        self.previous_id = previous_id
        self._data = data
        self._cookie = cookie
        self._by_account = by_account
        self._parsed_preferences: tuple[dict[str, Any], Preferences] = {}, Preferences()

    @property
    def read_marks(self) -> ReadMarks:
        return ReadMarks(lambda: self._entry(self._by_account.seen, "seen"))

    @property
    def browser_id(self) -> str:
        """The browser's first session id. Sanctions go by it, so changing the id doesn't lift them."""
        return str(self._cookie_value("mark") or self.id)

    @property
    def identity(self) -> Identity | None:
        """None for a stranger."""
        return parse_identity(self._data.get("member"))

    @identity.setter
    def identity(self, identity: Identity | None) -> None:
        before = self.identity
        if before == identity:
            return
        if identity is None:
            self.clear()
        else:
            match self._data.pop("former", None):
                case {"id": identity.id, **others}:
                    self._data.update({key: others[key] for key in MEMBER_KEYS if others.get(key) is not None})
            if before is None or before.id != identity.id:
                self._data["signed_in"] = time.time()
            self._data["member"] = asdict(identity)
            if identity.sso_at is None:
                del self._data["member"]["sso_at"]  # unknown to versions before it

    @property
    def signed_in_at(self) -> datetime:
        """When the member joined or signed in in this browser; earlier versions didn't keep that, but were earlier."""
        at = self._data.get("signed_in")
        return datetime.fromtimestamp(at if isinstance(at, int | float) and 0 <= at < LATEST else 0, UTC)

    @property
    def former_identity(self) -> Identity | None:
        """The member who left last, until someone joins in this browser."""
        former = parse_identity(self._data.get("former"))
        return former and replace(former, sso_at=None)

    @property
    def preferences(self) -> Preferences:
        """The browser's preferences, with the member's levels of rooms.

        Earlier versions kept the levels with the browser, too; they count until the member chooses one.
        """
        values, levels = self._data.get("preferences"), self._levels
        values = values if isinstance(values, dict) else {}
        stored = dict(values) if levels is None else {**values, "levels": levels}
        if stored != self._parsed_preferences[0]:
            self._parsed_preferences = stored, Preferences.from_dict(stored)
        return self._parsed_preferences[1]

    @preferences.setter
    def preferences(self, preferences: Preferences) -> None:
        self._levels = {room_id: str(level) for room_id, level in preferences.levels.items()}
        self._data["preferences"] = replace(preferences, levels={}).to_dict()

    @property
    def _levels(self) -> dict[str, Any] | None:
        values, key = self._entry(self._by_account.levels, "levels") or ({}, "")
        levels = values.get(key)
        return levels if isinstance(levels, dict) else None

    @_levels.setter
    def _levels(self, levels: dict[str, str]) -> None:
        entry = self._entry(self._by_account.levels, "levels")
        if entry and levels != (self._levels or {}):
            values, key = entry
            values[key] = levels

    def _entry(self, by_account: dict[str, Any], key: str) -> tuple[dict[str, Any], str] | None:
        """Return the place of a member's data: with the account or, for a guest, under `key`."""
        identity = self.identity
        if identity is None:
            return None
        return (by_account, identity.id) if identity.is_account else (self._data, key)

    @property
    def language(self) -> str | None:
        """The chosen language, None to follow the browser."""
        return self._cookie_value("language")

    @language.setter
    def language(self, language: str) -> None:
        self._cookie["language"] = language

    @property
    def admission(self) -> str:
        """Proof that the room password was entered (see `AccessPolicy.admission`)."""
        return str(self._data.get("admission", ""))

    @admission.setter
    def admission(self, admission: str) -> None:
        self._data["admission"] = admission

    @property
    def invitation(self) -> str | None:
        """The token of the invitation whose link was followed."""
        return self._cookie_value("invitation")

    @invitation.setter
    def invitation(self, token: str) -> None:
        self._cookie["invitation"] = token

    @property
    def password_reset(self) -> str | None:
        """The token of the password reset whose link was followed."""
        return self._cookie_value("reset")

    @password_reset.setter
    def password_reset(self, token: str) -> None:
        self._cookie["reset"] = token

    def refuse(self, key: str) -> None:
        """Keep why signing in failed, as the key of an error, for the browser's next page.

        In the cookie: every refused visitor would leave a file behind, and another process may build the page.
        """
        self._cookie["refusal"] = key

    def pop_refusal(self) -> str | None:
        key = self._cookie.pop("refusal", None)
        return key if isinstance(key, str) else None

    def leave(self) -> None:
        """Forget the identity, but offer the member to come back."""
        if self.identity:
            former = {**self._data["member"], **{key: self._data.get(key) for key in MEMBER_KEYS}}
            self._data["former"] = former
            self._forget_all_but(*BROWSER_KEYS, "former")

    def clear(self) -> dict[str, Any]:
        """Forget the identity and its data; return the data that stays with the browser."""
        self._forget_all_but(*BROWSER_KEYS)
        return dict(self._data)

    def _forget_all_but(self, *keys: str) -> None:
        """Remove the member last: what is left then is stored at once."""
        for key in sorted(self._data.keys() - set(keys), key=lambda key: key == "member"):
            del self._data[key]

    def _cookie_value(self, key: str) -> str | None:
        """Return a value of the cookie or, as in version 0.1.0, of the data."""
        value = self._cookie.get(key) or self._data.get(key)
        return value if isinstance(value, str) else None
