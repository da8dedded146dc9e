"""Pictures of people: kept with an account, or as long as a guest is here, and only the one that is shown."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from chat.domain.accounts.events import AvatarChanged
from chat.domain.errors import AccountsUnwritable, ChatError, FileRefused, NotAllowed, SpeechRefused, TextRefused
from chat.domain.permissions import MINIMUM_ROLE, Permission
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import MuteMember, RemovePicture
from chat.domain.users import Role
from chat.state import clock
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.passwords import Passwords
from chat.state.chat import Chat
from chat.state.files.upload_limits import UploadLimits
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from tests.support.hostile_pictures import drawn, encoded
from tests.support.scene_page import until
from tests.unit.state.support import (
    ANN,
    BOB,
    CHEAP,
    GOOD,
    MODERATOR,
    OWNER,
    audit_lines,
    build_chat,
    record,
    refusal,
    unwritable,
)

TEAL, RED = (encoded(Image.new("RGB", (60, 40), color), "PNG") for color in ("teal", "red"))


async def sent(*parts: bytes | Exception) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


@pytest.fixture
async def make_picture_chat(tmp_path: Path) -> AsyncIterator[Callable[[], Chat]]:
    """Build chats on the same files, one after the other; the one before is closed."""
    chats = list[Chat]()

    async def make() -> Chat:
        if chats:
            await chats[-1].close()
        limits = UploadLimits(file=100_000)
        chats.append(build_chat(json_stores(tmp_path, 100), ANN, BOB, MODERATOR, OWNER, upload_limits=limits))
        return chats[-1]

    yield make
    await chats[-1].close()


@pytest.fixture
async def chat(make_picture_chat: Callable) -> Chat:
    return await make_picture_chat()


def picture_of(chat: Chat, member_id: str) -> str:
    return chat.people.avatar_of(member_id).picture


async def sign_up(chat: Chat, member_id: str, name: str) -> AccountService:
    accounts = AccountService(chat, Passwords(CHEAP))
    await accounts.sign_up(member_id, name, GOOD)
    return accounts


def stored(folder: Path) -> set[str]:
    """Return the files in the folder of pictures, without what is being uploaded."""
    return {str(path.relative_to(folder / "avatars")) for path in (folder / "avatars").rglob("*") if path.is_file()}


async def until_stored(folder: Path, *names: str) -> None:
    await until(lambda: stored(folder) == set(names), lambda: f"there are {stored(folder)}")


async def test_picture_is_small_square_and_without_anything_else(chat: Chat, tmp_path: Path):
    published = record(chat, AvatarChanged)
    await chat.avatars.choose("ann", sent(encoded(drawn(600, 400), "JPEG", comment=b"where I live")))
    picture = picture_of(chat, "ann")
    assert [event.picture for event in published] == [picture]
    found = await chat.avatars.find("ann", picture[:12])
    assert found
    content = b"".join([piece async for piece in found.read(slice(0, found.size))])
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("WEBP", (128, 128))
    assert b"where I live" not in content
    assert stored(tmp_path) == {f"ann/{picture}"}
    assert await chat.avatars.find("bob", picture[:12]) is None
    assert await chat.avatars.find("ann", "0" * 12) is None


async def test_another_picture_takes_its_place_and_can_be_removed(chat: Chat, tmp_path: Path):
    await chat.avatars.choose("ann", sent(TEAL))
    await chat.avatars.choose("ann", sent(RED))
    await until_stored(tmp_path, f"ann/{picture_of(chat, 'ann')}")
    await chat.avatars.choose("ann", sent(RED))  # the same again
    await until_stored(tmp_path, f"ann/{picture_of(chat, 'ann')}")
    await chat.avatars.remove("ann")
    assert picture_of(chat, "ann") == ""
    await until_stored(tmp_path)


REFUSED = {
    "nothing": ([], "picture-unknown"),
    "a text": ([b"tea"], "picture-unknown"),
    "a drawing with a script": ([b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"], "picture-unknown"),
    "a page named as a picture": ([b"<!DOCTYPE html><script>alert(1)</script>"], "picture-unknown"),
    "a broken one": ([TEAL[:-40]], "picture-broken"),
    "a huge file": ([b"x" * 60_000, b"x" * 60_000], "file-too-large"),
}


@pytest.mark.parametrize(("parts", "key"), REFUSED.values(), ids=REFUSED)
async def test_refused_file_leaves_the_picture_before(chat: Chat, tmp_path: Path, parts: list[bytes], key: str):
    await chat.avatars.choose("ann", sent(TEAL))
    before = picture_of(chat, "ann")
    problem = await refusal(chat.avatars.choose("ann", sent(*parts)))
    assert (type(problem), problem.key) == (FileRefused, key)
    assert picture_of(chat, "ann") == before
    assert stored(tmp_path) == {f"ann/{before}"}


async def test_cut_line_leaves_nothing(chat: Chat, tmp_path: Path):
    with pytest.raises(EOFError):
        await chat.avatars.choose("ann", sent(TEAL[:20], EOFError()))
    assert stored(tmp_path) == set()


async def test_picture_that_the_account_cannot_keep_is_not_shown(chat: Chat, tmp_path: Path):
    await sign_up(chat, "ann", "Ann")
    with unwritable(tmp_path / "accounts.json"):
        assert isinstance(await refusal(chat.avatars.choose("ann", sent(TEAL))), AccountsUnwritable)
    assert picture_of(chat, "ann") == ""
    assert stored(tmp_path) == set()


async def test_pictures_are_off_without_a_place_for_them():
    chat = build_chat(memory_stores(), ANN)
    assert not chat.avatars.is_on
    problem = await refusal(chat.avatars.choose("ann", sent(TEAL)))
    assert problem.key == "uploads-homeless"
    chat.people.apply(AvatarChanged(ANN.ref, ANN.ref, clock.now(), "a" * 64))  # of the time when they were on
    assert picture_of(chat, "ann") == ""
    await chat.close()


# Who may.


async def test_muted_member_can_only_remove_theirs(chat: Chat):
    await chat.avatars.choose("ann", sent(TEAL))
    await chat.moderation.perform("mod", LOBBY, MuteMember("ann"))
    assert isinstance(await refusal(chat.avatars.choose("ann", sent(RED))), SpeechRefused)
    await chat.avatars.remove("ann")
    assert picture_of(chat, "ann") == ""


async def test_choosing_needs_its_permission(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(MINIMUM_ROLE, Permission.CHANGE_PICTURE, Role.MEMBER)
    assert isinstance(await refusal(chat.avatars.choose("ann", sent(TEAL))), NotAllowed)
    await chat.avatars.choose("mod", sent(TEAL))


async def test_moderator_removes_a_picture_and_that_is_recorded(chat: Chat, tmp_path: Path):
    await chat.avatars.choose("ann", sent(TEAL))
    await chat.avatars.choose("owner", sent(RED))
    for actor, target in ("bob", "ann"), ("mod", "owner"), ("mod", "mod"):
        problem = await refusal(chat.moderation.perform(actor, LOBBY, RemovePicture(target)))
        assert isinstance(problem, NotAllowed)
    await chat.moderation.perform("mod", LOBBY, RemovePicture("ann"))
    assert picture_of(chat, "ann") == ""
    await until_stored(tmp_path, f"owner/{picture_of(chat, 'owner')}")
    assert [(line["kind"], line["actor"]["id"], line["target"]["id"]) for line in audit_lines(tmp_path)] == [
        ("AvatarChanged", "mod", "ann")
    ]


async def test_pictures_of_a_member_come_one_by_one_and_not_too_often(chat: Chat):
    first, second = await asyncio.gather(
        chat.avatars.choose("ann", sent(TEAL)), chat.avatars.choose("ann", sent(RED)), return_exceptions=True
    )
    assert first is None
    assert isinstance(second, TextRefused)
    problem: ChatError | None = None
    for _ in range(10):
        try:
            await chat.avatars.choose("ann", sent(b"tea"))
        except ChatError as refused:
            problem = refused
    assert problem
    assert problem.key == "too-fast"


# How long it is kept.


async def test_picture_of_a_guest_goes_with_them(chat: Chat, tmp_path: Path):
    await chat.avatars.choose("ann", sent(TEAL))
    chat.members.leave("ann")
    assert picture_of(chat, "ann") == ""
    await until_stored(tmp_path)
    await until(lambda: not chat.avatars.kept("ann"), lambda: "the picture is still known")


async def test_guest_has_their_picture_after_a_restart(make_picture_chat: Callable, tmp_path: Path):
    chat = await make_picture_chat()
    await chat.avatars.choose("ann", sent(TEAL))
    await chat.avatars.choose("bob", sent(RED))
    picture = picture_of(chat, "ann")
    again = await make_picture_chat()
    await again.avatars.start()
    assert again.avatars.kept("ann") == picture
    again.members.leave("ann")
    again.members.connect(replace(ANN, picture=again.avatars.kept("ann")), "another tab")
    assert picture_of(again, "ann") == picture
    again.members.leave("bob")
    await again.avatars.remove_unused()
    await until_stored(tmp_path, f"ann/{picture}")


async def test_picture_stays_with_the_account_until_that_is_deleted(make_picture_chat: Callable, tmp_path: Path):
    chat = await make_picture_chat()
    await chat.avatars.choose("ann", sent(TEAL))  # as a guest
    picture = picture_of(chat, "ann")
    await sign_up(chat, "ann", "Ann")
    chat.members.leave("ann")
    assert picture_of(chat, "ann") == picture
    again = await make_picture_chat()
    again.members.leave("ann")
    await again.start()
    await again.avatars.remove_unused()
    assert picture_of(again, "ann") == picture
    assert await again.avatars.find("ann", picture[:12])
    again.members.connect(ANN, "another tab")
    await AccountService(again, Passwords(CHEAP)).delete("ann", GOOD, anonymize=False)
    assert picture_of(again, "ann") == ""
    await until_stored(tmp_path)


async def test_start_removes_what_a_crash_left(chat: Chat, tmp_path: Path):
    await sign_up(chat, "ann", "Ann")
    await chat.avatars.choose("ann", sent(TEAL))
    picture = picture_of(chat, "ann")
    (tmp_path / "avatars/ann" / ("c" * 64)).write_bytes(b"not shown")
    await chat.close()
    again = build_chat(json_stores(tmp_path, 100), BOB)
    await again.start()
    await until_stored(tmp_path, f"ann/{picture}")
    await again.close()
