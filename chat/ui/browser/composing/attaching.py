"""In the browser: the files that are attached to the next message, each a line of a list that shows how far it is.

They are uploaded as soon as they are chosen (see `uploading.py`), and only wait for their message then.
"""

from typing import Any

from chat.ui.browser.composing.fitting import show_text
from chat.ui.browser.composing.storing import SESSION, drop, kept
from chat.ui.browser.composing.uploading import (
    attached_rows,
    keep_attachments,
    lines,
    queue,
    refuse,
    show_ready,
    stop_waiting,
)
from chat.ui.browser.composing.writing import FILES, own_key
from chat.ui.browser.dom import (
    JSON,
    URL,
    ClipboardEvent,
    Element,
    Event,
    File,
    Files,
    XMLHttpRequest,
    document,
    window,
)
from chat.ui.browser.messages.copying import say
from chat.ui.browser.page import every, field, form, part, the


def attachments() -> Element | None:
    """Return the list, if files can be sent here."""
    return document.querySelector("#attachments")


def restore_attachments() -> None:
    """Show the files that were attached in this room before: the page showed another one, or was loaded again."""
    listed, room = attachments(), form().dataset.room
    if not listed:
        return
    if not hasattr(window, "attached"):
        window.attached = {}
    before = getattr(window.attached, room, None)
    if before:
        for line in every(before, "li"):
            listed.append(line)
    else:
        add_uploaded(JSON.parse(kept(SESSION, own_key(FILES))))
    window.attached[room] = listed
    show_text()


def press_attachment(event: Event) -> None:
    """Choose files, or remove or retry one, by the pressed button."""
    button = event.target.closest("[data-attach], [data-remove], [data-retry]")
    line = event.target.closest("li")
    if button and button.hasAttribute("data-attach"):
        the("#composer [type=file]").click()
    elif button and line and button.hasAttribute("data-remove"):
        remove_line(line)
    elif button and line:
        queue(line)


def choose_files(event: Event) -> None:
    """Attach what was chosen, or keep a description that was changed."""
    chooser = event.target
    if chooser.matches("[type=file]"):
        attach(chooser.files)
        chooser.value = ""
        field().focus()
    elif chooser.matches(".alt"):
        keep_attachments()


def paste_files(event: ClipboardEvent) -> None:
    """Attach pasted files, unless they only are a picture of formatted text, such as a table: the text is pasted then.

    File managers add the names of files as text without formats, and browsers copy a picture as HTML without text.
    """
    copied = event.clipboardData
    is_text = copied.getData("text/plain") and copied.getData("text/html")
    if copied.files.length and not is_text:
        event.preventDefault()
        attach(copied.files)


def attach(files: Files) -> None:
    """Add files to the list, and upload them; say so if files can't be sent here."""
    if not attachments():
        say(form().dataset.off)
        return
    for index in range(files.length):
        attach_file(files[index])


def attach_file(file: File) -> None:
    """Add a file to the list, and upload it. One that is too large, or one too many, is refused at once."""
    listed = attachments()
    if not listed:
        return
    stop_waiting()
    if len(lines()) >= int(listed.dataset.most):
        refuse(add_line(file.name, file), listed.dataset.many)
    elif file.size > int(listed.dataset.limit):
        refuse(add_line(file.name, file), listed.dataset.large, False)
    else:
        queue(add_line(file.name, file))
    listed.lastElementChild.scrollIntoView({"block": "nearest"})
    show_text()


def add_line(name: str, file: File | None = None) -> Element:
    listed = attachments()
    assert listed
    line = the("#attachment").content.firstElementChild.cloneNode(True)
    part(line, "b").textContent = name
    if file:
        line.file = file
    if file and file.type.startswith("image/"):
        preview(file, part(line, "img"))
    listed.append(line)
    return line


def preview(file: File, image: Element) -> None:
    """Show a picture, unless the browser can't read it."""

    def on_load(event: Event) -> None:
        image.hidden = False

    image.addEventListener("load", on_load)
    image.src = URL.createObjectURL(file)


def add_uploaded(rows: list[Any] | None) -> None:
    """Add files that are uploaded already: of each its id, its description, its name, and whether it is a picture."""
    for row in rows if rows else []:
        line = add_line(row[2])
        part(line, ".alt").value = row[1]
        show_ready(line, row[0], row[2], row[3])


def remove_line(line: Element) -> None:
    """Remove a file, and what was uploaded of it."""
    stop_waiting()
    if hasattr(line.dataset, "upload"):
        request = XMLHttpRequest()
        request.open("DELETE", f"upload/{line.dataset.upload}")
        request.send()
    line.remove()
    if hasattr(line, "request"):
        line.request.abort()
    keep_attachments()
    show_text()
    field().focus()


def take_attachments() -> list[Any]:
    """Return the files of the message that is sent, as `add_uploaded` takes them, and empty the list."""
    rows = attached_rows()
    for line in lines():
        line.remove()
    drop(SESSION, own_key(FILES))
    return rows


def stay_in_line(event: Event) -> None:
    """Stop events of a description, which listeners of the text must not get."""
    event.stopPropagation()
