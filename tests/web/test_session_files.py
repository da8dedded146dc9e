"""Which files sessions leave on the disk, and for how long."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.domain.accounts.preferences import Preferences
from chat.domain.rooms.directory.room_info import LOBBY
from chat.storage.session_lifetime import EXPIRED_AFTER, LEFT_AFTER
from chat.web.identity import Identity
from chat.web.session import AccountData, Session
from chat.web.session_cleanup import remove_old_sessions
from tests.support.page_program import Program
from tests.support.server import Server

DAY = timedelta(days=1)
NOW = 1_800_000_000.0


def files(server: Server) -> list[Path]:
    return list(server.data_dir.glob(".nicegui/storage-user-*"))


async def choose_language(person: Program, language: str) -> None:
    """Choose a language, and follow the redirect."""
    element = person._find(lambda element: any(event["type"] == "change" for event in element.get("events", ())))
    await person._send(element, "change", "language", language)
    await person._until(lambda: person._asked_to_reload)
    await person.close()
    await person._load(person.redirects[-1].lstrip("/"))


async def test_language_of_a_stranger_is_kept_without_a_file(program, server: Server):
    for name, language, join in ("Ann", "de", "Beitreten"), ("Bob", "fr", "Rejoindre"), ("Cem", "tr", "Katıl"):
        stranger = program(name)
        await stranger._load()
        await choose_language(stranger, language)
        await stranger.sees(join)
        await stranger.close()
        await stranger._load()
        await stranger.sees(join)
    assert files(server) == []


async def test_language_survives_joining_signing_up_and_leaving(program, server: Server):
    ann = program("Ann")
    await ann._load()
    await choose_language(ann, "de")
    await ann.press("Registrieren")
    await ann.fill_in("Ann", "seven wild geese")
    await ann.follow_redirect()
    await choose_language(ann, "fr")
    assert await ann.say("Bonjour")
    [file] = files(server)
    assert "language" not in json.loads(file.read_bytes())
    await ann.choose("--sign-out")
    await ann.is_disconnected()
    await ann._load()
    await ann.sees("Se connecter")


async def test_link_of_another_browser_changes_no_language(program):
    ann, bob = program("Ann"), program("Bob")
    await ann._load()
    await choose_language(ann, "de")
    async with bob.http.get(f"{bob.url}{ann.redirects[-1].lstrip('/')}") as response:
        assert response.status == 200
    await bob._load()
    await bob.sees("Join")


async def test_stranger_stores_no_preference(program, server: Server):
    eve = program("Eve")
    await eve._load()
    element = eve._find(lambda element: any(event["type"] == "change" for event in element.get("events", ())))
    for choice in ("contrast", "true"), ("scheme", "dark"), ("language", "xx"), ("muted", "true"):
        for _ in range(3):
            await eve._send(element, "change", *choice)
    await eve.press("Sign in")
    await eve.sees("Back")
    assert files(server) == []


ANN = {"id": "ann", "name": "Ann", "generation": None}
DAMAGED = {
    "member": ["x", ["ann"], {}, {"name": "Ann"}, ANN | {"id": 7}, ANN | {"id": []}, ANN | {"generation": "x"}],
    "former": ["x", [1], {}, {"id": "ann"}],
    "preferences": [7, "x", [1], {"scheme": [1]}],
    "levels": [7, "x", [1], {"lobby": [7]}, {"lobby": "loud"}],
    "seen": [7, "never", "2026-01-01", [], {"lobby": "never"}, {"lobby": [7]}],
    "admission": [7, []],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in DAMAGED.items() for value in values])
def test_damaged_values_count_as_missing(key: str, value: object):
    data = {"member": ANN, key: value}
    session = Session("s", data, {}, AccountData())
    assert session.identity == (None if key == "member" else Identity("ann", "Ann"))
    assert (session.former_identity, session.preferences, session.read_marks.get(LOBBY)) == (None, Preferences(), None)
    assert isinstance(session.admission, str)
    session.leave()
    session.identity = Identity("ann", "Ann")
    assert session.read_marks.get(LOBBY) is None


HOLDER = ANN | {"generation": 1}


def test_levels_of_rooms_are_those_of_the_account_on_all_devices():
    kept = AccountData()
    desk, phone = (Session(device, {"member": HOLDER}, {}, kept) for device in ("desk", "phone"))
    desk.preferences = desk.preferences.choose("scheme", "dark").choose_level("tea", "nothing")
    assert (phone.preferences.levels, phone.preferences.scheme) == ({"tea": "nothing"}, "system")
    phone.preferences = phone.preferences.choose_level("tea", "")
    assert (desk.preferences.levels, desk.preferences.scheme) == ({}, "dark")
    assert Session("bobs", {"member": HOLDER | {"id": "bob"}}, {}, kept).preferences == Preferences()


@pytest.mark.parametrize("member", [ANN, HOLDER], ids=["guest", "account"])
def test_levels_that_the_browser_kept_count_until_one_is_chosen(member: dict[str, Any]):
    kept = AccountData()
    data = {"member": dict(member), "preferences": {"scheme": "dark", "levels": {"tea": "nothing", "hr": "mentions"}}}
    session = Session("s", data, {}, kept)
    assert session.preferences.levels == {"tea": "nothing", "hr": "mentions"}
    session.preferences = session.preferences.choose_level("tea", "")
    assert session.preferences.levels == {"hr": "mentions"}
    assert data["preferences"] == {"scheme": "dark"}
    assert (kept.levels or data["levels"]) == ({"ann": {"hr": "mentions"}} if member is HOLDER else {"hr": "mentions"})


def test_levels_of_a_guest_come_back_with_them_and_are_nobody_elses():
    session = Session("s", {"member": dict(ANN)}, {}, AccountData())
    session.preferences = session.preferences.choose_level("tea", "nothing")
    session.leave()
    assert session.preferences.levels == {}
    session.identity = Identity("ann", "Ann")
    assert session.preferences.levels == {"tea": "nothing"}
    session.leave()
    session.identity = Identity("bob", "Bob")
    assert session.preferences.levels == {}


@pytest.mark.parametrize("at", ["x", [], 1e300, float("nan"), -1])
def test_member_with_a_damaged_time_must_come_by_single_sign_on_again(at: object):
    assert Session("s", {"member": ANN | {"sso_at": at}}, {}, AccountData()).identity == Identity("ann", "Ann")


def test_member_stays_signed_in_when_a_newer_version_was_undone():
    assert Session("s", {"member": ANN | {"device": "phone"}}, {}, AccountData()).identity == Identity("ann", "Ann")


KEPT = {
    "a member": ({"member": {"id": "ann"}}, EXPIRED_AFTER - DAY),
    "a guest who left lately": ({"former": {"id": "ann"}}, LEFT_AFTER - DAY),
    "a browser that sanctions may know": ({"mark": "s", "former": {}}, EXPIRED_AFTER - DAY),
}
REMOVED = {
    "a guest who left": ({"former": {"id": "ann"}}, LEFT_AFTER + DAY),
    "a stranger with a language": ({"language": "de"}, LEFT_AFTER + DAY),
    "a member whose cookie expired": ({"member": {"id": "ann"}}, EXPIRED_AFTER + DAY),
}


@pytest.mark.parametrize(
    ("data", "age", "stays"),
    [(*row, True) for row in KEPT.values()] + [(*row, False) for row in REMOVED.values()],
    ids=[*KEPT, *REMOVED],
)
def test_old_files_are_removed(tmp_path: Path, data: dict, age: timedelta, stays: bool):
    for name in "storage-user-1.json", "storage-seen.json":
        (tmp_path / name).write_text(json.dumps(data))
        os.utime(tmp_path / name, (NOW, NOW - age.total_seconds()))
    remove_old_sessions(tmp_path, NOW)
    assert (tmp_path / "storage-user-1.json").exists() == stays
    assert (tmp_path / "storage-seen.json").exists()


def test_broken_files_are_left_alone_until_they_expire(tmp_path: Path):
    for number, content in enumerate(("{", "7", "[]")):
        path = tmp_path / f"storage-user-{number}.json"
        path.write_text(content)
        os.utime(path, (NOW, NOW - (LEFT_AFTER + DAY).total_seconds()))
    remove_old_sessions(tmp_path, NOW)
    assert (tmp_path / "storage-user-0.json").exists()
    remove_old_sessions(tmp_path, NOW + EXPIRED_AFTER.total_seconds())
    assert list(tmp_path.iterdir()) == []


def test_file_that_a_process_was_killed_while_writing_expires(tmp_path: Path):
    path = tmp_path / "storage-user-1.json.tmp"
    path.write_text('{"member')
    os.utime(path, (NOW, NOW))
    remove_old_sessions(tmp_path, NOW)
    assert path.exists()
    remove_old_sessions(tmp_path, NOW + EXPIRED_AFTER.total_seconds() + 1)
    assert not path.exists()
