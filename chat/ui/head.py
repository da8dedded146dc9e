"""How every page begins: what stands in its head, its language, and whose it is."""

from copy import copy

from nicegui import Client, ui

from chat.edge.addresses import origin
from chat.preferences import Scheme
from chat.ui import browser
from chat.ui.house import House
from chat.ui.visit import Visit


def open_page(house: House, client: Client, version: int) -> Visit:
    """Begin a page for a new visit; `version` is that of the style sheet."""
    scope = client.request.scope
    ui.add_head_html(browser.HEAD.format(version=version, nonce=scope.get("edge.nonce", "")))
    visit = Visit(house, client)
    scheme = visit.preferences.scheme
    ui.add_head_html(house.brand.tags(origin(scope), None if scheme is Scheme.SYSTEM else scheme))
    client.page = copy(client.page)
    client.page.language = visit._.tag  # type: ignore[assignment]
    visit.build_style()
    return visit
