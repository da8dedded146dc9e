"""In the browser: the menu of a message, as a popover beside its button, or as a sheet for fingers."""

from chat.ui.browser.dom import Element, Event, document
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.messages.acting import anchor_popover, place_popover
from chat.ui.browser.messages.copying import copy_and_say, copy_source
from chat.ui.browser.page import every, form, is_touch_screen, message, the

FULL_DATE = {"weekday": "short", "year": "numeric", "month": "long", "day": "numeric"}


def message_of(button: Element) -> str:
    """Return the id of the message that a button acts on, or nothing."""
    place = button.closest("article, #actions")
    if not place:
        return ""
    return place.id[2:] if place.matches("article") else place.dataset.message


async def run_here(command: str, button: Element) -> None:
    """Carry out the browser's part of a command: open or close the menu, copy."""
    menu, article = button.closest("#actions"), button.closest("article")
    if command == "--more" and article:
        open_menu(article, is_touch_screen())
    elif menu:
        close_menu()
        if command == "--copy-text":
            await copy_source(menu.dataset)
        elif command == "--copy-link":
            await copy_and_say(f"{document.baseURI}{form().dataset.path}#m-{menu.dataset.message}")


def open_menu(article: Element, is_sheet: bool) -> None:
    """Open the menu of a message: with all actions as a sheet, or if the toolbar has no room for the others.

    By the message's author, the viewer's style sheet knows which actions they have.
    """
    menu, more = the("#actions"), article.querySelector(".acts .more")
    react = article.querySelector(".acts [command='--react']")
    is_whole = is_sheet or not (react and react.checkVisibility())
    del menu.dataset.text
    menu.dataset.message, menu.dataset.author = article.id[2:], article.dataset.author
    menu.dataset.kind = "whole" if is_whole else "rest"
    describe(article)
    article.dataset.acting = "yes"
    if is_sheet or not more:
        menu.showModal()
        return
    anchor_popover(more)
    menu.showPopover()
    place_popover()


def describe(article: Element) -> None:
    """Show the time of a message, and its reactions with names."""
    details = the("#actions .details")
    shown = every(article, ":scope > :is(relative-time, .when, .reactions)")
    details.replaceChildren(*[element.cloneNode(True) for element in shown])
    for time in every(details, "relative-time"):
        for name, value in FULL_DATE.items():
            time.setAttribute(name, value)


def close_menu() -> None:
    menu = the("#actions")
    if menu.matches(":popover-open"):
        menu.hidePopover()
    else:
        menu.close()


def end_menu(event: Event) -> None:
    """Unmark the message once its menu is closed, or the reactions."""
    if event.type == "close" or event.newState == "closed":
        for article in every(document, "article[data-acting]"):
            del article.dataset.acting
        rest_focus()


def leave_with_message(messages: Element) -> None:
    """Close the menu of a message that is gone."""
    menu = document.querySelector("#actions:is([open], :popover-open)")
    if menu and not message(menu.dataset.message):
        close_menu()


def offer_source(message_id: str, source: str) -> None:
    """Keep the text of a message as it was typed: browsers copy only what is there at the click."""
    data = the("#actions").dataset
    if data.message == message_id:
        data.text = source
