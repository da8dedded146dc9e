"""Shares changes of avatar colours between processes, so that absent members, too, have the same everywhere."""

from pydantic import TypeAdapter

from chat.domain.people.avatar_colors import AvatarColor
from chat.domain.people.events import MemberJoined
from chat.domain.people.people import People
from chat.state.pipeline.event_bus import EventBus
from chat.storage.peers import Peer, Peers

TOPIC = "colors"
MAX_PUBLISHED = 100  # colours

CHANGED = TypeAdapter(dict[str, AvatarColor])


class ColorRelay(Peer):
    """A starting process takes over the colours of others; after that, the first process to change one prevails."""

    def __init__(self, people: People, bus: EventBus, peers: Peers) -> None:
        self._people = people
        self._colors = people.colors
        self._peers = peers
        self._published = 0
        self._has_heard = False
        peers.add(TOPIC, self)
        bus.subscribe(self._on_joined, MemberJoined)

    def on_published(self, process: str, key: str, note: bytes) -> None:
        """Take the colours that another process has changed."""
        if not self._peers.is_synced and not self._has_heard:
            self._colors.forget_all_but(self._people.members)
        self._has_heard = True
        known = self._colors.changed(MAX_PUBLISHED)
        for member_id, color in CHANGED.validate_json(note or b"{}").items():
            if member_id not in known:
                self._colors.take(member_id, color)

    def _on_joined(self, _: MemberJoined) -> None:
        if self._published != self._colors.changes:
            self._published = self._colors.changes
            self._peers.publish(TOPIC, "", CHANGED.dump_json(self._colors.changed(MAX_PUBLISHED)))
