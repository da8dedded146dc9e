"""An open page on the server: NiceGUI's `Client`, which starts with light elements and answers with our template.

Written for: NiceGUI 3.18.0, whose `Client` has four full elements around those of a page and a router for pages within
it, collects scripts and styles of all kinds of elements for each response, and escapes it character by character.
Saves: a tenth of the CPU of a page load.
Obsolete when: `Client` is as light.
"""

import asyncio
import time
from collections import defaultdict
from uuid import uuid4

import nicegui.page
from fastapi import Request, Response
from nicegui import Client, json, ui
from nicegui.client import HTML_ESCAPE_TABLE, _is_prefetch
from nicegui.outbox import Outbox
from starlette.responses import HTMLResponse

from chat.framework.elements import RawElement
from chat.framework.page_template import render
from chat.web.security.request_context import request_context

HEADERS = {"Cache-Control": "no-store", "X-NiceGUI-Content": "page"}


def use_page_clients() -> None:
    """Have NiceGUI make its pages with our class."""
    nicegui.page.Client = PageClient  # type: ignore[assignment, attr-defined]


class PageClient(Client):
    """A page of native elements. It has no pages within it, and no storage of its own."""

    def __init__(self, page: ui.page, *, request: Request) -> None:
        """Do what NiceGUI's constructor does otherwise."""
        self._request = request
        self.id = str(uuid4())
        self.created = time.time()
        self.instances[self.id] = self
        self.elements = {}
        self.next_element_id = 0
        self._waiting_for_connection = asyncio.Event()
        self._waiting_for_disconnect = asyncio.Event()
        self._connected = asyncio.Event()
        self._deleted_event = asyncio.Event()
        self.environ = None
        self.on_air = False
        self._num_connections = defaultdict(int)
        self._delete_tasks = {}
        self._deleted = False
        self._socket_to_document_id = {}
        self.tab_id = self._pinned_tab_id = None
        self._exception_handlers = []
        self._response_built = False
        self.page = page
        self.outbox = Outbox(self)
        request.scope["nicegui_page_path"] = page.path
        self.layout = RawElement("q-layout", {"view": "hhh lpr fff", "class": "nicegui-layout"}, root_of=self)
        with self.layout, RawElement("q-page-container", {}) as self.page_container, RawElement("q-page", {}):
            self.content = RawElement("div", {"class": "nicegui-content"})
        self.title = None
        self.status_code = 200
        self._head_html = self._body_html = ""
        self.connect_handlers, self.disconnect_handlers, self.delete_handlers = [], [], []
        self._temporary_socket_id = None
        self.sub_pages_router = _NoPagesWithin()  # type: ignore[assignment]

    def build_response(self, request: Request, status_code: int = 200) -> Response:
        self._response_built = True
        self.outbox.updates.clear()
        context = request_context(request.scope)
        query = {
            "client_id": self.id,
            "next_message_id": self.outbox.next_message_id,
            "implicit_handshake": not _is_prefetch(request),
            "page": context.record(),
        }
        elements = json.dumps({number: element._to_dict() for number, element in self.elements.items()})
        html = render(
            self.page.resolve_language() or "en-US",
            context.direction,
            self.page.resolve_viewport(),
            request.scope["root_path"],
            title=self.resolve_title(),
            nonce=context.nonce,
            head=self.head_html,
            splash=context.splash,
            notices=context.notices,
            elements=_escaped(elements),
            query=str(query),
        )
        return HTMLResponse(html, status_code, HEADERS)


class _NoPagesWithin:
    """The part of NiceGUI's router that a page asks before it answers."""

    async def _can_resolve_full_path(self, _client: Client) -> bool:
        return True


def _escaped(text: str) -> str:
    for character, replacement in HTML_ESCAPE_TABLE.items():  # the ampersand, which all replacements have, is the first
        text = text.replace(chr(character), replacement)
    return text
