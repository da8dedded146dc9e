"""Live regions: HTML that is rendered once and broadcast to everybody who looks at it.

NiceGUI builds the elements of every page on the server, page by page. What all pages show alike lives here instead:
named nodes in one Socket.IO room, changed by one `update` frame for all. The page holds one small element, whose
child is the region's node. This leans on NiceGUI's inside (`core.sio`, the `update` message, `_to_dict`); besides it,
only `relief.py` does.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

from nicegui import Client, background_tasks, core

from chat.framework.elements import RawElement

PARTING = 0.5  # seconds for a page to hear why it is cut off

Node = dict[str, Any]
"""What NiceGUI's page makes an element of: `tag`, `props`, `children` (names of nodes), `text`."""


class LiveRegion:
    """Nodes by name, in parts that are rendered separately. All pages that entered see every change.

    `keeps` tells whether a node that is in no part any more stays with the pages that have it.
    """

    def __init__(self, name: str, keeps: Callable[[str], bool] = lambda name: False) -> None:
        self.name = name
        self._keeps = keeps
        self._parts: dict[str, dict[str, Node]] = {}
        self._packet: Any = None

    def update(self, parts: dict[str, dict[str, Node]]) -> None:
        """Let the given parts have these nodes now, and send what differs, as one frame."""
        frame: dict[str, Node | None] = {}
        for part, nodes in parts.items():
            before = self._parts.get(part, {})
            frame |= {name: node for name, node in nodes.items() if before.get(name) != node}
            frame |= {name: None for name in before if name not in nodes and not self._keeps(name)}
            self._parts[part] = nodes
        self._packet = None
        self.tell(frame)

    def tell(self, frame: Mapping[str, Node | None]) -> None:
        """Send all pages nodes that belong to no part; None for those that are gone."""
        if frame:
            background_tasks.create(core.sio.emit("update", frame, room=self.name), name=f"update {self.name}")

    async def enter(self, client: Client, more: Callable[[], dict[str, Node]]) -> None:
        """Send a page all nodes now and every change from now on; again after each reconnect.

        `more` gives nodes that the others will see in a moment, or that only this page has.
        """
        for sid, eio_sid in _sockets(client):
            # First the room, then the snapshot: a change in between may come twice, but never gets lost.
            await core.sio.enter_room(sid, self.name)
            if self._packet is None:
                # As `emit` does, but it would search all of it for binary data first, and encode it for every page.
                self._packet = core.sio.packet_class(data=["update", self.snapshot()], binary=False).encode()
            await core.sio.eio.send(eio_sid, self._packet)
            await core.sio.emit("update", more(), to=sid)

    def cut(self, client: Client) -> None:
        """Send a page nothing from now on, and end its connections in a moment: it may be a program that stays."""
        for sid, _ in _sockets(client):
            core.sio.manager.basic_leave_room(sid, "/", self.name)
        background_tasks.create(_disconnect(client), name=f"cut {client.id}")

    async def tell_one(self, client: Client, nodes: Mapping[str, Node | None]) -> None:
        """Send one page nodes that only it has, None for those it has no more."""
        await core.sio.emit("update", nodes, room=client.id)

    def snapshot(self) -> dict[str, Node | None]:
        """All nodes of all parts, and None for named ones that are gone: a page that was away may still have them."""
        nodes = {name: node for nodes in self._parts.values() for name, node in nodes.items()}
        named = (child for node in nodes.values() for child in node.get("children", []))
        return {child: None for child in named if not self._keeps(child)} | nodes

    def text(self, name: str) -> str:
        """What a person reads in a node and below it."""
        nodes, words, waiting = self.snapshot(), [], [name]
        while waiting:
            node = nodes.get(waiting.pop(0)) or {}
            words.append(re.sub(r"<[^>]*>", " ", node.get("props", {}).get("innerHTML", "")))
            waiting = [*node.get("children", []), *waiting]
        return " ".join(" ".join(words).split())


def _sockets(client: Client) -> list[tuple[str, str]]:
    return list(core.sio.manager.get_participants("/", client.id))


async def _disconnect(client: Client) -> None:
    await asyncio.sleep(PARTING)
    for sid, _ in _sockets(client):
        await core.sio.disconnect(sid)


class LiveSlot(RawElement):
    """The place in a page where nodes of a live region are shown, before what else is in it."""

    def __init__(
        self, region: LiveRegion, *nodes: str, tag: str = "div", attributes: dict[str, Any] | None = None
    ) -> None:
        super().__init__(tag, attributes or {})
        self._region = region
        self._nodes = nodes

    def _to_dict(self) -> dict[str, Any]:
        own = super()._to_dict()
        return {**own, "children": [*self._nodes, *own.get("children", [])]}

    def _displayed_contents(self, *, only_visible: bool) -> list[Any]:
        return [self._region.text(node) for node in self._nodes]
