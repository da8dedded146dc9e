"""The names of everything in the engine. The braces keep it on one node of a cluster, as scripts need."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys begin with the prefix: other programs, or other chats, may use the same engine."""

    prefix: str

    @property
    def epoch(self) -> str:
        """Made when the engine is filled; another one, or none, means that the content isn't what this chat knows."""
        return self._key("epoch")

    @property
    def stored_channel(self) -> str:
        """The channel of events that were stored: their name, the last number and how many, then their lines."""
        return self._key("told")

    @property
    def peer_channel(self) -> str:
        """The channel of messages between processes."""
        return self._key("passing")

    @property
    def processes(self) -> str:
        """A sorted set of the processes, with the times of their heartbeats."""
        return self._key("processes")

    def here(self, process: str) -> str:
        """A hash of the values that a process publishes, which expires if it ends."""
        return self._key(f"here:{process}")

    def name(self, key: str) -> str:
        """The member who got a name last, for a minute."""
        return self._key(f"name:{key}")

    @property
    def filling(self) -> str:
        """The process that is filling an empty engine."""
        return self._key("filling")

    @property
    def secret(self) -> str:
        """The key that signs the session cookies, without `CHAT_SECRET`."""
        return self._key("secret")

    def run(self, name: str) -> str:
        """A secret of all processes that run at the same time, for a minute after the last one."""
        return self._key(f"run:{name}")

    @property
    def probe(self) -> str:
        return self._key("probe")

    @property
    def last(self) -> str:
        """A hash with the number of the last event in each room, and in each kind of state."""
        return self._key("last")

    @property
    def said_at(self) -> str:
        """A hash with the time of the last message in each room, in milliseconds."""
        return self._key("at")

    def events(self, name: str) -> str:
        """A stream of events since the snapshot; the id of number 7 is 7-0."""
        return self._key(f"events:{name}")

    def snapshot(self, name: str) -> str:
        """A hash with the content of a file, compressed, and the number of the last event in it."""
        return self._key(f"log:{name}")

    def once(self, nonce: str) -> str:
        """An append that was carried out, for a minute."""
        return self._key(f"once:{nonce}")

    def commands(self, member_id: str) -> str:
        """A list of a member's last commands, each with the process that carried it out, for a day."""
        return self._key(f"commands:{member_id}")

    def login(self, token: str) -> str:
        """The content of a one-time login, for a minute, or of a sign-in at the single sign-on provider."""
        return self._key(f"login:{token}")

    def session(self, name: str) -> str:
        return self._key(f"session:{name}")

    def _key(self, name: str) -> str:
        return f"{{{self.prefix}}}:{name}"
