"""The links to rooms, as nodes for all pages of a language and as HTML for one page."""

from collections.abc import Iterable

from markupsafe import Markup

from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.escaping import concat, fill
from chat.web.paths import room_path

PICTURES = {RoomKind.PUBLIC: "hash", RoomKind.PRIVATE: "lock", RoomKind.DIRECT: "user"}


def public_rooms(tr: Translator, directory: RoomDirectory) -> dict[str, Node]:
    """Return the list of public rooms, root `rooms`, with one node for each."""
    rooms = directory.public()
    rows: dict[str, Node] = {f"r-{room.id}": {"tag": "li", "props": {"innerHTML": link(tr, room)}} for room in rooms}
    props = {"class": "only"} if len(rows) == 1 else {}
    return {"rooms": {"tag": "ul", "props": props, "children": list(rows)}, **rows}


def own_rooms(tr: Translator, rooms: Iterable[RoomInfo]) -> Markup:
    """Render rows for rooms that not everyone sees."""
    return concat(fill("<li>{link}</li>", link=link(tr, room)) for room in rooms)


def link(tr: Translator, room: RoomInfo) -> Markup:
    return fill(
        '<a class="room-link icon-{picture}" href="{path}" data-room="{id}"><bdi>{name}</bdi></a>',
        picture=PICTURES[room.kind],
        path=room_path(room),
        id=room.id,
        name=phrases.room_name(tr, room),
    )
