"""Previews of links: added after the message, as long as it has that link, and removed by those who may delete it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.errors import MessageRefused, NotAllowed
from chat.domain.messages.events import MessagePosted, PreviewAdded
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ChangeWordFilter
from chat.previews.finder import Found
from chat.state.chat import Chat
from chat.storage.files_folder import FilesFolder
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from chat.text.markup.renderer import first_link
from tests.support.hostile_pictures import drawn, encoded
from tests.support.scene_page import until
from tests.support.stored_files import read
from tests.unit.state.support import ANN, BOB, MODERATOR, OWNER, build_chat, get, record, refusal, unload

TEA, CAKE = "https://site.example/tea", "https://site.example/cake"
PREVIEW = LinkPreview("Tea", "Hot", "site.example")


class Links:
    """Finds a preview once the test has one. `asked` has the links it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._found: dict[str, asyncio.Future[Found | None]] = {}

    def link_in(self, text: str) -> str:
        return first_link(text)

    async def find(self, link: str) -> Found | None:
        self.asked.append(link)
        return await self._future(link)

    def lead_to(self, link: str, preview: LinkPreview | None = PREVIEW, picture: bytes = b"") -> None:
        self._future(link).set_result(preview and Found(preview, picture))

    async def close(self) -> None:
        pass

    def _future(self, link: str) -> asyncio.Future[Found | None]:
        return self._found.setdefault(link, asyncio.get_running_loop().create_future())


@pytest.fixture
def links() -> Links:
    return Links()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
async def make_linked_chat(links: Links, folder: Path) -> AsyncIterator[Callable[..., Chat]]:
    chats = list[Chat]()

    def make(**options: object) -> Chat:
        stores = replace(memory_stores(5), files=FilesFolder(folder))
        chats.append(build_chat(stores, ANN, BOB, MODERATOR, OWNER, preview_finder=links, **options))
        return chats[-1]

    yield make
    for chat in chats:
        await chat.close()


@pytest.fixture
def chat(make_linked_chat: Callable[..., Chat]) -> Chat:
    return make_linked_chat()


async def post(chat: Chat, text: str = f"See {TEA}", message_id: str = "message01", by: str = "ann") -> None:
    await chat.messages.post(by, LOBBY, text, message_id)


async def until_added(chat: Chat, message_id: str = "message01") -> None:
    await until(lambda: get(chat, message_id).preview is not None)


