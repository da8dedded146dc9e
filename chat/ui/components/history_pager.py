"""Earlier messages: which chunks of the log a page has beyond the newest that all are sent."""

from nicegui import Client

from chat.framework.live_region import Node
from chat.i18n.translator import Translator
from chat.ui.html.chrome import gap
from chat.ui.room_view import RoomView

MORE = 7  # chunks at a time
NEAR = 50  # chunks that are loaded to reach a message; what is further away is shown without what is between
LONG = 50  # chunks that a page may have gathered while it stayed at the newest


class HistoryPager:
    """The chunks that one page was sent. Where some are missing, a button in their place asks for them.

    All chunks are named in the log of every page already; to load them is to send them.
    """

    def __init__(self, client: Client, board: RoomView, tr: Translator) -> None:
        self._client = client
        self._room_view = board
        self._log = board.log
        self._tr = tr
        self._loaded: set[int] = set()
        self._since = self._log.start

    @property
    def first(self) -> int:
        """The first chunk that this page has."""
        return min(self._loaded, default=self._since)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is before it."""
        return not self._log.has_earlier(self.first)

    @property
    def is_long(self) -> bool:
        """Whether the page has many chunks that were new once."""
        return self._log.start - self._since > LONG

    def nodes(self) -> dict[str, Node]:
        """What this page has, besides what all are sent."""
        return self._nodes(set(range(self._since, self._log.start)) | self._loaded)

    async def load(self, chunk: int) -> None:
        """Load some more: before a chunk that the page has, or from one on that it has not."""
        if chunk - 1 in self._loaded:
            await self._send(range(chunk, chunk + MORE))
        else:
            await self._send(range(chunk + 1 - MORE, chunk + 1))

    async def reach(self, chunk: int) -> None:
        """Have a chunk, with all that previous_id if it is near, else with what is around it."""
        if not self._has(chunk):
            end = self.first if self.first - NEAR <= chunk < self.first else chunk + MORE
            await self._send(range(chunk - MORE, end))

    async def forget(self) -> None:
        """Take away all but the newest: the page stays quick however long it is open."""
        gone = {*range(self._since, self._log.start), *self._loaded}
        self._loaded.clear()
        self._since = self._log.start
        nodes: dict[str, Node | None] = {name: None for chunk in gone for name in self._log.names(chunk)}
        await self._room_view.region.tell_one(self._client, {**nodes, **self._nodes(set())})

    def _has(self, chunk: int) -> bool:
        return chunk >= self._since or chunk in self._loaded

    async def _send(self, chunks: range) -> None:
        new = {chunk for chunk in chunks if not self._has(chunk) and chunk >= 0 and self._log.has_earlier(chunk + 1)}
        if new:
            self._loaded |= new
            await self._room_view.region.tell_one(self._client, self._nodes(new))

    def _nodes(self, chunks: set[int]) -> dict[str, Node]:
        nodes = self._log.earlier(sorted(chunks))
        for chunk in {*chunks, self._since}:
            if self._is_missing(chunk - 1):
                button = gap(self._tr("Earlier messages"), chunk - 1, "earlier")
                nodes |= {f"k{chunk - 1}": button} | self._log.block(chunk - 1)
            if self._is_missing(chunk + 1):
                button = gap(self._tr("Later messages"), chunk + 1, "later")
                nodes |= {f"k{chunk + 1}": button} | self._log.block(chunk + 1)
        return nodes

    def _is_missing(self, chunk: int) -> bool:
        return not self._has(chunk) and self._log.has_earlier(chunk + 1)
