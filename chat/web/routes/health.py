"""The health check for monitors."""

import time
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from chat import __version__
from chat.state.chat import Chat
from chat.storage.status import StoreStatus

NOT_STORED = {"Cache-Control": "no-store"}
FILES = ("quarantined", "restored_from", "changed", "unreadable")


def register(app: FastAPI, chat: Chat, *, restart_helps: bool = True) -> None:
    """Serve `/healthz` and `/readyz`: 200, or 503 while something can't be stored. First come fields of the history.

    If a restart can't help, because an engine is gone, only `/readyz` is 503: a host restarts a chat whose
    `/healthz` isn't 200, and an engine that was emptied is filled from the running one's memory.

    A room that can't be read is named, but doesn't change the status: a restart wouldn't help.
    """
    started = time.monotonic()

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        status, content = await answer()
        return JSONResponse(content, status if restart_helps else 200, NOT_STORED)

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        status, content = await answer()
        return JSONResponse({"status": content["status"]}, status, NOT_STORED)

    async def answer() -> tuple[int, dict[str, Any]]:
        stores = {name: _as_public(name, store) for name, store in (await chat.storage_health.check()).items()}
        unwritable = [name for name, store in stores.items() if not store.writable]
        unreadable = [store.unreadable for store in stores.values() if store.unreadable]
        problems = [f"{', '.join(unwritable)} can't be written"] if unwritable else []
        problems += [f"{', '.join(unreadable)} can't be read"] if unreadable else []
        content = {
            "status": "; ".join(problems) or "ok",
            "version": __version__,
            "uptime": round(time.monotonic() - started, 1),
            "people": len(chat.people.members),
            **stores["history"].model_dump(mode="json"),
            "stores": {name: store.model_dump(mode="json", exclude_none=True) for name, store in stores.items()},
        }
        return 503 if unwritable else 200, content


def _as_public(name: str, status: StoreStatus) -> StoreStatus:
    """Hide the names of rooms and the times of their messages; the log names their files."""
    if name != "messages in rooms":
        return status
    files = {field: "files of rooms" for field in FILES if getattr(status, field)}
    return status.model_copy(update={"last_write": None, **files})
