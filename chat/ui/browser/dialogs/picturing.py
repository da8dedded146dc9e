"""In the browser: choosing a picture of oneself, and the square of it that is shown, which is then uploaded."""

from typing import Any

from chat.ui.browser.composing.uploading import answer_of
from chat.ui.browser.dom import URL, Element, Emit, Event, PointerEvent, XMLHttpRequest, document
from chat.ui.browser.page import every, part

CHANGED = 204  # HTTP
MIDDLE = {"across": "0.5", "down": "0.4", "zoom": "1"}  # as `Crop` in chat/media/pictures.py


def choose_picture(event: Event) -> None:
    """Let a picture be chosen, unless one is being uploaded."""
    group = picture_group(event)
    if part(group, "progress").hidden:
        part(group, "[type=file]").click()


def show_chosen(event: Event, emit: Emit) -> None:
    """Show the chosen picture, so that its square can be chosen.

    One that the browser can't show is uploaded at once: the server takes its middle, or says what is wrong.
    """
    group = picture_group(event)
    chooser, image = part(group, "[type=file]"), part(group, ".frame img")
    if not chooser.files.length:
        return
    if chooser.files[0].size > int(group.dataset.limit):
        chooser.value = ""
        emit(group.dataset.large)
        return

    def on_load(event: Event) -> None:
        part(group, ".crop").hidden = False
        for name, value in MIDDLE.items():
            part(group, f"[name={name}]").value = value
        place_square(event)
        part(group, ".crop button").focus()

    image.onload = on_load
    image.onerror = lambda event: take_picture(event, emit)
    let_drag(part(group, ".frame"), group)
    image.src = URL.createObjectURL(chooser.files[0])


def place_square(event: Event) -> None:
    """Show the square that the sliders say."""
    group = picture_group(event)
    for slider in every(group, ".crop [type=range]"):
        part(group, ".frame").style.setProperty(f"--{slider.name}", slider.value)


def let_drag(frame: Element, group: Element) -> None:
    """Let a pointer move the picture below the frame, and the sliders with it."""
    image, across, down = part(frame, "img"), part(group, "[name=across]"), part(group, "[name=down]")
    begin = {"x": 0.0, "y": 0.0, "across": 0.0, "down": 0.0}

    def on_down(event: PointerEvent) -> None:
        frame.setPointerCapture(event.pointerId)
        begin["x"], begin["y"] = event.clientX, event.clientY
        begin["across"], begin["down"] = float(across.value), float(down.value)

    def on_move(event: PointerEvent) -> None:
        if not frame.hasPointerCapture(event.pointerId):
            return
        side = frame.clientWidth
        scale = float(part(group, "[name=zoom]").value) * side / min(image.naturalWidth, image.naturalHeight)
        wider, higher = image.naturalWidth * scale - side, image.naturalHeight * scale - side
        if wider > 1:
            across.value = str(begin["across"] - (event.clientX - begin["x"]) / wider)
        if higher > 1:
            down.value = str(begin["down"] - (event.clientY - begin["y"]) / higher)
        place_square(event)

    frame.onpointerdown, frame.onpointermove = on_down, on_move


def leave_picture(event: Event) -> None:
    """Forget the chosen picture."""
    end_choice(picture_group(event))


def take_picture(event: Event, emit: Emit) -> None:
    """Upload the square of the chosen picture, and emit why it was refused, or nothing."""
    group = picture_group(event)
    file, request, progress = part(group, "[type=file]").files[0], XMLHttpRequest(), part(group, "progress")
    query = f"lang={document.documentElement.lang}"
    if not part(group, ".crop").hidden:
        for slider in every(group, ".crop [type=range]"):
            query += f"&{slider.name}={slider.value}"
    end_choice(group)

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
            emit(group.dataset.cut)

    progress.removeAttribute("value")
    progress.hidden = False
    request.upload.addEventListener("progress", on_progress)
    request.addEventListener("loadend", on_end)
    request.open("POST", f"avatar?{query}")
    request.send(file)


def end_choice(group: Element) -> None:
    image = part(group, ".frame img")
    URL.revokeObjectURL(image.src)
    image.removeAttribute("src")
    part(group, "[type=file]").value = ""  # the same picture may be chosen again
    part(group, ".crop").hidden = True
    part(group, "button").focus()


def picture_group(event: Event) -> Element:
    found = event.target.closest(".own-picture")
    assert found
    return found
