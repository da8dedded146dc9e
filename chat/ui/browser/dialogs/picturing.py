"""In the browser: choosing a picture of oneself, which is uploaded at once."""

from typing import Any

from chat.ui.browser.composing.uploading import answer_of
from chat.ui.browser.dom import Emit, Event, XMLHttpRequest, document
from chat.ui.browser.page import part

CHANGED = 204  # HTTP


def press_picture(event: Event) -> None:
    """Let a picture be chosen, unless one is being uploaded."""
    group = event.target.closest(".own-picture")
    if group and part(group, "progress").hidden:
        part(group, "[type=file]").click()


def upload_picture(event: Event, emit: Emit) -> None:
    """Upload the chosen picture, and emit the reason of a refusal, or nothing."""
    chooser, group = event.target, event.target.closest(".own-picture")
    if not group or not chooser.files.length:
        return
    file, request, progress = chooser.files[0], XMLHttpRequest(), part(group, "progress")
    chooser.value = ""  # the same one may be chosen again
    if file.size > int(group.dataset.limit):
        emit(group.dataset.large)
        return
    texts = group.dataset

    def on_progress(event: Any) -> None:
        if event.lengthComputable:
            progress.value = event.loaded / event.total
        if event.loaded == event.total:
            progress.removeAttribute("value")  # the server makes it small

    def on_end(event: Event) -> None:
        progress.hidden = True
        answer = answer_of(request)
        if request.status == CHANGED:
            emit("")
        elif answer:
            emit(answer["problem"])
        else:
            emit(texts.cut)

    progress.removeAttribute("value")
    progress.hidden = False
    request.upload.addEventListener("progress", on_progress)
    request.addEventListener("loadend", on_end)
    request.open("POST", f"avatar?lang={document.documentElement.lang}")
    request.send(file)
