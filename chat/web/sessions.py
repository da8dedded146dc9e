"""Sessions: who a browser is. The cookie has nothing but a signed id; all else is on the server. The only user of
NiceGUI's storage.

Whoever signs in gets a new id, so that one which somebody else may know (or has planted) is worth nothing. An id can
only change with an answer over HTTP, so the page passes a ticket, good once and only for the session that asked.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from nicegui import app
from nicegui.persistence import FilePersistentDict

from chat.domain.accounts.directory import AccountDeleted, AccountEvent
from chat.domain.accounts.preferences import Preferences

TICKET_LASTS = timedelta(minutes=1)
MAX_REMEMBERED = 1000
STAYS = ("preferences", "language", "mark")  # what is the browser's, whoever uses it


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: a guest by id and name, or the holder of an account by its id and generation."""

    id: str
    name: str = ""
    generation: int | None = None

    @property
    def is_account(self) -> bool:
        """Whether they signed in."""
        return self.generation is not None


class Session:
    """What the server keeps of one browser; changes are there in all its tabs.

    `follows` is the id it had before, at the first request with the new one. `seen` is what holders of accounts have
    seen, on whatever device.
    """

    def __init__(self, session_id: str, kept: dict[str, Any], seen: dict[str, Any], follows: str | None = None) -> None:
        self.id = session_id
        self.follows = follows
        self._kept = kept
        self._seen = seen

    @property
    def mark(self) -> str:
        """What the browser is known by to moderators, whatever id its session has come to have."""
        return str(self._kept.get("mark", self.id))

    @property
    def identity(self) -> Identity | None:
        """Who they are; None for strangers."""
        kept = self._kept.get("member")
        return Identity(**kept) if kept else None

    @identity.setter
    def identity(self, identity: Identity | None) -> None:
        if self.identity == identity:
            return
        if identity is None:
            self.clear()
        else:
            self._kept["member"] = {"id": identity.id, "name": identity.name, "generation": identity.generation}

    @property
    def seen(self) -> datetime | None:
        """When the newest message was written that they have seen, in any tab (with an account, on any device); None
        for newcomers.
        """
        place, name = self._place_of_seen
        return datetime.fromisoformat(place[name]) if name in place else None

    @seen.setter
    def seen(self, at: datetime) -> None:
        place, name = self._place_of_seen
        if self.identity and place.get(name) != at.isoformat():
            place[name] = at.isoformat()

    @property
    def _place_of_seen(self) -> tuple[dict[str, Any], str]:
        identity = self.identity
        return (self._seen, identity.id) if identity and identity.is_account else (self._kept, "seen")

    @property
    def preferences(self) -> Preferences:
        """What they chose."""
        return Preferences.from_dict(self._kept.get("preferences", {}))

    @preferences.setter
    def preferences(self, preferences: Preferences) -> None:
        self._kept["preferences"] = preferences.to_dict

    @property
    def language(self) -> str | None:
        """The language they chose."""
        language: str | None = self._kept.get("language")
        return language

    @language.setter
    def language(self, language: str) -> None:
        self._kept["language"] = language

    @property
    def admission(self) -> str:
        """What shows that they knew the password of the room."""
        return str(self._kept.get("admission", ""))

    @admission.setter
    def admission(self, admission: str) -> None:
        self._kept["admission"] = admission

    @property
    def invitation(self) -> str | None:
        """What is secret in the invitation they came by."""
        token: str | None = self._kept.get("invitation")
        return token

    @invitation.setter
    def invitation(self, token: str) -> None:
        self._kept["invitation"] = token

    def clear(self) -> dict[str, Any]:
        """Forget who they are; returns what stays with the browser."""
        stays = {name: self._kept[name] for name in STAYS if name in self._kept}
        self._kept.clear()
        self._kept.update(stays)
        return stays


class Sessions:
    """All sessions, and the tickets by which they change their id.

    `left` is told the id of a member who is somebody else now. What holders of accounts have seen is kept in the file
    `seen`.
    """

    def __init__(self, left: Callable[[str], None], seen: Path) -> None:
        self._left = left
        self._seen = FilePersistentDict(seen)
        self._seen.initialize_sync()
        self._tickets: dict[str, tuple[str, Identity, datetime]] = {}
        self._changed: dict[str, tuple[str, dict[str, Any], datetime]] = {}
        self._problems: dict[str, str] = {}

    def current(self) -> Session:
        """The session of the request that is being answered."""
        session_id = app.storage.browser["id"]
        kept = app.storage.user
        if not kept and isinstance(kept, FilePersistentDict):
            kept.initialize_sync()  # after a restart, another request of this browser may still be reading it
        follows, changed, _ = self._changed.pop(session_id, (None, {}, None))
        if changed:
            kept.update(changed)
        return Session(session_id, kept, self._seen, follows)

    def refuse(self, key: str, session: Session | None = None) -> None:
        """Note why a session's browser (the current request's) does not come in, as the key of an error."""
        # Not in the session: a file would stay for ever, of anybody who asks.
        self._problems[(session or self.current()).id] = key
        if len(self._problems) > MAX_REMEMBERED:
            del self._problems[next(iter(self._problems))]

    def problem(self, session: Session) -> str | None:
        """Why a session's browser did not come in; it is told once."""
        return self._problems.pop(session.id, None)

    def one_time_login(self, session: Session, identity: Identity) -> str:
        """The address that makes this session's browser somebody, in a session with another id."""
        now = datetime.now(UTC)
        self._tickets = {
            name: one_time_login for name, one_time_login in self._tickets.items() if one_time_login[2] > now
        }
        self._changed = {name: changed for name, changed in self._changed.items() if changed[2] > now}
        name = secrets.token_urlsafe(24)
        self._tickets[name] = (session.id, identity, now + TICKET_LASTS)
        return f"/enter/{name}"

    def redeem(self, name: str) -> None:
        """Let the current request's browser be whom its ticket is for; nothing happens by another's, or an old one."""
        session = self.current()
        owner, identity, until = self._tickets.pop(name, ("", None, datetime.min.replace(tzinfo=UTC)))
        if identity and owner == session.id and until > datetime.now(UTC):
            self.rotate_session(session, identity)

    def rotate_session(self, session: Session, identity: Identity) -> None:
        """Let the current request's browser be somebody, in a session with another id."""
        before, seen, mark = session.identity, session.seen, session.mark
        kept = session.clear() | {"mark": mark}  # who is muted or banned stays so under another id
        session_id = str(uuid4())
        app.storage.browser["id"] = session_id
        becoming = Session(session_id, kept, self._seen)
        becoming.identity = identity
        if before and before.id == identity.id and seen:
            becoming.seen = seen
        self._changed[session_id] = (session.id, kept, datetime.now(UTC) + TICKET_LASTS)
        if before and before.id != identity.id:
            self._left(before.id)

    def forget(self, event: AccountEvent) -> None:
        """Keep nothing of an account that is deleted."""
        if isinstance(event, AccountDeleted):
            self._seen.pop(event.account.id, None)
