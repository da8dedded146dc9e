"""In the browser: the filter above the links to many rooms, and the keys among them."""

from chat.ui.browser.dom import Element, Event, KeyboardEvent, RegExp, Text
from chat.ui.browser.page import every

ACCENT = "[\u0300-\u036f]"


def filter_rooms(rooms: Element) -> None:
    """Show the rooms whose names contain what is typed, regardless of case and accents."""
    area = rooms.querySelector(".room-filter")  # which comes after the page's own links
    typed = folded(area.value.trim()) if area else ""
    for row in every(rooms, "li"):
        row.hidden = typed != "" and typed not in folded(row.textContent)


def filter_typed(event: Event) -> None:
    filter_rooms(event.currentTarget)


def move_in_rooms(event: KeyboardEvent) -> None:
    """Move between the links with the up and down arrows. `/` leads to the filter, Enter from there to the first room.

    Escape empties the filter; from an empty one it returns to the field (`walk`).
    """
    rooms, here = event.currentTarget, event.target.closest("li a")
    area = room_filter(rooms)
    is_filtering = event.target is area
    links = [link for link in every(rooms, "li a") if link.checkVisibility()]
    at = links.index(here) if here else -1
    steps = {"ArrowDown": at + 1, "ArrowUp": at - 1}
    if hasattr(steps, event.key) and links and (here or is_filtering):
        links[max(0, min(len(links) - 1, steps[event.key]))].focus()
    elif event.key == "/" and not is_filtering and area.checkVisibility():
        area.focus()
    elif is_filtering and event.key == "Enter" and links:
        links[0].click()
    elif is_filtering and event.key == "Escape" and area.value:
        empty_filter(rooms)
    else:
        return
    event.preventDefault()


def end_filter(event: Event) -> None:
    """Show all rooms again when one was chosen."""
    if event.target.closest("li a"):
        empty_filter(event.currentTarget)


def empty_filter(rooms: Element) -> None:
    room_filter(rooms).value = ""
    filter_rooms(rooms)


def room_filter(rooms: Element) -> Element:
    found = rooms.querySelector(".room-filter")
    assert found
    return found


def folded(text: Text) -> str:
    letters = text.normalize("NFD").lower()
    return "".join([letter for letter in letters if not RegExp(ACCENT).test(letter)])
