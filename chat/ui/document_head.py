"""How every page begins: what stands in its head, its language, and whose it is."""

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


def open_page(house: AppContext, client: Client, version: int) -> PageContext:
    """Begin a page for a new visit; `version` is that of the style sheet."""
    scope = client.request.scope
    client._request = Request(scope)  # without what is there to answer it: that takes 5 KB
    ui.add_head_html(browser.HEAD.format(version=version, nonce=scope.get("edge.nonce", "")))
    visit = PageContext(house, client)
    scheme = visit.preferences.scheme
    ui.add_head_html(house.brand.tags(origin(scope), None if scheme is ColorScheme.SYSTEM else scheme))
    scope["edge.splash"] = _splash(house.brand, is_in=visit.member is not None)
    lost = escape(visit._("Connection lost. Trying again…"))
    scope["edge.lost"] = f"<p class=offline role=alert>{lost}</p>"
    client.page = copy(client.page)
    client.page.language = visit._.tag  # type: ignore[assignment]
    scope["edge.direction"] = visit._.direction
    visit.build_style()
    return visit


def _splash(brand: Brand, *, is_in: bool) -> str:
    """What stands there before any script has run: the bar, or the card, with the name of the chat."""
    title, picture = f"<h1>{escape(brand.title)}</h1>", f'src="{brand.picture}" alt=""'
    if is_in:
        inner = f"<header class=bar><img {picture} width=28 height=28>{title}</header>"
        return f'<div class="room splash">{inner}</div>'
    inner = f"<img {picture} width=48 height=48>{title}<p>{escape(brand.description)}</p>"
    return f'<div class="welcome splash"><section class=card>{inner}</section></div>'
