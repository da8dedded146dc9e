"""How every page begins: what stands in its head, its language, and whose it is."""

from markupsafe import Markup
from nicegui import Client, ui

from chat.branding import Brand
from chat.domain.accounts.preferences import ColorScheme
from chat.framework.clients import release_request, set_language
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.page_context import PageContext
from chat.web.security.client_address import origin
from chat.web.security.request_context import request_context


def open_page(house: AppContext, client: Client, version: int) -> PageContext:
    """Begin a page for a new visit; `version` is that of the style sheet."""
    scope = client.request.scope
    release_request(client)
    context = request_context(scope)
    ui.add_head_html(browser.HEAD.format(version=version, nonce=context.nonce))
    visit = PageContext(house, client)
    scheme = visit.preferences.scheme
    tags = house.brand.tags(origin(scope), None if scheme is ColorScheme.SYSTEM else scheme)
    ui.add_head_html(str(tags))  # NiceGUI appends it to plain text, which `Markup` would escape
    context.splash = _splash(house.brand, is_in=visit.member is not None)
    lost = visit._("Connection lost. Trying again…")
    context.connection_notice = Markup("<p class=offline role=alert>{}</p>").format(lost)
    context.direction = visit._.direction
    set_language(client, visit._.tag)
    visit.build_style()
    return visit


def _splash(brand: Brand, *, is_in: bool) -> Markup:
    """What stands there before any script has run: the bar, or the card, with the name of the chat."""
    if is_in:
        bar = Markup('<header class=bar><img src="{}" alt="" width=28 height=28><h1>{}</h1></header>')
        return Markup('<div class="room splash">{}</div>').format(bar.format(brand.picture, brand.title))
    card = Markup('<section class=card><img src="{}" alt="" width=48 height=48><h1>{}</h1><p>{}</p></section>')
    filled = card.format(brand.picture, brand.title, brand.description)
    return Markup('<div class="welcome splash">{}</div>').format(filled)
