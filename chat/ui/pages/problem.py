"""The page that a browser shows in place of one that isn't there, isn't the reader's, or failed. It needs no script."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.types import Scope

from chat.config.branding import Brand
from chat.domain.errors import RoomRefused
from chat.i18n.error_messages import describe_error
from chat.i18n.translator import Translator, choose, translator
from chat.ui.html.escaping import fill
from chat.ui.personal_css import preferences_css
from chat.web.security.public_url import public_url
from chat.web.sessions import Sessions


class ProblemPage:
    """Renders the page; `version` is that of the style sheet.

    `chosen_language` returns the language that the browser of a request has chosen, if any.
    """

    def __init__(self, brand: Brand, version: str, chosen_language: Callable[[Scope], str | None]) -> None:
        self._brand = brand
        self._version = version
        self.chosen_language = chosen_language

    def render(
        self,
        scope: Scope,
        tr: Translator,
        problem: str,
        *,
        reason: Markup = Markup(),  # noqa: B008
        css: Markup = Markup(),  # noqa: B008
    ) -> Markup:
        brand = self._brand
        return fill(
            '<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset=utf-8><title>{title}</title>'
            '<meta name=viewport content="width=device-width, initial-scale=1, viewport-fit=cover">'
            '<base href="{root_path}/"><link rel="shortcut icon" href="favicon.ico">'
            '<link rel=stylesheet href="assets/chat.css?v={version}">{tags}<style>{css}</style></head>'
            '<body><main class=welcome><section class=card><img src="{picture}" alt="" width=48 height=48>'
            "<h1>{problem}</h1>{reason}"
            '<div class=buttons><a class=primary href="./">{back}</a></div></section></main></body></html>',
            language=tr.tag,
            direction=tr.direction,
            title=brand.title,
            root_path=scope["root_path"],
            version=self._version,
            tags=brand.tags(public_url(scope)),
            css=css,
            picture=brand.picture,
            problem=problem,
            reason=reason,
            back=tr("Back to chat"),
        )


def register(fastapi: FastAPI, sessions: Sessions, page: ProblemPage) -> None:
    """Answer with the page where `RoomRefused` is raised."""

    @fastapi.exception_handler(RoomRefused)
    async def missing_room(request: Request, problem: RoomRefused) -> HTMLResponse:
        session = sessions.current()
        tr = translator(choose(request.headers.get("accept-language", ""), session.language))
        css = Markup(preferences_css(session.preferences))  # noqa: S704 - the preferences are of our own values
        reason = _reason(tr) if problem.key == "room-gone" else Markup()
        html = page.render(request.scope, tr, describe_error(tr, problem), reason=reason, css=css)
        return HTMLResponse(html, 404, {"Cache-Control": "no-store", "Content-Language": tr.tag})


def _reason(tr: Translator) -> Markup:
    return fill("<p>{text}</p>", text=tr("It may have ended, or you may not be one of its members."))
