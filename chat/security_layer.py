"""Puts the security layer in front of the app: every request and every frame goes through it first."""

from functools import partial

from starlette.types import ASGIApp

from chat.config.settings import Settings
from chat.framework import clients, hosting
from chat.framework.read_scheduler import ReadScheduler
from chat.framework.session_recall import SessionRecall
from chat.framework.uvicorn_transport import uvicorn_transport
from chat.ui.app_context import AppContext
from chat.ui.pages.problem import ProblemPage
from chat.web.files.static_files import StaticFiles
from chat.web.security.middleware import SecurityMiddleware
from chat.web.security.public_url import Site
from chat.web.security.rate_limits import RateLimits


def secure(
    asgi: ASGIApp,
    files: StaticFiles,
    settings: Settings,
    context: AppContext,
    *,
    problem_page: ProblemPage,
    recall_session: SessionRecall | None,
) -> SecurityMiddleware:
    """Return the app behind the security layer, which also serves `files`."""
    return SecurityMiddleware(
        asgi,
        files,
        hops=settings.trusted_hops,
        site=Site(settings.site_url, settings.root_path),
        limits=RateLimits(settings.request_rate, settings.pages_per_address),
        open_pages=context.pages.open_pages,
        is_served=hosting.is_served,
        forget=clients.forget_client,
        transport=partial(uvicorn_transport, scheduler=ReadScheduler()),
        queued=clients.queued_packets,
        signal=context.chat.signal,
        problem_page=problem_page,
        recall_session=recall_session,
    )
