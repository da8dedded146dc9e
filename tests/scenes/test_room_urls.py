"""The URL of a room that one may not see answers as that of no room, by every route.

The routes are found by introspection. A new one fails `test_every_route_is_known` until it is in a table here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from nicegui import app
from starlette.routing import Route

from chat.domain.rooms.directory.room_info import RoomInfo
from chat.i18n.phrases import NAMES
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.passwords import Passwords
from chat.storage.json_files.stores import json_stores
from tests.support.scene_person import ScenePerson
from tests.unit.state.support import ANN, BOB, OWNER, build_chat

PASSWORD = "four tired herons"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

OF_FILES = {"/files/{room_id}/{message_id}/{position}", "/files/{room_id}/{message_id}/{position}/small"}
OF_ROOMS = {
    "/direct/{room_id}",
    "/room/{slug}",
    "/direct/{room_id}/history.{suffix}",
    "/room/{slug}/history.{suffix}",
    *OF_FILES,
}
OF_THE_CHAT = {
    "/",
    "/audit.jsonl",
    "/avatar",
    "/avatars/{member_id}/{picture}",
    "/enter/{token}",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/history.{suffix}",
    "/invite/{token}",
    "/join/{token}",
    "/language/{code}/{proof}",
    "/manifest.webmanifest",
    "/moderation",
    "/reset",
    "/reset/{token}",
    "/upload",
    "/upload/{upload_id}",
}
RECORD = r"\.?[\w-]{40,}\.[\w-]{27}"
PARTS = {"suffix": "txt", "message_id": "message00001", "position": "0"}
NEW = re.compile("|".join((RECORD, r"[0-9a-f-]{36}", r"\d+", r"nonce=\S+", *NAMES)))
"""What no two pages have in common."""


@pytest.fixture
async def rooms(own_data_dir: Path) -> list[RoomInfo]:
    """Prepare the files of a chat in which Ann and Bob have accounts, a private room and direct messages."""
    own_data_dir.mkdir()
    chat = build_chat(json_stores(own_data_dir, 100), ANN, BOB, OWNER)
    accounts = AccountService(chat, Passwords(CHEAP))
    for member in (ANN, BOB):
        await accounts.sign_up(member.id, member.name, PASSWORD)
    plans = await chat.rooms.create(OWNER.id, "Plans", is_private=True)
    for member in (ANN, BOB):
        await chat.rooms.add_member(OWNER.id, plans.id, member.id)
    await chat.rooms.rename(OWNER.id, plans.id, "Secret")
    await chat.rooms.remove_member(OWNER.id, plans.id, OWNER.id)
    await chat.messages.post(BOB.id, plans.id, "Tomorrow", "message00001")
    talk = await chat.direct_rooms.post(ANN.id, [BOB.id], "Between us", "message00002")
    private = chat.directory.room_for(ANN.id, plans.id)
    await chat.close()
    return [private, talk]


def urls(route: str, room: RoomInfo) -> list[str]:
    """Return the URLs that may lead to a room by a route."""
    known = {"slug": [*room.former_slugs, room.slug, room.id], "room_id": [room.id, "lobby"]}
    name = "slug" if "{slug}" in route else "room_id"
    return [route.format(**{name: value}, **PARTS) for value in known[name] if value]


async def answer(person: ScenePerson, path: str) -> tuple[int, dict[str, str], str]:
    """Return the answer without what is new for each: the URL itself, ids, numbers, and the suggested name."""
    found = await person.download(path)
    headers = {name: value for name, value in found.headers.items() if name not in {"set-cookie", "content-length"}}
    text = found.text.replace(path, "PATH").replace(path.removeprefix("/"), "PATH")
    return found.status_code, headers, NEW.sub("", text)


def routes() -> Iterator[str]:
    for route in app.routes:
        if isinstance(route, Route) and not route.path.startswith("/_nicegui"):
            yield route.path


async def test_every_route_is_known(enter):
    await enter()
    assert OF_ROOMS <= {*routes()} <= OF_ROOMS | OF_THE_CHAT


@pytest.mark.parametrize("role", ["stranger", "guest", "admin"])
async def test_hidden_room_answers_as_one_that_is_not_there(rooms: list[RoomInfo], enter, role: str):
    person = await enter("Eve" if role != "stranger" else None)
    if role == "admin":
        await person.become_admin("correct horse")
    for route in sorted(OF_ROOMS):
        nowhere = await answer(person, route.format(slug="nowhere", room_id="nowhere", **PARTS))
        for room in rooms:
            for url in urls(route, room):
                assert await answer(person, url) == nowhere, url


async def test_member_finds_their_rooms(rooms: list[RoomInfo], enter):
    ann = await enter()
    await ann.sign_in("Ann", PASSWORD)
    private, talk = rooms
    for route in OF_ROOMS - OF_FILES:  # there are none
        room = private if "{slug}" in route else talk
        found = await ann.download(route.format(slug=room.slug, room_id=room.id, suffix="txt"))
        assert found.status_code == 200
        assert "{suffix}" not in route or any(text in found.text for text in ("Tomorrow", "Between us"))
    assert (await ann.download(f"/room/{private.former_slugs[0]}/history.txt")).status_code == 303


async def test_moderators_see_what_was_reported_but_not_in_which_room(rooms: list[RoomInfo], enter, olga: ScenePerson):
    olga.page = await olga.open_another_tab()
    await olga.page.open("/moderation")
    await olga.page.reads_section("Reports", "No open reports")
    ann = await enter()
    await ann.sign_in("Ann", PASSWORD)
    await ann.open(f"/room/{rooms[0].slug}")
    await ann.sees("Tomorrow")
    await ann.report("Tomorrow", "rude")
    await olga.page.reads_section("Reports", "in a private room")
    assert "Tomorrow" in olga.page.section_html("Reports")
    await olga.page.press_in("Reports", "Delete")
    await olga.page.reads_section("Reports", "No open reports")
    await ann.sees()
    await olga.page.reads_section("Audit log", "deleted 1 message by")
    assert "Secret" not in olga.page.sections


async def test_private_room_suggests_only_the_people_in_it(rooms: list[RoomInfo], enter):
    await enter("Eve")
    ann = await enter()
    await ann.sign_in("Ann", PASSWORD)
    assert ann.suggested("@") == ["@Eve ", "@Bob ", "@Ann "]
    for room, kind in zip(rooms, ("room", "direct"), strict=True):
        await ann.open(f"/{kind}/{room.slug or room.id}")
        assert ann.suggested("@") == ["@Bob ", "@Ann "]
        assert "@Eve " in ann.suggested("/mute @")
