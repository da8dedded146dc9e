"""HTTP routes besides the page: health and the history to download."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from chat import __version__
from chat.branding import Brand, Logo
from chat.domain.commands.registry import N_
from chat.domain.errors import ChatError
from chat.domain.users import Member
from chat.i18n.translator import choose, translator
from chat.state.chat import Chat
from chat.text.export import FORMATS

YEAR = 365 * 24 * 60 * 60


def register(app: FastAPI, chat: Chat, brand: Brand, caller: Callable[[Request], Member | None]) -> None:
    """Serve `/healthz`, `/history.txt`, `.md`, `.json`, `.csv`, `/audit.jsonl`, the manifest and the operator's logo.

    `caller` tells who makes the current request.
    """
    started = time.monotonic()

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        history = await chat.store.check()
        content = {
            "status": "ok" if history.writable else "history can't be written",
            "version": __version__,
            "uptime": round(time.monotonic() - started, 1),
            "people": len(chat.room.members),
            **history.model_dump(mode="json"),
        }
        return JSONResponse(content, 200 if history.writable else 503, {"Cache-Control": "no-store"})

    @app.get("/history.{suffix}")
    async def history(request: Request, suffix: str) -> Response:
        if suffix not in FORMATS:
            return _refusal(request, 404, N_("There is no such format."))
        if not caller(request):
            return _refusal(request, 403, N_("Join the chat first."))
        form = FORMATS[suffix]
        name = f"{chat.room.name}-{datetime.now(UTC):%Y-%m-%d}.{suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        messages = list(chat.room.conversation.history)  # the thread must not see it change
        return Response(await asyncio.to_thread(form.render, brand.title, messages), 200, headers, form.media_type)

    @app.get("/manifest.webmanifest")
    async def manifest() -> JSONResponse:
        headers = {"Cache-Control": "max-age=3600"}
        return JSONResponse(brand.manifest(), 200, headers, "application/manifest+json")

    for logo in (brand.logo, brand.logo.maskable) if brand.logo else ():
        _show(app, logo)

    @app.get("/audit.jsonl")
    async def audit(request: Request) -> Response:
        member = caller(request)
        try:
            content = await chat.moderation.audit(member.id if member else "")
        except ChatError:
            return _refusal(request, 403, N_("This is for admins."))
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"}
        return Response(content, 200, headers, "application/jsonl")


def _show(app: FastAPI, logo: Logo) -> None:
    # Opened by itself, a picture may not run anything either.
    headers = {"Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"}
    headers["Cache-Control"] = f"max-age={YEAR}, immutable"

    @app.get(logo.address)
    async def picture() -> Response:
        return Response(logo.content, 200, headers, logo.media_type)


def _refusal(request: Request, status: int, text: str) -> Response:
    _ = translator(choose(request.headers.get("accept-language", "")))
    return Response(_(text), status, {"Content-Language": _.tag}, "text/plain")
