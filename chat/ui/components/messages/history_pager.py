"""Loads earlier messages into one page."""

from chat.framework.live_region import Node
from chat.ui.html.chrome import gap
from chat.ui.page_context import PageContext

CHUNKS_AT_ONCE = 7
NEAR = 50  # chunks that are loaded to reach a message; one further away is shown without the messages between
MAX_ISLANDS = 4  # runs of loaded chunks before others that aren't, which are noted in case the page is built again
LONG = 50  # new chunks that a page may gather before the older ones are unloaded


class HistoryPager:
    """The chunks that one page was sent besides the newest; a button in place of missing ones loads them.

    Every page's list names all chunks already, so loading a chunk means sending it.
    """

    def __init__(self, page: PageContext) -> None:
        self._client = page.client
        self._room_view = page.shown.view
        self._message_nodes = self._room_view.message_nodes
        self._record = page.record
        self._tr = page.tr
        self._loaded: set[int] = set()
        self._start = self._message_nodes.start  # the first of the chunks the page got as the newest
        self._former: set[int] = set()  # the chunks of a page that was built again, where they had other items
        self._restore()

    @property
    def first(self) -> int:
        """The number of the page's first chunk."""
        return min(self._loaded, default=self._start)

    @property
    def is_complete(self) -> bool:
        """Whether the page has the oldest message."""
        return not self._message_nodes.has_earlier(self.first)

    @property
    def is_long(self) -> bool:
        """Whether the page has gathered many chunks that were once the newest."""
        return self._message_nodes.start - self._start > LONG

    def nodes(self) -> dict[str, Node | None]:
        """Return the nodes that this page has besides the newest, for its snapshot; None for those it has no longer."""
        gone = {name for chunk in self._former if not self._has(chunk) for name in self._message_nodes.names(chunk)}
        return dict.fromkeys(gone) | self._nodes(set(range(self._start, self._message_nodes.start)) | self._loaded)

    def load(self, chunk: int) -> None:
        """Load a missing chunk and some beside it, away from those the page has."""
        if chunk - 1 in self._loaded:
            self._send(range(chunk, chunk + CHUNKS_AT_ONCE))
        else:
            self._send(range(chunk + 1 - CHUNKS_AT_ONCE, chunk + 1))

    def load_around(self, chunk: int) -> None:
        """Load a chunk with all later ones if it is near, otherwise with those around it.

        Those before it are loaded in any case: they change the first message of the chunk, and would move what follows.
        """
        if not self._has(chunk):
            end = self.first if self.first - NEAR <= chunk < self.first else chunk + CHUNKS_AT_ONCE
            self._send(range(chunk - CHUNKS_AT_ONCE, end))
        elif self._is_missing(chunk - 1):
            self._send(range(chunk - CHUNKS_AT_ONCE, chunk))

    def unload(self) -> None:
        """Remove all but the newest chunks: the page stays fast however long it is open."""
        gone = {*range(self._start, self._message_nodes.start), *self._loaded}
        self._loaded.clear()
        self._start = self._message_nodes.start
        nodes: dict[str, Node | None] = {name: None for chunk in gone for name in self._message_nodes.names(chunk)}
        self._room_view.region.send_to(self._client, {**nodes, **self._nodes(set())})
        self._note()

    def _has(self, chunk: int) -> bool:
        return chunk >= self._start or chunk in self._loaded

    def _send(self, chunks: range) -> None:
        new = {chunk for chunk in chunks if chunk >= 0 and self._is_missing(chunk)}
        if new:
            self._loaded |= new
            self._room_view.region.send_to(self._client, self._nodes(new))
            self._note()

    def _note(self) -> None:
        """Record the page's chunks by their messages: after a restart, chunks have other numbers."""
        message_in, tail = self._message_nodes.message_in, self._start
        while tail - 1 in self._loaded:
            tail -= 1
        runs: list[list[int]] = []
        for chunk in sorted(chunk for chunk in self._loaded if chunk < tail):
            if runs and runs[-1][1] == chunk - 1:
                runs[-1][1] = chunk
            else:
                runs.append([chunk, chunk])
        self._record.keep(
            newest=[tail, message_in(tail)], islands=[[*run, *map(message_in, run)] for run in runs[-MAX_ISLANDS:]]
        )

    def _restore(self) -> None:
        """Load the chunks that the page had before it was built again."""
        chunk_of, start = self._message_nodes.chunk_of, self._start
        for first, last, *message_ids in self._record.former.get("islands", []):
            begin, end = map(chunk_of, message_ids)
            self._former.update(range(first, last + 1))
            if begin is not None and end is not None:
                self._loaded.update(range(begin, end + 1))
        first, message_id = self._record.former.get("newest", [start, ""])
        begin = chunk_of(message_id)
        self._start = start if begin is None else min(start, begin)
        self._former.update(range(first, self._start))
        self._note()

    def _nodes(self, chunks: set[int]) -> dict[str, Node]:
        nodes = self._message_nodes.earlier(sorted(chunks))
        for chunk in {*chunks, self._start}:
            if self._is_missing(chunk - 1):
                nodes |= self._gap(chunk - 1, self._tr("Earlier messages"), "earlier")
            if self._is_missing(chunk + 1):
                nodes |= self._gap(chunk + 1, self._tr("Later messages"), "later")
        return nodes

    def _gap(self, chunk: int, label: str, side: str) -> dict[str, Node]:
        return {f"k{chunk}": gap(label, chunk, side)} | self._message_nodes.block(chunk)

    def _is_missing(self, chunk: int) -> bool:
        return not self._has(chunk) and self._message_nodes.has_earlier(chunk + 1)
