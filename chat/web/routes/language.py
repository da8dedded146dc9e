"""Chooses the language of a browser, which its cookie keeps."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chat.web.paths import is_page
from chat.web.sessions import Sessions


def register(app: FastAPI, sessions: Sessions) -> None:
    """Serve `/language/...`."""

    @app.get("/language/{code}/{proof}")
    async def choose(request: Request, code: str, proof: str, back: str = "/") -> Response:
        sessions.choose_language(code, proof)
        path = back if is_page(back) else "/"
        return RedirectResponse(f"{request.scope['root_path']}{path}", 303, {"Cache-Control": "no-store"})
