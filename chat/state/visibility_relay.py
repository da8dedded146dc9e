"""Shares between processes which members see a page: they need no push, and no sound elsewhere."""

from collections import defaultdict

from chat.storage.peers import Peer, Peers

TOPIC = "visible"


class VisibilityRelay(Peer):
    """Publishes who sees a page of this process, and knows who sees one of another. Without `peers`, there is none."""

    def __init__(self, peers: Peers | None = None) -> None:
        self._peers = peers
        self._here: set[str] = set()
        self._elsewhere: defaultdict[str, set[str]] = defaultdict(set)
        if peers:
            peers.add(TOPIC, self)

    def note(self, member_id: str, *, sees_page: bool) -> None:
        """Note whether a member sees a page of this process."""
        if self._peers is None or sees_page == (member_id in self._here):
            return
        if sees_page:
            self._here.add(member_id)
        else:
            self._here.discard(member_id)
        self._peers.publish(TOPIC, member_id, b"1" if sees_page else b"")

    def sees_page_elsewhere(self, member_id: str) -> bool:
        """Tell whether a member sees a page of another process."""
        return any(member_id in members for members in self._elsewhere.values())

    def on_published(self, process: str, key: str, note: bytes) -> None:
        """Note whether a member sees a page of another process."""
        if note:
            self._elsewhere[process].add(key)
        else:
            self._elsewhere[process].discard(key)

    def on_process_lost(self, process: str) -> None:
        self._elsewhere.pop(process, None)
