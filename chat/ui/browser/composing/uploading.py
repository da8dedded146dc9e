"""In the browser: uploading the files that are attached, one after another."""

from typing import Any

from chat.ui.browser.composing.awaiting import send_if_ready, tell_if_refused
from chat.ui.browser.composing.listing import all_lines, keep_attachments, refuse, room_of, show_ready, show_state
from chat.ui.browser.dom import JSON, Element, Event, XMLHttpRequest, document, encodeURIComponent
from chat.ui.browser.page import part, the

DONE = 200  # HTTP


def queue(line: Element) -> None:
    show_state(line, "queued", "")
    part(line, "progress").removeAttribute("value")
    upload_next()


def upload_next() -> None:
    """Upload the next file of any room, unless another one is being uploaded."""
    busy, queued = all_lines("uploading"), all_lines("queued")
    if queued and not busy:
        upload(queued[0])


def upload(line: Element) -> None:
    request, room = XMLHttpRequest(), room_of(line)
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
        show_result(line, request)
        keep_attachments(room)
        upload_next()
        if line.dataset.state != "ready":
            tell_if_refused(room)
        send_if_ready(room)

    request.upload.addEventListener("progress", on_progress)
    request.addEventListener("loadend", on_end)
    query = f"room={encodeURIComponent(room)}&name={encodeURIComponent(line.file.name)}"
    request.open("POST", f"upload?{query}&lang={document.documentElement.lang}")
    request.send(line.file)


def show_result(line: Element, request: XMLHttpRequest) -> None:
    answer = answer_of(request)
    if request.status == DONE and answer:
        show_ready(line, answer["id"], answer["name"], answer["picture"])
    elif answer:
        refuse(line, answer["problem"], answer["retry"])
    else:
        refuse(line, the("#attachments").dataset.cut)
        line.dataset.state = "cut"


def answer_of(request: XMLHttpRequest) -> Any:
    """Return the server's answer; nothing if the connection was lost, or a proxy answered."""
    try:
        return JSON.parse(request.responseText)
    except Exception:
        return None


def retry_cut() -> None:
    """Upload again, once the page is connected, what was cut off."""
    for line in all_lines("cut"):
        queue(line)
