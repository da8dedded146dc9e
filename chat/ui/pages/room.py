"""The pages of rooms, at `/` the lobby: the room for members, the welcome card for everyone else."""

from collections.abc import AsyncIterator

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from nicegui import app as nicegui_app

from chat.ui.app_context import AppContext
from chat.ui.document_head import open_page
from chat.ui.pages import welcome
from chat.ui.room_page import RoomPage
from chat.web.paths import find_room, path_of, room_path

MINUTE = 60.0  # seconds
VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(app: AppContext, version: str) -> None:
    """Serve the pages; `version` is that of the style sheet."""

    async def load(request: Request) -> AsyncIterator[None]:
        """Keep the member's room loaded while the page is built. Raises `RoomRefused`."""
        member = app.authenticator.current_member(request)
        if member is None:
            yield
            return
        room = find_room(app.chat.directory, member.id, path_of(request.scope)[1:])
        if path_of(request.scope)[1:] != room_path(room):
            raise HTTPException(303, headers={"Location": f"{request.scope['root_path']}/{room_path(room)}"})
        async with app.chat.room_access.view(member.id, room.id):
            yield

    def build(client: Client) -> RedirectResponse | None:
        page = open_page(app, client, version)
        if page.member is None and page.access.has_expired and not page.access.refusal:
            client.delete()
            return RedirectResponse(f"{client.request.scope['root_path']}{page.access.renewal_path}", 303)
        if page.member is None:
            welcome.build(page)
        else:
            room = find_room(app.chat.directory, page.member.id, page.path[1:])
            if room.id != page.room.id:
                page.show_room(app.chat.room_access.loaded(room.id))
            RoomPage(page)
        return None

    @ui.page("/", title=app.brand.title, viewport=VIEWPORT)
    def lobby(client: Client) -> RedirectResponse | None:
        return build(client)

    @ui.page("/room/{slug}", title=app.brand.title, viewport=VIEWPORT, dependencies=[Depends(load)])
    def room(client: Client, slug: str) -> RedirectResponse | None:
        return build(client)

    @ui.page("/direct/{room_id}", title=app.brand.title, viewport=VIEWPORT, dependencies=[Depends(load)])
    def direct(client: Client, room_id: str) -> RedirectResponse | None:
        return build(client)

    @ui.page("/join/{token}", title=app.brand.title, viewport=VIEWPORT)
    def join(client: Client, token: str) -> RedirectResponse | None:
        # The page is that of the lobby, and follows the link once connected: previews of links open it, too.
        return build(client)

    def save_last_seen() -> None:
        for page in app.pages:
            page.save_last_seen_if_viewing()

    def tidy() -> None:
        for page in app.pages:
            page.tidy()

    nicegui_app.on_shutdown(save_last_seen)
    nicegui_app.timer(MINUTE, tidy)
