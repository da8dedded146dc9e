"""The health check for monitors."""

import time

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from chat import __version__
from chat.state.chat import Chat


def register(app: FastAPI, chat: Chat) -> None:
    """Serve `/healthz`: 200, or 503 while the history can't be written."""
    started = time.monotonic()

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        history = await chat.check_storage()
        content = {
            "status": "ok" if history.writable else "history can't be written",
            "version": __version__,
            "uptime": round(time.monotonic() - started, 1),
            "people": len(chat.people.members),
            **history.model_dump(mode="json"),
        }
        return JSONResponse(content, 200 if history.writable else 503, {"Cache-Control": "no-store"})
