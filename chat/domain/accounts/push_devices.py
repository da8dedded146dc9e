"""The browsers that messages are pushed to while the chat isn't open."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime, time

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message

MAX_OF_MEMBER = 5
MAX_DEVICES = 10_000
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class PushDevice:
    """A member's browser, identified by `id`, with its subscription at a push service.

    `endpoint`, `p256dh` and `auth` are the subscription, made for the chat's public `key`. `site` is the URL of the
    chat, and `timezone` the member's. Phones show no notifications of hidden pages: messages are pushed to them then,
    too. `generation`, `sso_at`, `session_id` and `admission` show whether the member may still join.
    """

    id: str
    member_id: str
    endpoint: str
    p256dh: str
    auth: str = field(repr=False)
    key: str
    site: str
    language: str
    timezone: str
    is_phone: bool
    at: datetime
    preferences: Preferences = Preferences()  # noqa: RUF009 - frozen
    generation: int | None = None
    sso_at: float | None = None
    session_id: str = field(default="", repr=False)
    admission: str = field(default="", repr=False)

    @property
    def is_of_account(self) -> bool:
        return self.generation is not None

    def wants(self, message: Message, local_time: time, *, is_direct: bool) -> bool:
        """Tell whether the member wants to be notified of a message, at their local time of the day."""
        preferences = self.preferences.in_room(message.room, is_direct=is_direct)
        return preferences.desktop.includes(message, self.member_id) and not preferences.is_quiet(local_time)

    def wants_invitations(self, local_time: time) -> bool:
        """Tell whether the member wants to be notified that they were added to a room."""
        return self.preferences.desktop.is_on and not self.preferences.is_quiet(local_time)


@dataclass(frozen=True, slots=True)
class PushDeviceSaved:
    """A member turned pushes on in a browser, or something about it changed."""

    device: PushDevice


@dataclass(frozen=True, slots=True)
class PushDeviceRemoved:
    """Pushes to a browser were turned off."""

    device_id: str


PushEvent = PushDeviceSaved | PushDeviceRemoved


class PushDevices:
    """All devices by id. Beyond the limits, the oldest are removed: those of the same member, and of all guests."""

    def __init__(self, devices: Iterable[PushDevice] = ()) -> None:
        self._by_id: dict[str, PushDevice] = {}
        self._index: dict[tuple[str, str], frozenset[str]] = {}
        for device in devices:
            self._put(device)

    def __iter__(self) -> Iterator[PushDevice]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, device_id: str) -> PushDevice | None:
        return self._by_id.get(device_id)

    def of_member(self, member_id: str) -> list[PushDevice]:
        return self._find(("member", member_id))

    def concerned_by(self, message: Message, members: Set[str] | None) -> list[PushDevice]:
        """Return the devices that may show a message; `members` are given if only they may see the room."""
        if members is not None:
            return self._find(*(("member", member_id) for member_id in members))
        addressed = set(message.mentions.values())
        if ALL in addressed:
            return list(self)
        if message.reply:
            addressed.add(message.reply.author)
        mentioned = (("member", member_id) for member_id in addressed)
        return self._find(*mentioned, (EVERYTHING, ""), (EVERYTHING, message.room))

    def _find(self, *keys: tuple[str, str]) -> list[PushDevice]:
        found = dict.fromkeys(device_id for key in keys for device_id in self._index.get(key, ()))
        return [self._by_id[device_id] for device_id in found]

    # Events.

    def apply(self, event: PushEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case PushDeviceSaved(device=device) if self.get(device.id) != device:
                # A browser without its cookie is another one to the chat, but not to its push service.
                for same in self._find(("endpoint", device.endpoint)):
                    self._drop(same.id)
                self._put(device)
                self._keep_limits(device.member_id)
            case PushDeviceRemoved(device_id=device_id) if device_id in self._by_id:
                self._drop(device_id)
            case _:
                return False
        return True

    def restore(self, other: "PushDevices") -> None:
        """Replace everything by the content of another list."""
        self._by_id, self._index = other._by_id.copy(), other._index.copy()

    def copy(self) -> "PushDevices":
        """Return a copy for trying out a change."""
        found = PushDevices()
        found.restore(self)
        return found

    def _keep_limits(self, member_id: str) -> None:
        own = sorted(self.of_member(member_id), key=lambda device: device.at)
        for device in own[:-MAX_OF_MEMBER]:
            self._drop(device.id)
        if len(self) > MAX_DEVICES:
            self._drop(min(self, key=lambda device: (device.is_of_account, device.at)).id)

    def _put(self, device: PushDevice) -> None:
        self._drop(device.id)
        self._by_id[device.id] = device
        for key in _keys(device):
            self._index[key] = self._index.get(key, frozenset()) | {device.id}

    def _drop(self, device_id: str) -> None:
        device = self._by_id.pop(device_id, None)
        for key in _keys(device) if device else ():
            self._index[key] -= {device_id}
            if not self._index[key]:
                del self._index[key]


def _keys(device: PushDevice) -> Iterator[tuple[str, str]]:
    """Return the index keys of a device: its member, its endpoint, and the rooms of which every message counts."""
    yield "member", device.member_id
    yield "endpoint", device.endpoint
    if device.preferences.desktop is NotificationLevel.EVERYTHING:
        yield EVERYTHING, ""
    for room_id, level in device.preferences.levels.items():
        if level is NotificationLevel.EVERYTHING:
            yield EVERYTHING, room_id
