"""In the browser: the files that are attached to the next message, each a line of a list that shows how far it is.

They are uploaded as soon as they are chosen (see `uploading.py`), and only wait for their message then.
"""

from chat.ui.browser.composing.awaiting import stop_waiting
from chat.ui.browser.composing.fitting import show_text
from chat.ui.browser.composing.listing import add_line, attachments, keep_attachments, lines, refuse
from chat.ui.browser.composing.uploading import queue
from chat.ui.browser.dom import ClipboardEvent, Element, Event, File, Files, XMLHttpRequest
from chat.ui.browser.messages.copying import say
from chat.ui.browser.page import field, form, the


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
        keep_attachments(form().dataset.room)


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
    room = form().dataset.room
    count, line = len(lines(room)), add_line(room, file.name, file)
    if count >= int(listed.dataset.most):
        refuse(line, listed.dataset.many)
    elif file.size > int(listed.dataset.limit):
        refuse(line, listed.dataset.large, False)
    else:
        queue(line)
    listed.lastElementChild.scrollIntoView({"block": "nearest"})
    show_text()


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
    keep_attachments(form().dataset.room)
    show_text()
    field().focus()


def stay_in_line(event: Event) -> None:
    """Stop events of a description, which listeners of the text must not get."""
    event.stopPropagation()
