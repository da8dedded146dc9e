"""Avatar colours: each member keeps one, and present members have different ones while there are enough."""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass
from zlib import crc32

from cachetools import LRUCache

HUES = 12
SHADES = 2
MAX_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class AvatarColor:
    """A hue (an angle on the colour wheel) in one of two shades: 0 is full, 1 is light."""

    hue: int
    shade: int


PALETTE = tuple(AvatarColor(hue * 360 // HUES, shade) for shade in range(SHADES) for hue in range(HUES))


class AvatarColors:
    """The colours of all members.

    A colour follows from the member's id, so that it survives restarts. If another present member has the same one, it
    is changed; `changes` counts how often.
    """

    def __init__(self) -> None:
        self._changed: LRUCache[str, AvatarColor] = LRUCache(MAX_REMEMBERED)
        self.changes = 0

    def of(self, member_id: str) -> AvatarColor:
        return self._changed.get(member_id) or PALETTE[crc32(member_id.encode()) % len(PALETTE)]

    def changed(self, count: int) -> dict[str, AvatarColor]:
        """Return the colours of the members whose colour was changed last."""
        return dict([*self._changed.items()][-count:])

    def take(self, member_id: str, color: AvatarColor) -> None:
        """Give a member the colour that they have in another process."""
        if color != self.of(member_id):
            self._changed[member_id] = color

    def forget_all_but(self, member_ids: Collection[str]) -> None:
        """Undo the changes of all others."""
        for member_id in [one for one in self._changed if one not in member_ids]:
            del self._changed[member_id]

    def spread(self, member_ids: Iterable[str]) -> None:
        """Give these members different colours, as far as there are enough; the first ones keep theirs.

        A member may be among them several times.
        """
        taken = set[AvatarColor]()
        for member_id in dict.fromkeys(member_ids):
            self._differ(member_id, taken)
            taken.add(self.of(member_id))
            if len(taken) == len(PALETTE):
                return

    def differ(self, member_id: str, others: Iterable[str]) -> None:
        """Change the member's colour if one of the others has it, and another one is free."""
        taken = set[AvatarColor]()
        for other in others:
            taken.add(self.of(other))
            if len(taken) == len(PALETTE):
                return
        self._differ(member_id, taken)

    def _differ(self, member_id: str, taken: Set[AvatarColor]) -> None:
        own = self.of(member_id)
        free = [color for color in PALETTE if color not in taken]
        if own in taken and free:
            self.changes += 1
            self._changed[member_id] = max(free, key=lambda color: min(_distance(color, other) for other in taken))


def _distance(one: AvatarColor, other: AvatarColor) -> int:
    apart = abs(one.hue - other.hue)
    return min(apart, 360 - apart) + 60 * abs(one.shade - other.shade)
