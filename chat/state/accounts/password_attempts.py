"""Wrong attempts at a password that several people share: those at all processes count together."""

import orjson

from chat.domain.accounts.shared_password import SharedPassword
from chat.state import clock
from chat.storage.peers import Peer, Peers


class PasswordAttempts(Peer):
    """Passes on the wrong attempts at this process, and counts those at others."""

    def __init__(self, password: SharedPassword, peers: Peers) -> None:
        self._password = password
        self._peers = peers
        self._topic = f"{password.name} password"
        password.on_failure = self._pass_on
        peers.add(self._topic, self)

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Count a wrong attempt at another process."""
        self._password.note_failure(orjson.loads(note), clock.now())

    def _pass_on(self, keys: list[str]) -> None:
        self._peers.broadcast(self._topic, orjson.dumps(keys))
