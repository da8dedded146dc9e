"""The floor of NiceGUI: the smallest chat on it. Its page has a label and a form, and shows only new messages.

It does what can't be left out: it keeps a session, handles that somebody types, writes the history durably, and sends
one frame to all pages.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from nicegui import Client, app, core, ui
from nicegui.events import GenericEventArguments

from tests.programs.load_floor import FloorPage
from tests.programs.load_page import Page

ROOM, KEPT = "room", 100
ENTERED = "entered"


def serve(port: int, folder: Path) -> None:
    """Serve the floor, with its history in `folder`."""
    history, writing, typing = [], asyncio.Lock(), set[str]()

    async def enter(client: Client) -> None:
        for sid, _ in core.sio.manager.get_participants("/", client.id):
            await core.sio.enter_room(sid, ROOM)
        await core.sio.emit("update", {ENTERED: None}, room=client.id)

    async def post(event: GenericEventArguments) -> None:
        message_id, text, *_ = event.args
        typing.discard(event.client.id)
        async with writing:
            history.append({"id": message_id, "text": text})
            del history[:-KEPT]
            await asyncio.to_thread(_write, folder / "history.json", json.dumps(history, indent=2))
        await core.sio.emit("update", {f"m-{message_id}": text}, room=ROOM)

    @ui.page("/")
    def page(client: Client) -> None:
        app.storage.user["name"] = "Ann"
        ui.label("Hello")
        ui.element("form").on("submit", post, args=[])
        handler = "event => chat.report_typing(emit)"  # by which `Page` finds it
        ui.element("input").on("input", lambda: typing.add(client.id), js_handler=handler)
        client.on_connect(lambda: enter(client))

    ui.run(
        host="127.0.0.1",
        port=port,
        show=False,
        reload=False,
        storage_secret="secret",
        ws_per_message_deflate=False,
        show_welcome_message=False,
    )


def _write(path: Path, content: str) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class NiceguiPage(Page):
    """A client of the floor; its messages are as large as the app's."""

    sign = ENTERED

    async def post(self, message_id: str, text: str, about: str = "") -> None:
        """Post a text of `FloorPage.size` bytes."""
        name = f"m-{message_id}"
        await super().post(message_id, text.ljust(FloorPage.size - len(f'42["update",{{"{name}":""}}]'), "."), about)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
