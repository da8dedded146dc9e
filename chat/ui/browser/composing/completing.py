"""In the browser: the keys of the field, and the suggestions above it."""

from typing import Any

from chat.ui.browser.composing.editing import is_in_code, replace_text
from chat.ui.browser.composing.fitting import well_formed
from chat.ui.browser.composing.formatting import format_selection
from chat.ui.browser.composing.writing import cancel_reply
from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent, RegExp, document, window
from chat.ui.browser.holding import ask, ask_before
from chat.ui.browser.page import every, field, form, is_tab, is_touch_screen, newest_message

BEGINNING = r"(^|[^\w@＠﹫#＃:/])[@＠﹫#＃:/／][^\n]{0,40}$"  # letters other than ASCII: the server knows their scripts
CONTEXT = 60  # characters before the caret that the server needs
COMPOSING = 229  # Safari's key code while an input method composes


def press(event: KeyboardEvent, emit: Emit) -> None:
    """Handle the keys of the field.

    While suggestions are open, arrows select one and Enter or Tab takes it; Tab waits for those that aren't here yet.
    Escape closes what is open. The up arrow in an empty field edits the last own message. Shift+Tab leads to the newest
    message. Enter sends, but not with Shift, not while an input method composes, not on touch screens, and not within a
    block of code; with Ctrl or Cmd always.
    """
    area, listed = field(), options()
    if event.target is not area or event.isComposing or event.keyCode == COMPOSING:
        return
    if is_tab(event) and event.shiftKey and go_to_newest():
        event.preventDefault()
        return
    selected = selected_option()
    if is_tab(event) and listed and not selected:
        selected = listed[0]  # what is complete is only selected for Tab: Enter sends it
    if is_sending(event, selected):
        area.form.requestSubmit()
    elif format_selection(event):
        pass
    elif listed and event.key in ["ArrowDown", "ArrowUp"]:
        select_next(area, listed, selected, 1 if event.key == "ArrowDown" else -1)
    elif selected and event.key in ["Enter", "Tab"] and not event.shiftKey and fits(selected):
        selected.click()
    elif event.key == "Escape" and (listed or is_something_open()):
        emit(close_topmost())
    elif event.key == "ArrowUp" and area.value == "":
        ask(emit, ["edit"], "#composer[data-about]")
    elif is_tab(event) and not event.shiftKey and is_early():
        area.dataset.asked = "suggestions"
        before, start = before_caret()
        ask_before(event, emit, ["suggest", before, start])
    else:
        return
    event.preventDefault()


def is_sending(event: KeyboardEvent, selected: Element | None) -> bool:
    """Whether a key sends the text."""
    if event.key != "Enter":
        return False
    if event.ctrlKey or event.metaKey:
        return True
    if event.shiftKey or is_touch_screen() or (selected and fits(selected)):
        return False
    return not is_in_code(field().value[: field().selectionStart])


def is_early() -> bool:
    """Whether Tab may be for suggestions that aren't here yet: it waits for them once, and not for closed ones."""
    is_online = window.did_handshake and window.socket.connected
    return is_online and may_complete() and not hasattr(field().dataset, "asked")


def go_to_newest() -> bool:
    """Focus the newest message, unless there is none or a button comes before it; return whether that was done."""
    buttons = every(document, ".composer button:not(#composer button), #attachments button")
    newest, between = newest_message(), [button for button in buttons if button.checkVisibility()]
    if not newest or between:
        return False
    newest.tabIndex = -1
    newest.focus()
    return True


def options() -> list[Element]:
    return every(document, "#completion [role=option]")


def selected_option() -> Element | None:
    return document.querySelector("#completion [aria-selected=true]")


def select_next(area: Element, listed: list[Element], selected: Element | None, step: int) -> None:
    """Select the option after or before the selected one; the last and the first are neighbours.

    The focus stays in `area`.
    """
    at = listed.index(selected) if selected else min(-step, 0)
    if selected:
        selected.setAttribute("aria-selected", "false")
    option = listed[(at + step + len(listed)) % len(listed)]
    option.setAttribute("aria-selected", "true")
    option.scrollIntoView({"block": "nearest"})
    area.setAttribute("aria-activedescendant", option.id)


def fits(option: Element) -> bool:
    """Whether an option adds to the word before the caret (fast typing is ahead of the list).

    Its sign may be a full-width one.
    """
    data, area = option.dataset, field()
    typed = area.value[int(data.start) : area.selectionStart]
    continues = len(data.typed) > len(typed) and data.typed[1:].lower().startswith(typed[1:].lower())
    return typed == data.word or continues


def is_something_open() -> bool:
    """Whether Escape has anything to close besides the suggestions."""
    shown = document.querySelector(".answer:not([hidden]), .composer > .reason:not(:empty)")
    return shown is not None or hasattr(form().dataset, "about")


def close_topmost() -> str:
    """Close the suggestions, an answer, or the subject with the reason of a refusal; return which, for the server."""
    if options():
        empty_list()
        field().dataset.asked = "suggestions"
        return "close-suggestions"
    if document.querySelector(".answer:not([hidden])"):
        return "close-answer"
    cancel_reply()
    return "cancel"


def empty_list() -> None:
    completions = document.getElementById("completion")
    if completions:
        completions.replaceChildren()


def complete(event: Event, emit: Emit) -> None:
    """Emit the end of the text before the caret and its offset, while there may be something to complete.

    Suggestions go at once when there is nothing left to complete, and the server learns of it, if need be by `resend`.
    Without a connection, wait for one: NiceGUI would send every key then, in any order.
    """
    del field().dataset.asked
    is_wanted = may_complete() or len(options()) > 0 or event.type == "resend"
    if not may_complete():
        empty_list()
    if window.did_handshake and document.activeElement is field() and is_wanted:
        emit(*before_caret())


def may_complete() -> bool:
    """Whether there may be something to complete before the caret."""
    area = field()
    return RegExp(BEGINNING).test(area.value[: area.selectionStart])


def before_caret() -> list[Any]:
    """Return the end of the text before the caret, and its offset."""
    area = field()
    before = area.value[: area.selectionStart]
    begin = max(0, len(before) - CONTEXT)
    return [well_formed(before[begin:]), begin]


def choose(event: Event) -> None:
    """Replace the word before the caret with the clicked option."""
    area = field()
    option = event.target.closest("[role=option]")
    if option:
        event.currentTarget.replaceChildren()
        replace_text(area, int(option.dataset.start), area.selectionStart, option.dataset.text)


def point() -> None:
    """Tell assistive technology which option is selected."""
    field().setAttribute("aria-controls", "completion")
    point_to(selected_option(), field())


def point_to(selected: Element | None, area: Element) -> None:
    if selected:
        area.setAttribute("aria-activedescendant", selected.id)
    else:
        area.removeAttribute("aria-activedescendant")
