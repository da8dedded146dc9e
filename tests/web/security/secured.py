"""The security layer in front of an app, in this process."""

from typing import Any

from starlette.types import ASGIApp

from chat.web.files.static_files import StaticFiles
from chat.web.security.middleware import SecurityMiddleware
from chat.web.security.public_url import Site
from chat.web.security.rate_limits import RateLimits


def secured(app: ASGIApp, request_rate: str = "200 per minute", **options: Any) -> SecurityMiddleware:
    """Return the app behind the security layer, which serves no files and knows no pages."""
    return SecurityMiddleware(
        app,
        StaticFiles({}),
        hops=0,
        site=Site(),
        limits=RateLimits(request_rate, 20),
        open_pages=lambda address: (0, 0),
        is_served=lambda scope: True,
        forget=lambda client_id: None,
        transport=lambda send: None,
        queued=lambda sid: 0,
        signal=lambda signal: None,
        **options,
    )
