"""In the browser: the focus on the moderation page, whose sections are rendered again after each change."""

from chat.ui.browser.dom import JSON, Element, Event
from chat.ui.browser.page import every, focus, is_focus_lost


def note_control(event: Event) -> None:
    """Note which control of which section has the focus."""
    section = event.target.closest("section")
    assert section
    note = [section.firstElementChild.textContent, event.target.outerHTML]
    event.currentTarget.dataset.focused = JSON.stringify(note)


def return_to_control(sections: Element) -> None:
    """If nothing has the focus, give it to the control that had it last, or else to the heading of its section."""
    if not is_focus_lost() or not hasattr(sections.dataset, "focused"):
        return
    name, html = JSON.parse(sections.dataset.focused)
    for section in every(sections, "section"):
        heading = section.firstElementChild
        same = [control for control in every(section, "button, a") if control.outerHTML == html]
        if heading.textContent == name and same:
            same[0].focus({"preventScroll": True})
        elif heading.textContent == name:
            focus(heading)
