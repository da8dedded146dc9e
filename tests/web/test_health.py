"""The health check, which anybody may ask."""

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from chat.domain.errors import RoomRefused
from chat.storage.json_files.stores import json_stores
from chat.storage.status import StoreStatus
from chat.web.routes import health
from tests.unit.state.support import ANN, BOB, build_chat, unload


async def test_health_tells_of_a_broken_room_but_not_of_which(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB)
    talk = await chat.direct_rooms.post("ann", ["bob"], "Between us", "message01")
    await unload(chat)
    (tmp_path / "rooms" / f"{talk.id}.json").write_text('{"version": 99}')
    with pytest.raises(RoomRefused):
        await chat.messages.post("ann", talk.id, "Hello?", "message02")
    app = FastAPI()
    health.register(app, chat)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as stranger:
        answer = await stranger.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "files of rooms can't be read")
    assert talk.id not in answer.text
    assert "last_write" not in answer.json()["stores"]["messages in rooms"]
    await chat.close()


@pytest.mark.parametrize(("restart_helps", "alive"), [(True, 503), (False, 200)])
async def test_chat_that_cannot_store_is_not_ready_and_only_restarted_if_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restart_helps: bool, alive: int
):
    chat = build_chat(json_stores(tmp_path, 100))
    app = FastAPI()
    health.register(app, chat, restart_helps=restart_helps)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as stranger:
        assert [(await stranger.get(path)).status_code for path in ("/healthz", "/readyz")] == [200, 200]

        async def check() -> dict[str, StoreStatus]:
            return {"history": StoreStatus(writable=False)}

        monkeypatch.setattr(chat.storage_health, "check", check)
        assert [(await stranger.get(path)).status_code for path in ("/healthz", "/readyz")] == [alive, 503]
        assert (await stranger.get("/readyz")).json() == {"status": "history can't be written"}
    await chat.close()
