"""Rooms whose files are broken: the others go on."""

import json
from pathlib import Path

import pytest

from chat.domain.accounts.invitations import digest_of
from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


@pytest.fixture(autouse=True)
def rooms(own_data_dir: Path, settings: None) -> None:
    """The files of all rooms but Cake are broken."""
    (own_data_dir / "rooms").mkdir(parents=True)
    found = [{"id": name, "kind": "public", "name": name.title(), "slug": name} for name in ("tea", "cake")]
    link = {"digest": digest_of("token"), "until": "2100-01-01T00:00:00+00:00"}
    found.append({"id": "milk", "kind": "private", "name": "Milk", "slug": "milk", "members": ["mo"], "link": link})
    found.append({"id": "chai", "kind": "public", "name": "Chai", "slug": "chai", "is_archived": True})
    (own_data_dir / "rooms.json").write_text(json.dumps({"version": 2, "rooms": found}))
    for name in "tea", "milk", "chai":
        (own_data_dir / "rooms" / f"{name}.json").write_text('{"version": 3, "last":')


async def test_page_of_a_room_that_cannot_be_read_says_so(ann, caplog):
    for path in "/room/tea", "/room/tea/history.txt":
        assert (await ann.download(path)).status_code == 404
    await ann.say("Still fine")
    ann._the(lambda tag: tag.props.get("class") == "room").trigger("vnodeMounted", ["room/tea", "", "push"])
    await ann.is_refused("can't be read")
    await ann.go("room/cake")
    await until(lambda: not ann.reason)
    assert all("room can't be read" in record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    caplog.clear()


async def test_link_and_command_that_lead_to_such_a_room_say_so(ann, caplog):
    await ann.open("/join/token")
    await ann.is_in()
    await ann.is_refused("can't be read")
    await ann.become_admin(ADMIN_PASSWORD)
    await until(lambda: not ann.reason)
    await ann.say("/room reopen Chai")
    await ann.is_refused("can't be read")
    assert all("room can't be read" in record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    caplog.clear()
