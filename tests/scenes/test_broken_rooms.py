"""Rooms whose files are broken: the others go on."""

import json
from pathlib import Path

import pytest

from tests.support.scene_page import until


@pytest.fixture(autouse=True)
def rooms(own_data_dir: Path, settings: None) -> None:
    """The file of Tea is broken."""
    (own_data_dir / "rooms").mkdir(parents=True)
    found = [{"id": name, "kind": "public", "name": name.title(), "slug": name} for name in ("tea", "cake")]
    (own_data_dir / "rooms.json").write_text(json.dumps({"version": 1, "rooms": found}))
    (own_data_dir / "rooms" / "tea.json").write_text('{"version": 3, "last":')


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
