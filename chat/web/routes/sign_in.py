"""The ways in that lead over an address of their own: tickets, invitations, single sign-on."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.errors import AccountRefused, ChatError
from chat.state.accounts import AccountService
from chat.state.single_sign_on import SingleSignOn
from chat.web.sessions import Identity, Sessions


def register(app: FastAPI, sessions: Sessions, door: AccessPolicy) -> None:
    """Serve `/enter/...` and `/invite/...`."""

    @app.get("/enter/{name}")
    async def enter(name: str) -> Response:
        sessions.redeem(name)
        return _to_the_page()

    @app.get("/invite/{token}")
    async def invite(token: str) -> Response:
        try:
            door.invitations.find(token, datetime.now(UTC))
        except AccountRefused as problem:
            if door.access is AccessMode.INVITE:
                sessions.refuse(problem.key)
        else:
            sessions.current().invitation = token
        return _to_the_page()


def register_sso(app: FastAPI, sessions: Sessions, accounts: AccountService, sso: SingleSignOn) -> None:
    """Serve `/sso`, which leads to the provider, and `/sso/callback`, where the provider leads back to."""

    async def trying(way: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await way()
        except ChatError as problem:
            sessions.refuse(problem.key)
            return _to_the_page()

    @app.get("/sso")
    async def start(request: Request) -> Response:
        return await trying(lambda: sso.start(request, str(request.url_for("finish"))))

    @app.get("/sso/callback")
    async def finish(request: Request) -> Response:
        async def come_in() -> Response:
            person = await sso.finish(request)
            account = await accounts.sign_in_by_sso(person.id, person.names)
            sessions.rotate_session(sessions.current(), Identity(account.id, account.name, account.generation))
            return _to_the_page()

        return await trying(come_in)


def _to_the_page() -> Response:
    return RedirectResponse("/", 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
