"""The paths of pages, and of rooms relative to the chat."""

from urllib.parse import quote, unquote

from starlette.types import Scope

from chat.domain.errors import RoomRefused
from chat.domain.people.avatars import Avatar
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind

PAGES = {"/", "/moderation", "/reset"}
ROOM_PAGES = ("room", "direct", "join")
PICTURE_LENGTH = 12  # of its SHA-256, enough to tell a person's pictures apart


def is_page(path: str) -> bool:
    """Tell whether a path, below the root path, is that of a page."""
    return path in PAGES or (path.count("/") == 2 and path.startswith(tuple(f"/{kind}/" for kind in ROOM_PAGES)))


def path_of(scope: Scope) -> str:
    """Return the path of a page's request below the root path."""
    return quote(scope["path"].removeprefix(scope["root_path"]))


def link_token(path: str) -> str:
    """Return the secret of the link to a private room whose path this is, if it is one."""
    match path.split("/"):
        case ["", "join", token]:
            return token
    return ""


def without_secret(path: str) -> str:
    """Return a path without the secret in it, if it is that of a link which lets people in."""
    match path.split("/"):
        case ["", "enter" | "invite" | "join" | "reset" as kind, _, *_]:
            return f"/{kind}/…"
    return path


def room_path(room: RoomInfo) -> str:
    return f"direct/{room.id}" if room.kind is RoomKind.DIRECT else f"room/{quote(room.slug)}"


def file_path(room_id: str, message_id: str, position: int) -> str:
    """Return the path of a file of a message; that of its small picture ends with `/small`."""
    return f"files/{quote(room_id, safe='')}/{quote(message_id, safe='')}/{position}"


def avatar_path(member_id: str, picture: str) -> str:
    """Return the path of a person's picture, which is another one for each picture."""
    return f"avatars/{quote(member_id, safe='')}/{picture[:PICTURE_LENGTH]}"


def icon_path(shown: Avatar, otherwise: str) -> str:
    """Return the path of the picture that a notification of a person shows, if they have one."""
    return avatar_path(shown.member_id, shown.picture) if shown.picture else otherwise


def find_room(directory: RoomDirectory, member_id: str, path: str) -> RoomInfo:
    """Return the room that a member finds at a path, also at a former one; raises `RoomRefused`."""
    match [unquote(part) for part in path.split("/")]:
        case [""] | ["join", _]:
            return directory.room_for(member_id, LOBBY)
        case ["room", slug]:
            return directory.find_by_slug(member_id, slug)
        case ["direct", room_id]:
            room = directory.room_for(member_id, room_id)
            if room.kind is RoomKind.DIRECT:
                return room
    raise RoomRefused("room-gone")
