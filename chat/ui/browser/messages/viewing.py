"""In the browser: the dialog that shows a picture, and leads to those before and after it."""

from chat.ui.browser.dom import Element, Event, KeyboardEvent, TouchEvent, document, window
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.navigation.swiping import WAY
from chat.ui.browser.page import every, focus, form, message_list, part, the


def open_picture(event: Event) -> None:
    """Open the dialog for a pressed picture, unless it is wanted in another tab."""
    link = event.target.closest(".picture")
    if link and not event.ctrlKey and not event.metaKey and not event.shiftKey:
        event.preventDefault()
        dialog = the("#picture")
        if not hasattr(dialog.dataset, "shown"):
            watch_picture(dialog)
        show_picture(link)
        dialog.showModal()


def show_picture(link: Element) -> None:
    """Show a picture as large as there is room, from the first moment on: the small one stands in until it is here."""
    small, image = part(link, "img"), the("#picture img")
    width, height = link.dataset.size.split(" ")
    image.setAttribute("width", width)
    image.setAttribute("height", height)
    image.style.backgroundImage = f"url('{small.src}')"
    image.style.setProperty("--width", f"{width}px")
    image.style.setProperty("--shape", f"{int(width) / int(height)}")
    image.alt, image.src = small.alt, link.href
    the("#picture p").textContent = "" if small.alt.endswith(link.dataset.name) else small.alt
    download = the("#picture a")
    download.href = link.href
    download.setAttribute("download", link.dataset.name)
    describe, article = the("#picture [command='--describe']"), link.closest("article")
    describe.hidden = not article or article.dataset.author != form().dataset.owner
    describe.value = link.dataset.picture
    the("#picture").dataset.shown = link.href
    for button in every(the("#picture"), "[data-step]"):
        is_last = not picture_after(int(button.dataset.step))
        if is_last and button is document.activeElement:
            focus(the("#picture"))  # a disabled button would swallow the next keys
        button.disabled = is_last


def picture_after(step: int) -> Element | None:
    """Return the picture before (-1) or after (1) the shown one."""
    shown, links = the("#picture").dataset.shown, every(message_list(), ".picture")
    for index in range(len(links)):
        if links[index].href == shown and 0 <= index + step < len(links):
            return links[index + step]
    return None


def step(by: int) -> None:
    found = picture_after(by)
    if found:
        show_picture(found)


def watch_picture(dialog: Element) -> None:
    """Let keys, buttons and fingers lead to other pictures, and a click beside the picture close it."""
    begin = {"x": 0.0, "y": 0.0}

    def on_click(event: Event) -> None:
        button = event.target.closest("[data-step]")
        if button:
            step(int(button.dataset.step))
        elif event.target is dialog or event.target.closest("[command='--describe']"):
            dialog.close()

    def on_key(event: KeyboardEvent) -> None:
        if event.key in ["ArrowLeft", "ArrowRight"]:
            event.preventDefault()
            step(1 if (event.key == "ArrowRight") == (document.dir != "rtl") else -1)

    def on_start(event: TouchEvent) -> None:
        begin["x"], begin["y"] = event.changedTouches[0].clientX, event.changedTouches[0].clientY

    def on_end(event: TouchEvent) -> None:
        event.stopPropagation()  # it is no swipe of the page
        across, down = event.changedTouches[0].clientX - begin["x"], event.changedTouches[0].clientY - begin["y"]
        is_zoomed = window.visualViewport.scale > 1.01
        if abs(across) > WAY and abs(across) > 2 * abs(down) and not is_zoomed:
            step(1 if (across < 0) == (document.dir != "rtl") else -1)

    def on_close(event: Event) -> None:
        the("#picture img").removeAttribute("src")  # an animation would go on
        rest_focus()

    dialog.addEventListener("click", on_click)
    dialog.addEventListener("keydown", on_key)
    dialog.addEventListener("touchstart", on_start)
    dialog.addEventListener("touchend", on_end)
    dialog.addEventListener("close", on_close)
