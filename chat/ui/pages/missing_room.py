"""The page in place of a room that isn't there, isn't the member's, or can't be read."""

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from chat.domain.errors import RoomRefused
from chat.i18n.error_messages import describe_error
from chat.i18n.translator import Translator, choose, translator
from chat.ui.app_context import AppContext
from chat.ui.html.escaping import fill
from chat.ui.personal_css import preferences_css
from chat.web.security.public_url import public_url


def register(fastapi: FastAPI, app: AppContext, version: str) -> None:
    """Answer with the page where `RoomRefused` is raised; `version` is that of the style sheet."""

    @fastapi.exception_handler(RoomRefused)
    async def missing_room(request: Request, problem: RoomRefused) -> HTMLResponse:
        tr = translator(choose(request.headers.get("accept-language", ""), app.sessions.current().language))
        headers = {"Cache-Control": "no-store", "Content-Language": tr.tag}
        return HTMLResponse(_page(app, request, tr, problem, version), 404, headers)


def _page(app: AppContext, request: Request, tr: Translator, problem: RoomRefused, version: str) -> Markup:
    brand, preferences = app.brand, app.sessions.current().preferences
    return fill(
        '<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset=utf-8><title>{title}</title>'
        '<meta name=viewport content="width=device-width, initial-scale=1, viewport-fit=cover">'
        '<base href="{root_path}/"><link rel="shortcut icon" href="favicon.ico">'
        '<link rel=stylesheet href="assets/chat.css?v={version}">{tags}<style>{css}</style></head>'
        '<body><main class=welcome><section class=card><img src="{picture}" alt="" width=48 height=48>'
        "<h1>{problem}</h1>{reason}"
        '<div class=buttons><a class=primary href="./">{lobby}</a></div></section></main></body></html>',
        language=tr.tag,
        direction=tr.direction,
        title=brand.title,
        root_path=request.scope["root_path"],
        version=version,
        tags=brand.tags(public_url(request.scope)),
        css=Markup(preferences_css(preferences)),  # noqa: S704 - the preferences are of our own values
        picture=brand.picture,
        problem=describe_error(tr, problem),
        reason=_reason(tr) if problem.key == "room-gone" else "",
        lobby=tr("Go to the lobby"),
    )


def _reason(tr: Translator) -> Markup:
    return fill("<p>{text}</p>", text=tr("It may have ended, or you may not be one of its members."))
