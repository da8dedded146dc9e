"""In the browser: uploading the files that are attached, one after another.

A line of the list says by `data-state` whether it is `queued`, `uploading`, `ready`, `cut` (off with the connection) or
`refused`.
"""

from typing import Any

from chat.ui.browser.composing.storing import SESSION, drop, keep
from chat.ui.browser.composing.writing import FILES, own_key
from chat.ui.browser.dom import JSON, Element, Event, XMLHttpRequest, document, encodeURIComponent, window
from chat.ui.browser.page import every, field, form, part, the

DONE = 200  # HTTP


def lines() -> list[Element]:
    return every(form(), "#attachments > li")


def queue(line: Element) -> None:
    show_state(line, "queued", "")
    part(line, "progress").removeAttribute("value")
    upload_next()


def upload_next() -> None:
    """Upload the next file of any room, unless another one is being uploaded."""
    busy, queued = all_lines("uploading"), all_lines("queued")
    if queued and not busy:
        upload(queued[0])


def all_lines(state: str) -> list[Element]:
    """Return the lines of all rooms in this state."""
    found = []
    for room in window.attached:
        found += every(window.attached[room], f"li[data-state={state}]")
    return found


def upload(line: Element) -> None:
    request = XMLHttpRequest()
    line.request = request
    show_state(line, "uploading", "")
    progress = part(line, "progress")

    def on_progress(event: Any) -> None:
        if event.lengthComputable:
            progress.value = event.loaded / event.total
        if event.loaded == event.total:
            progress.removeAttribute("value")  # the server looks at it

    def on_end(event: Event) -> None:
        del line.request
        answer = answer_of(request)
        if request.status == DONE and answer:
            show_ready(line, answer["id"], answer["name"], answer["picture"])
        elif answer:
            refuse(line, answer["problem"])
        else:
            refuse(line, the("#attachments").dataset.cut)
            line.dataset.state = "cut"
        keep_attachments()
        upload_next()
        send_if_ready()

    request.upload.addEventListener("progress", on_progress)
    request.addEventListener("loadend", on_end)
    room = room_of(line)
    query = f"room={encodeURIComponent(room)}&name={encodeURIComponent(line.file.name)}"
    request.open("POST", f"upload?{query}&lang={document.documentElement.lang}")
    request.send(line.file)


def answer_of(request: XMLHttpRequest) -> Any:
    """Return the server's answer; nothing if the connection was lost, or a proxy answered."""
    try:
        return JSON.parse(request.responseText)
    except Exception:
        return None


def room_of(line: Element) -> str:
    for room in window.attached:
        if window.attached[room].contains(line):
            return str(room)
    return form().dataset.room


def refuse(line: Element, problem: str, can_retry: bool = True) -> None:
    show_state(line, "refused", problem)
    part(line, "[data-retry]").hidden = not can_retry or not hasattr(line, "file")


def show_ready(line: Element, upload_id: str, name: str, is_picture: bool) -> None:
    show_state(line, "ready", "")
    line.dataset.upload, line.dataset.kind = upload_id, "picture" if is_picture else "file"
    part(line, "b").textContent = name
    part(line, ".alt").hidden = not is_picture


def show_state(line: Element, state: str, text: str) -> None:
    line.dataset.state = state
    part(line, "small").textContent = text
    part(line, "progress").hidden = state not in ["queued", "uploading"]
    part(line, "[data-retry]").hidden = True


def retry_cut() -> None:
    """Upload again, once the page is connected, what was cut off."""
    if hasattr(window, "attached"):
        for line in all_lines("cut"):
            queue(line)


def waits_for_files() -> bool:
    """Whether not all files are ready. The message is sent once they are, unless it is changed or one is refused."""
    is_waiting = len(unready_lines()) > 0
    if is_waiting:
        form().dataset.sending = field().value
    return is_waiting


def send_if_ready() -> None:
    """Send the message that waits for its files."""
    if getattr(form().dataset, "sending", None) == field().value and not unready_lines():
        form().requestSubmit()


def stop_waiting() -> None:
    """Leave it to the member to send what was changed."""
    del form().dataset.sending


def unready_lines() -> list[Element]:
    """Return the lines of files that aren't uploaded; one only says that nothing could be recorded."""
    return [line for line in lines() if line.dataset.state != "ready" and hasattr(line, "file")]


def attached_rows() -> list[Any]:
    found = []
    for line in lines():
        if line.dataset.state == "ready":
            name, is_picture = part(line, "b").textContent, line.dataset.kind == "picture"
            found.append([line.dataset.upload, part(line, ".alt").value, name, is_picture])
    return found


def keep_attachments() -> None:
    """Keep what is uploaded for a reload."""
    rows = attached_rows()
    if rows:
        keep(SESSION, own_key(FILES), JSON.stringify(rows))
    else:
        drop(SESSION, own_key(FILES))
