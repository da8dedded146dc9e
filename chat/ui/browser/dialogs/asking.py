"""In the browser: forms, choices and commands."""

from chat.ui.browser.composing.storing import LOCAL, SESSION, drop, keep, kept, names
from chat.ui.browser.composing.writing import AUTHOR
from chat.ui.browser.dom import (
    Element,
    Emit,
    Event,
    KeyboardEvent,
    RegExp,
    document,
)
from chat.ui.browser.focusing import take_key, watch_focus
from chat.ui.browser.holding import ask
from chat.ui.browser.page import every, is_search_key, is_typing

LIST_KEYS = r"^(Arrow.*|Home|End|Page.*|\S)$"  # keys that change a closed list


def emit_fields(event: Event, emit: Emit) -> None:
    """Emit the values of the fields. Keys are held, as the dialog may close."""
    ask(emit, [content(field) for field in every(event.target, "input, select, textarea")])


def ask_by_click(event: Event, emit: Emit) -> None:
    """Emit a click that leads to something that is typed in."""
    ask(emit, [])


def content(field: Element) -> str:
    """Return the value of a field; "on" or nothing for a checkbox."""
    if field.type == "checkbox":
        return "on" if field.checked else ""
    return field.value


def emit_value(event: Event, emit: Emit) -> None:
    """Emit the changed value."""
    emit(event.target.value)


def emit_choice(event: Event, emit: Emit) -> None:
    """Emit the name and value of the changed control."""
    control = event.target
    if control.type == "checkbox":
        emit(control.name, control.checked)
    elif control.type == "range":
        emit(control.name, control.valueAsNumber)
    else:
        emit(control.name, control.value)


def scroll_to_reason(reason: Element) -> None:
    """Show why something was refused, which may be below what is in view; not again at each second of its time."""
    if reason.getAttribute("aria-live") == "assertive":
        reason.scrollIntoView({"block": "nearest"})


def keep_field(field: Element) -> None:
    """Keep a field's value across reloads until the form is submitted.

    For a member who left texts behind (see `adopt_texts`), it is the name first.
    """
    name = f"chat.{field.name}"
    for kind in [LOCAL, SESSION]:
        for author in names(kind, AUTHOR):
            field.value = kept(kind, author) or ""
    before = kept(SESSION, name)
    if before is not None:
        field.value = before
    field.addEventListener("input", lambda event: keep(SESSION, name, field.value))
    field.form.addEventListener("submit", lambda event: drop(SESSION, name))


def continue_in(field_id: str, selects: bool = False) -> None:
    """Focus a field, unless one has the focus already; with `selects`, typing replaces what is in it."""
    field = document.getElementById(field_id)
    if field and not is_typing():
        field.focus()
        if selects:
            field.select()


def empty_field(field_id: str, used: str) -> None:
    """Empty a field whose text was used, unless something else was typed since."""
    field = document.getElementById(field_id)
    if field and field.value == used:
        field.value = ""


def select_all(field: Element) -> None:
    """Select what is in a field, so that typing replaces it."""
    field.select()


def offer(field: Element) -> None:
    """Keep a field, and select what is suggested in it, so that typing replaces it.

    So does the first click or tap into the field; the next one puts the caret where it is.
    """
    keep_field(field)
    suggested = field.value
    clicks = {"count": 0}

    def on_click(event: Event) -> None:
        clicks["count"] += 1
        is_caret = field.selectionStart == field.selectionEnd
        if clicks["count"] == 1 and is_caret and field.value == suggested:
            field.select()

    if kept(SESSION, f"chat.{field.name}") is None:
        field.addEventListener("click", on_click)
        if field.autofocus:  # in Chromium, selecting moves the focus
            field.select()


def open_list(event: KeyboardEvent) -> None:
    """Open a closed list of choices on arrows and letters, if the browser can: they would choose immediately."""
    is_closed = hasattr(event.target, "showPicker") and event.target.matches("select:not(:is(:open))")
    is_plain = not event.ctrlKey and not event.metaKey and not event.altKey and not event.defaultPrevented
    if is_closed and is_plain and RegExp(LIST_KEYS).test(event.key):
        event.preventDefault()
        event.target.showPicker()


def copy(event: Event) -> None:
    """Copy the field beside a button, and say so on it (`navigator.clipboard` needs TLS)."""
    button = event.target.closest("[data-copied]")
    field = button.parentElement.querySelector("input") if button else None
    if button and field:
        field.focus()
        field.select()
        if document.execCommand("copy"):
            button.textContent = button.dataset.copied
            button.focus()


def select_link() -> None:
    """Select the link that a dialog has just shown, as the button that had the focus may be gone."""
    link = document.querySelector("dialog .link input")
    if link and not is_typing():
        link.focus()
        link.select()


def watch_visibility(element: Element, emit: Emit) -> None:
    """Emit when the page is hidden or shown; at first only if it is hidden."""

    def on_visibility(event: Event) -> None:
        emit("hidden" if document.hidden else "visible")

    if document.hidden:
        emit("hidden")
    document.addEventListener("visibilitychange", on_visibility)


def watch(menu: Element, emit: Emit) -> None:
    """Emit when the page is hidden or shown, and the keys that work everywhere but in dialogs.

    These are ? (outside fields), Ctrl+K or ⌘K, and Shift+Escape, which closes nothing then.
    """

    def on_key(event: KeyboardEvent) -> None:
        if event.defaultPrevented:
            return
        wanted = ""
        if event.key == "?" and not event.target.matches("input, textarea, emoji-picker"):
            wanted = "keys"
        if is_search_key(event):
            wanted = "search"
        if wanted:
            event.preventDefault()
            if not document.querySelector("dialog[open]"):
                ask(emit, [wanted], "dialog[open]")
        else:
            take_key(event)

    def on_escape(event: KeyboardEvent) -> None:
        is_read = event.key == "Escape" and event.shiftKey and not event.isComposing
        if is_read and not document.querySelector("dialog[open], :popover-open"):
            event.preventDefault()
            event.stopPropagation()
            emit("read")

    watch_focus()
    watch_visibility(menu, emit)
    document.addEventListener("keydown", on_escape, True)
    document.addEventListener("keydown", on_key)


def set_theme_color(tags: str) -> None:
    """Replace the `theme-color` tags, the colour of a phone's own bar."""
    for tag in every(document, "meta[name=theme-color]"):
        tag.remove()
    document.head.insertAdjacentHTML("beforeend", tags)
