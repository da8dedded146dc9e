"""What every page begins with: its head, its language and direction, and what shows before scripts run."""

from copy import copy
from html import escape

from nicegui import Client, ui
from starlette.requests import Request

from chat.branding import Brand
from chat.domain.accounts.preferences import ColorScheme
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.page_context import PageContext
from chat.web.security.client_address import origin


def open_page(app: AppContext, client: Client, version: int) -> PageContext:
    """Start building a page; `version` is that of the style sheet."""
    scope = client.request.scope
    client._request = Request(scope)  # without its `receive` and `send`, which hold 5 KB
    ui.add_head_html(browser.HEAD.format(version=version, nonce=scope.get("edge.nonce", "")))
    page = PageContext(app, client)
    scheme = page.preferences.scheme
    ui.add_head_html(app.brand.tags(origin(scope), None if scheme is ColorScheme.SYSTEM else scheme))
    scope["edge.splash"] = _splash(app.brand, is_member=page.member is not None)
    lost = escape(page.tr("Connection lost. Trying again…"))
    scope["edge.lost"] = f"<p class=offline role=alert>{lost}</p>"
    client.page = copy(client.page)
    client.page.language = page.tr.tag  # type: ignore[assignment]
    scope["edge.direction"] = page.tr.direction
    return page


def _splash(brand: Brand, *, is_member: bool) -> str:
    """Show the bar or the welcome card, with the name of the chat, before any script has run."""
    title, picture = f"<h1>{escape(brand.title)}</h1>", f'src="{brand.picture}" alt=""'
    if is_member:
        inner = f"<header class=bar><img {picture} width=28 height=28>{title}</header>"
        return f'<div class="room splash">{inner}</div>'
    inner = f"<img {picture} width=48 height=48>{title}<p>{escape(brand.description)}</p>"
    return f'<div class="welcome splash"><section class=card>{inner}</section></div>'
