"""Sign-in that needs a URL of its own: one-time logins, invitations, password resets, single sign-on."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.errors import AccountRefused, ChatError
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.accounts.single_sign_on import SingleSignOn
from chat.web.identity import Identity
from chat.web.paths import is_page
from chat.web.security.public_url import public_url
from chat.web.sessions import Sessions


def register(app: FastAPI, sessions: Sessions, policy: AccessPolicy, resets: PasswordResetService) -> None:
    """Serve `/enter/...`, `/invite/...` and `/reset/...`."""

    @app.get("/enter/{token}")
    async def redeem(request: Request, token: str, back: str = "/") -> Response:
        await sessions.redeem(token)
        return _redirect(request, back if is_page(back) else "/")

    @app.get("/invite/{token}")
    async def invite(request: Request, token: str) -> Response:
        try:
            policy.invitations.find(token, datetime.now(UTC))
        except AccountRefused as error:
            if policy.mode is AccessMode.INVITE:
                sessions.current().refuse(error.key)
        else:
            sessions.current().invitation = token
        return _redirect_to_room(request)

    @app.get("/reset/{token}")
    async def reset(request: Request, token: str) -> Response:
        # Only followed here, not used: programs that show previews of links open them too.
        with suppress(AccountRefused):  # the page says so
            resets.find(token)
            sessions.current().password_reset = token
        return _redirect(request, "/reset")


def register_sso(app: FastAPI, sessions: Sessions, accounts: AccountService, sso: SingleSignOn) -> None:
    """Serve `/sso`, which redirects to the provider, and `/sso/callback`, to which the provider redirects back."""

    async def redirect_on_error(request: Request, step: Callable[[], Awaitable[Response]]) -> Response:
        try:
            return await step()
        except ChatError as error:
            sessions.current().refuse(error.key)
            return _redirect_to_room(request)

    @app.get("/sso")
    async def start(request: Request, back: str = "/") -> Response:
        callback = f"{public_url(request.scope)}/sso/callback"
        return await redirect_on_error(request, lambda: sso.start(request, callback, back if is_page(back) else "/"))

    @app.get("/sso/callback")
    async def finish(request: Request) -> Response:
        async def sign_in() -> Response:
            person = await sso.finish(request)
            account = await accounts.sign_in_by_sso(person.id, person.names)
            identity = Identity(account.id, account.name, account.generation, sso_at=time.time())
            sessions.rotate_session(sessions.current(), identity)
            await sessions.wait_until_shared()
            return _redirect(request, person.back)

        return await redirect_on_error(request, sign_in)


def _redirect_to_room(request: Request) -> Response:
    return _redirect(request, "/")


def _redirect(request: Request, path: str) -> Response:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(request.scope["root_path"] + path, 303, headers)