def pictures(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_preview_follows_its_message(chat: Chat, links: Links):
    events = record(chat, MessagePosted, PreviewAdded)
    await post(chat)
    assert (get(chat, "message01").link, get(chat, "message01").preview) == (TEA, None)
    links.lead_to(TEA)
    await until_added(chat)
    assert get(chat, "message01").preview == PREVIEW
    assert [type(event) for event in events] == [MessagePosted, PreviewAdded]


async def test_action_has_a_preview_too(chat: Chat, links: Links):
    links.lead_to(TEA)
    await post(chat, f"/me likes {TEA}")
    await until_added(chat)


async def test_message_without_a_link_asks_for_nothing(chat: Chat, links: Links):
    await post(chat, "See `https://site.example/tea` or ||https://site.example/cake||")
    assert (get(chat, "message01").link, links.asked) == ("", [])


async def test_same_link_after_an_edit_keeps_its_preview(chat: Chat, links: Links):
    links.lead_to(TEA)
    await post(chat)
    await until_added(chat)
    await chat.messages.edit("ann", LOBBY, "message01", f"{TEA}, I said")
    assert (get(chat, "message01").preview, links.asked) == (PREVIEW, [TEA])


async def test_other_link_has_another_preview(chat: Chat, links: Links):
    links.lead_to(TEA)
    await post(chat)
    await until_added(chat)
    await chat.messages.edit("ann", LOBBY, "message01", f"See {CAKE}")
    assert get(chat, "message01").preview is None
    cake = LinkPreview("Cake")
    links.lead_to(CAKE, cake)
    await until_added(chat)
    assert get(chat, "message01").preview == cake
    await chat.messages.edit("ann", LOBBY, "message01", "Never mind")
    assert get(chat, "message01").preview is None


async def test_preview_that_comes_after_an_edit_is_not_shown(chat: Chat, links: Links):
    await post(chat)
    await chat.messages.edit("ann", LOBBY, "message01", f"See {CAKE}")
    links.lead_to(TEA)
    links.lead_to(CAKE, LinkPreview("Cake"))
    await until_added(chat)
    assert get(chat, "message01").preview == LinkPreview("Cake")


async def test_preview_that_comes_after_the_deletion_leaves_nothing(chat: Chat, links: Links, folder: Path):
    await post(chat)
    await until(lambda: links.asked == [TEA])
    await chat.messages.delete("ann", LOBBY, "message01")
    links.lead_to(TEA, PREVIEW, encoded(drawn(60, 40), "PNG"))
    await until(lambda: not chat._previews._tasks)
    assert pictures(folder) == []


async def test_author_and_moderators_remove_a_preview(chat: Chat, links: Links):
    links.lead_to(TEA)
    for number, member_id in enumerate(("ann", "mod", "owner")):
        message_id = f"message0{number}"
        await post(chat, message_id=message_id)
        await until_added(chat, message_id)
        assert isinstance(await refusal(chat.messages.remove_preview("bob", LOBBY, message_id)), MessageRefused)
        assert get(chat, message_id).preview
        await chat.messages.remove_preview(member_id, LOBBY, message_id)
        assert get(chat, message_id).preview is None


async def test_moderator_does_not_remove_the_preview_of_an_owner(chat: Chat, links: Links):
    links.lead_to(TEA)
    await post(chat, by="owner")
    await until_added(chat)
    assert isinstance(await refusal(chat.messages.remove_preview("mod", LOBBY, "message01")), NotAllowed)


async def test_removed_preview_does_not_return_with_an_edit(chat: Chat, links: Links):
    links.lead_to(TEA)
    await post(chat)
    await until_added(chat)
    await chat.messages.remove_preview("ann", LOBBY, "message01")
    await chat.messages.edit("ann", LOBBY, "message01", f"{TEA}, I said")
    assert (get(chat, "message01").preview, links.asked) == (None, [TEA])


@pytest.mark.parametrize("end", ["delete", "remove_preview", "edit"])
async def test_picture_is_made_anew_and_goes_with_its_preview(chat: Chat, links: Links, folder: Path, end: str):
    links.lead_to(TEA, PREVIEW, encoded(drawn(900, 600), "PNG"))
    await post(chat)
    await until_added(chat)
    attachment, small = await chat.files.open("bob", LOBBY, "message01", 0, small=True)
    assert (attachment.width, attachment.type, (await read(small))[8:12]) == (900, "image/png", b"WEBP")
    await until(lambda: len(pictures(folder)) == 2)
    await getattr(chat.messages, end)("ann", LOBBY, "message01", *(["Tea"] if end == "edit" else []))
    await until(lambda: pictures(folder) == [])


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\x89PNG broken", b"<svg onload=alert(1)>"])
async def test_preview_goes_without_what_is_no_picture(chat: Chat, links: Links, folder: Path, picture: bytes):
    links.lead_to(TEA, PREVIEW, picture)
    await post(chat)
    await until_added(chat)
    assert get(chat, "message01").preview == PREVIEW
    await until(lambda: pictures(folder) == [])


async def test_words_that_are_blocked_are_not_shown_by_a_page_either(chat: Chat, links: Links):
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("hot",)))
    links.lead_to(TEA)
    await post(chat)
    await until(lambda: links.asked == [TEA] and not chat._previews._tasks)
    assert get(chat, "message01").preview is None


async def test_many_links_of_one_member_are_not_followed(chat: Chat, links: Links):
    for number in range(40):
        await post(chat, f"{TEA}/{number}", f"message{number:02}")
    await post(chat, CAKE, "message99", by="bob")
    await until(lambda: links.asked[-1:] == [CAKE])
    assert len(links.asked) == 31


async def test_chat_that_closes_waits_for_no_page(links: Links, tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, preview_finder=links)
    await post(chat)
    await until(lambda: links.asked == [TEA])
    async with asyncio.timeout(5):
        await chat.close()
    again = build_chat(json_stores(tmp_path, 100), ANN)
    assert get(again, "message01").link == TEA
    await again.close()


async def test_preview_survives_a_restart(links: Links, tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, preview_finder=links)
    links.lead_to(TEA, PREVIEW, encoded(drawn(60, 40), "PNG"))
    await post(chat)
    await until_added(chat)
    before = get(chat, "message01")
    await chat.close()
    again = build_chat(json_stores(tmp_path, 100), ANN)
    await again.start()
    assert get(again, "message01") == before
    assert await read((await again.files.open("ann", LOBBY, "message01", 0))[1])
    await again.close()


async def test_room_that_was_unloaded_meanwhile_gets_its_preview(chat: Chat, links: Links):
    room = await chat.rooms.create("owner", "Plans", is_private=False)
    await chat.messages.post("owner", room.id, TEA, "message01")
    await unload(chat)
    assert room.id not in chat._state.rooms
    links.lead_to(TEA)
    await until(lambda: not chat._previews._tasks)
    async with chat.room_access.view("owner", room.id) as found:
        assert found.conversation.message("message01").preview == PREVIEW
