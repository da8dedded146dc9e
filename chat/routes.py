"""The pages, routes and files of the chat's site."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import app as nicegui_app

from chat.config.branding import Brand
from chat.config.settings import Settings
from chat.framework import clients
from chat.framework.page_template import page_files
from chat.ui.app_context import AppContext
from chat.ui.browser import script
from chat.ui.pages import moderation, password_reset, problem, room
from chat.ui.pages.problem import ProblemPage
from chat.web.files.static_files import StaticFile, StaticFiles, files_in
from chat.web.files.upload_bodies import UploadBodies
from chat.web.push.worker import worker_files
from chat.web.routes import avatars, exports, files, health, language, manifest, sign_in
from chat.web.security.error_handlers import register_error_handlers

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend

ASSETS = Path(__file__).parents[1] / "assets"
FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}


@cache
def stylesheet_version() -> str:
    return sha256((ASSETS / "chat.css").read_bytes()).hexdigest()[:12]


def register_routes(
    settings: Settings, context: AppContext, engine: "Backend | None", problem_page: ProblemPage
) -> None:
    for page in (room, moderation, password_reset):
        page.register(context, stylesheet_version())
    problem.register(nicegui_app, context.sessions, problem_page)
    sign_in.register(nicegui_app, context.sessions, context.invitations.policy, context.password_resets)
    if settings.sso_url:
        from chat.state.accounts.single_sign_on import SingleSignOn  # noqa: PLC0415 - its dependencies take 10 MB

        sso = SingleSignOn(
            settings.sso_url,
            settings.sso_client_id,
            settings.sso_client_secret.get_secret_value(),
            engine.sessions.logins if engine else None,
        )
        sign_in.register_sso(nicegui_app, context.sessions, context.accounts, sso)
    language.register(nicegui_app, context.sessions)
    health.register(nicegui_app, context.chat, restart_helps=engine is None)
    if settings.metrics_token:
        from chat.web.routes import metrics  # noqa: PLC0415 - prometheus-client is only needed here

        token = settings.metrics_token.get_secret_value()
        is_engine_up = (lambda: engine.is_up) if engine else None
        measured = metrics.Metrics(context.chat, clients.count_clients, is_engine_up)
        metrics.register(nicegui_app, measured, token)
        nicegui_app.on_startup(measured.watch_loop)
    transcripts = exports.register(nicegui_app, context.chat, context.brand.title, context.authenticator.current_member)
    nicegui_app.on_shutdown(transcripts.close)
    bodies = UploadBodies()
    for routes in (files, avatars):
        routes.register(nicegui_app, context.chat, context.authenticator.current_member, bodies)
    manifest.register(nicegui_app, context.brand)
    register_error_handlers(nicegui_app)


def static_files(brand: Brand, favicon: Path) -> StaticFiles:
    return StaticFiles(
        files_in(ASSETS, "/assets/")
        | page_files()
        | worker_files(ASSETS)
        | {f"/{script.script_url()}": script.script_file(), "/favicon.ico": StaticFile.at(favicon, FOR_AN_HOUR)}
        | (manifest.logo_files(brand.logo) if brand.logo else {})
    )
