"""Chooses the language of a browser, which its cookie keeps."""

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chat.web.sessions import Sessions


def register(app: FastAPI, sessions: Sessions) -> None:
    """Serve `/language/...`."""

    @app.get("/language/{code}/{proof}")
    async def choose(request: Request, code: str, proof: str) -> Response:
        sessions.choose_language(code, proof)
        return RedirectResponse(f"{request.scope['root_path']}/", 303, {"Cache-Control": "no-store"})
