"""Links to rooms in messages: which slugs a text names."""

import pytest

from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.room_mentions import MAX_LINKS, find

ROOMS = [
    RoomInfo("a1", RoomKind.PUBLIC, "Tea", "tea", former_slugs=("cha",)),
    RoomInfo("a2", RoomKind.PUBLIC, "Café", "cafe"),
    RoomInfo("a3", RoomKind.PUBLIC, "Green tea", "green-tea"),
    RoomInfo("a4", RoomKind.PUBLIC, "茶馆", "茶馆", is_archived=True),
    RoomInfo("a5", RoomKind.PRIVATE, "Plans", "plans-a5", members=frozenset({"ann"})),
    RoomInfo("a6", RoomKind.DIRECT, members=frozenset({"ann", "bob"})),
]


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        *(("See #tea", {"tea": "tea"}), ("#TEA, (#Café)!", {"TEA": "tea", "Café": "cafe"}), ("#cha", {"cha": "tea"})),
        *(("#green-tea", {"green-tea": "green-tea"}), ("#tea-", {"tea": "tea"}), ("#lobby.", {"lobby": "lobby"})),
        *(("去#茶馆里坐坐", {"茶馆": "茶馆"}), ("＃茶馆", {"茶馆": "茶馆"}), ("#tea's", {"tea": "tea"})),
        *(("#plans-a5 #plans #a6 #a1", {}), ("#green tea", {}), ("#teas #tea-party #tea_", {"tea": "tea"})),
        *(("a#tea ##tea /#tea &#tea; # tea", {}), ("https://example.org/x?#tea www.example.org/#tea", {})),
        *(("", {}), ("#", {}), ("tea", {}), ("#" * 4000, {})),
    ],
)
def test_rooms_of_everyone_are_linked(text: str, rooms: dict[str, str]):
    assert find(text, RoomDirectory(ROOMS)) == rooms


def test_number_of_links_is_limited():
    rooms = [RoomInfo(f"r{n}", RoomKind.PUBLIC, f"Room {n}", f"room-{n}") for n in range(100)]
    assert len(find(" ".join(f"#room-{n}" for n in range(100)), RoomDirectory(rooms))) == MAX_LINKS
