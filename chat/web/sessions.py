"""Sessions: the data that the server keeps for each browser. The cookie holds only a signed id.

Signing in changes the session's id, so that an id which was leaked or planted before is worthless. The id can only
change in an HTTP response, so a page hands its browser a one-time login: a link that works once, and only for the
session it was made for. No other module uses NiceGUI's storage.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4
from weakref import WeakValueDictionary

from cachetools import TTLCache
from nicegui import app
from nicegui.persistence import FilePersistentDict
from pydantic import TypeAdapter

from chat.domain.accounts.events import AccountDeleted
from chat.storage.peers import SharedSessions
from chat.web.identity import Identity
from chat.web.session import LINK_KEYS, AccountData, Session
from chat.web.session_cleanup import remove_old_sessions

LOGIN_LIFETIME = 60  # seconds
MAX_LOGINS = 10_000
LOGIN: TypeAdapter[tuple[str, Identity]] = TypeAdapter(tuple[str, Identity])
USER_PREFIX = "storage-user-"
SEEN, LEVELS = SHARED = ("storage-seen", "storage-levels")  # by accounts


class Sessions:
    """All sessions, and the one-time logins that change their ids.

    `leave` is called with the id of a member whose browser signed in as another one. Two files in `folder` keep the
    read marks of accounts, and the notification levels that they chose for rooms.
    """

    def __init__(self, leave: Callable[[str], None], folder: Path, shared: SharedSessions | None = None) -> None:
        self._leave = leave
        self._shared = shared
        self._folder = folder
        self._by_account = AccountData(*(_load(folder / f"{name}.json") for name in SHARED))
        self._one_time_logins: TTLCache[str, tuple[str, Identity]] = TTLCache(MAX_LOGINS, LOGIN_LIFETIME)
        self._rotated: TTLCache[str, tuple[str | None, dict[str, Any]]] = TTLCache(MAX_LOGINS, LOGIN_LIFETIME)
        self._loaded = WeakValueDictionary[str, FilePersistentDict]()

    def current(self) -> Session:
        """Return the session of the current request."""
        session_id = app.storage.browser["id"]
        data = app.storage.user
        if isinstance(data, FilePersistentDict):
            self._load(session_id, data)
        previous_id, rotated = self._rotated.get(session_id, (None, {}))
        if rotated:
            self._rotated[session_id] = previous_id, {}
            data.update(rotated)
        return Session(session_id, data, _cookie(), self._by_account, previous_id)

    def _load(self, session_id: str, data: FilePersistentDict) -> None:
        """Read the data once: after a restart, another request of this browser may still be reading it.

        Not again when it is empty: the file of a cleared session is deleted a moment later.
        """
        if not data and session_id not in self._loaded:
            data.initialize_sync()
        self._loaded[session_id] = data

    @property
    def loaded(self) -> list[FilePersistentDict]:
        """The data of accounts, and of all sessions in use."""
        found = self._by_account.seen, self._by_account.levels, *self._loaded.values()
        return [data for data in found if isinstance(data, FilePersistentDict)]

    def refresh(self, name: str, values: Mapping[str, Any]) -> None:
        """Apply a change by another process, to a session in use or the shared data of an account (None: nothing)."""
        for data in self.loaded:
            if data.filepath.stem == name:
                is_whole = name not in SHARED
                gone = {key for key in data if is_whole and key not in values} | {
                    key for key, value in values.items() if value is None
                }
                for key in gone:
                    dict.pop(data, key, None)  # keeps nothing: what is kept has changed already
                data.update({key: value for key, value in values.items() if key not in gone and data.get(key) != value})

    async def wait_until_shared(self) -> None:
        """Return when all processes have the current sessions: a browser's next request may reach any of them."""
        if self._shared:
            await self._shared.written()

    async def one_time_login(self, session: Session, identity: Identity, back: str) -> str:
        """Return the link that signs in the session's browser, under a new session id, and leads back to a page."""
        token = secrets.token_urlsafe(24)
        if self._shared:
            await self._shared.logins.keep(token, LOGIN.dump_json((session.id, identity)), LOGIN_LIFETIME)
        self._one_time_logins[token] = session.id, identity
        return f"/enter/{token}{_back(back)}"

    async def redeem(self, token: str) -> None:
        """Sign in by a one-time login; does nothing if it expired or was made for another session.

        Then it isn't used up either: programs that show previews of links have no session.
        """
        session = self.current()
        found = self._one_time_logins.get(token) or await self._find_login(token)
        if found and found[0] == session.id and await self._take_login(token):
            self.rotate_session(session, found[1])
            await self.wait_until_shared()

    async def _find_login(self, token: str) -> tuple[str, Identity] | None:
        login = await self._shared.logins.find(token) if self._shared else b""
        return LOGIN.validate_json(login) if login else None

    async def _take_login(self, token: str) -> bool:
        """Use a login up. One that this process made is valid also if the others can't be asked."""
        is_own = self._one_time_logins.pop(token, None) is not None
        return (self._shared is not None and await self._shared.logins.take(token)) or is_own

    def language_link(self, session: Session, language: str, back: str) -> str:
        """Return the link that chooses a language in the session's browser, and in no other, and leads back."""
        return f"/language/{language}/{_language_proof(session)}{_back(back)}"

    def choose_language(self, language: str, proof: str) -> None:
        """Keep the language in the cookie of the current request's browser; does nothing for another one's link."""
        session = self.current()
        if secrets.compare_digest(proof.encode(), _language_proof(session).encode()):
            session.language = language

    def rotate_session(self, session: Session, identity: Identity) -> None:
        """Sign in the current request's browser, under a new session id."""
        previous, marks, browser_id = session.identity, session.read_marks.all(), session.browser_id
        preferences = session.preferences
        data, cookie, session_id = session.clear(), _cookie(), str(uuid4())
        cookie.update(id=session_id, mark=browser_id)
        for key in LINK_KEYS:
            cookie.pop(key, None)
        rotated = Session(session_id, data, cookie, self._by_account)
        rotated.identity = identity
        if previous and previous.id == identity.id:
            if marks:
                rotated.read_marks.replace(marks)
            if preferences.levels:
                rotated.preferences = preferences
        self._rotated[session_id] = session.id, {} if self._shared else data
        if self._shared:
            self._shared.create(f"{USER_PREFIX}{session_id}", data)
        if previous and previous.id != identity.id:
            self._leave(previous.id)

    def forget(self, event: AccountDeleted) -> None:
        """Drop the data of a deleted account."""
        for by_account in (self._by_account.seen, self._by_account.levels):
            by_account.pop(event.account.id, None)

    async def remove_old(self) -> None:
        """Remove the files of those who left long ago, and of expired sessions."""
        await asyncio.to_thread(remove_old_sessions, self._folder, time.time())


class _AccountFile(FilePersistentDict):
    """It is made before `chat.framework` patches how NiceGUI writes files."""

    def backup(self) -> None:
        super().backup()  # as it is now, not as it was when this was made


def _load(file: Path) -> FilePersistentDict:
    found = _AccountFile(file)
    found.initialize_sync()
    return found


def _cookie() -> dict[str, Any]:
    return cast(dict[str, Any], app.storage.browser)


def _language_proof(session: Session) -> str:
    return sha256(f"language {session.id}".encode()).hexdigest()[:16]


def _back(path: str) -> str:
    """Return the query that names a page to return to, none for the first page."""
    return "" if path == "/" else f"?back={quote(path)}"
