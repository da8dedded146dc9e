"""In the browser: the list of the files that are attached in a room. The page keeps that of each room it has shown.

A line says by `data-state` whether it is `queued`, `uploading`, `ready`, `cut` (off with the connection) or `refused`.
The list keeps the text of a message that waits for its files, `data-sending` (see `awaiting.py`).
"""

from typing import Any

from chat.ui.browser.composing.fitting import show_text
from chat.ui.browser.composing.storing import SESSION, drop, keep, kept
from chat.ui.browser.composing.writing import FILES, own_key
from chat.ui.browser.dom import JSON, URL, Element, Event, File, document, window
from chat.ui.browser.page import every, form, part, the


def attachments() -> Element | None:
    """Return the list of the shown room, if files can be sent here."""
    return document.querySelector("#attachments")


def restore_attachments() -> None:
    """Show the files that were attached in this room before: the page showed another one, or was loaded again."""
    listed, room = attachments(), form().dataset.room
    if not listed:
        return
    before = getattr(window.attached, room, None)
    window.attached[room] = listed
    if before:
        for line in every(before, "li"):
            listed.append(line)
        if hasattr(before.dataset, "sending"):
            listed.dataset.sending = before.dataset.sending
    else:
        add_uploaded(room, kept_rows(room))
    show_text()


def lines(room: str) -> list[Element]:
    return every(window.attached[room], "li")


def all_lines(state: str) -> list[Element]:
    """Return the lines of all rooms in this state."""
    found = []
    for room in window.attached:
        found += every(window.attached[room], f"li[data-state={state}]")
    return found


def room_of(line: Element) -> str:
    for room in window.attached:
        if window.attached[room].contains(line):
            return str(room)
    return form().dataset.room


def add_line(room: str, name: str, file: File | None = None) -> Element:
    line = the("#attachment").content.firstElementChild.cloneNode(True)
    part(line, "b").textContent = name
    if file:
        line.file = file
    if file and file.type.startswith("image/"):
        preview(file, part(line, "img"))
    window.attached[room].append(line)
    return line


def preview(file: File, image: Element) -> None:
    """Show a picture, unless the browser can't read it."""

    def on_load(event: Event) -> None:
        image.hidden = False

    image.addEventListener("load", on_load)
    image.src = URL.createObjectURL(file)


def add_uploaded(room: str, rows: list[Any]) -> None:
    """Add files that are uploaded already: of each its id, its description, its name, and whether it is a picture."""
    for row in rows:
        line = add_line(room, row[2])
        part(line, ".alt").value = row[1]
        show_ready(line, row[0], row[2], row[3])


def return_files(room: str, rows: list[Any]) -> None:
    """Attach the files of a refused message again, which may be of a room that the page hasn't shown."""
    if not rows:
        return
    if hasattr(window.attached, room):
        add_uploaded(room, rows)
        keep_attachments(room)
    else:
        keep(SESSION, own_key(FILES, room), JSON.stringify(kept_rows(room) + rows))


def show_ready(line: Element, upload_id: str, name: str, is_picture: bool) -> None:
    show_state(line, "ready", "")
    line.dataset.upload, line.dataset.kind = upload_id, "picture" if is_picture else "file"
    part(line, "b").textContent = name
    part(line, ".alt").hidden = not is_picture


def refuse(line: Element, problem: str, can_retry: bool = True) -> None:
    show_state(line, "refused", problem)
    part(line, "[data-retry]").hidden = not can_retry or not hasattr(line, "file")


def show_state(line: Element, state: str, text: str) -> None:
    line.dataset.state = state
    part(line, "small").textContent = text
    part(line, "progress").hidden = state not in ["queued", "uploading"]
    part(line, "[data-retry]").hidden = True


def has_unready(room: str) -> bool:
    """Whether a file isn't uploaded yet; a line without one only says that nothing could be recorded."""
    return len([line for line in lines(room) if line.dataset.state != "ready" and hasattr(line, "file")]) > 0


def take_attachments(room: str) -> list[Any]:
    """Return the files of the message that is sent, as `add_uploaded` takes them, and empty the list."""
    if not hasattr(window.attached, room):
        return []
    rows = attached_rows(room)
    window.attached[room].replaceChildren()
    del window.attached[room].dataset.sending
    keep_attachments(room)
    return rows


def attached_rows(room: str) -> list[Any]:
    found = []
    for line in lines(room):
        if line.dataset.state == "ready":
            name, is_picture = part(line, "b").textContent, line.dataset.kind == "picture"
            found.append([line.dataset.upload, part(line, ".alt").value, name, is_picture])
    return found


def keep_attachments(room: str) -> None:
    """Keep what is uploaded for a reload."""
    rows = attached_rows(room)
    if rows:
        keep(SESSION, own_key(FILES, room), JSON.stringify(rows))
    else:
        drop(SESSION, own_key(FILES, room))


def kept_rows(room: str) -> list[Any]:
    return JSON.parse(kept(SESSION, own_key(FILES, room))) or []
