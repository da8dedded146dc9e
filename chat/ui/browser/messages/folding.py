"""In the browser: long messages, folded to their beginning until the viewer wants the rest."""

from chat.ui.browser.dom import Element, Event
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.page import every, message, message_list


def toggle_fold(event: Event) -> None:
    """Unfold a message, whose beginning stays where it is, or fold it, and its button stays."""
    button, article = event.target.closest(".fold"), event.target.closest("article")
    if not button or not article:
        return
    is_folded = button.getAttribute("aria-expanded") == "false"
    held = article if is_folded else button
    top = held.getBoundingClientRect().top
    set_folded(article, not is_folded)
    message_list().scrollTop += held.getBoundingClientRect().top - top
    rest_focus()


def set_folded(article: Element, is_folded: bool) -> None:
    """Fold or unfold a message, and note that, since it may be rendered again."""
    others = [name for name in unfolded().split(" ") if name and name != article.id]
    message_list().dataset.unfolded = " ".join(others if is_folded else others + [article.id])  # noqa: RUF005 - PScript has no `*` in lists
    show_fold(article, is_folded)


def unfolded() -> str:
    """Return the ids of the elements of unfolded messages."""
    return getattr(message_list().dataset, "unfolded", "")


def show_fold(article: Element, is_folded: bool) -> None:
    for button in every(article, ".fold"):
        button.setAttribute("aria-expanded", "false" if is_folded else "true")


def keep_unfolded(messages: Element) -> None:
    """Unfold messages again that were rendered again, such as after a reaction."""
    for name in getattr(messages.dataset, "unfolded", "").split(" "):
        article = message(name[2:]) if name else None
        if article:
            show_fold(article, False)


def unfold_what_is_found(messages: Element) -> None:
    """Unfold a message when the browser scrolls within it: to a word found in the page, or to a link by Tab."""

    def on_scroll(event: Event) -> None:
        text, article = event.target, event.target.closest(".log article")
        if article and text.matches(".text") and text.scrollTop > 0:
            by, top = text.scrollTop, text.getBoundingClientRect().top
            text.scrollTop = 0
            set_folded(article, False)
            messages.scrollTop += text.getBoundingClientRect().top - top + by

    messages.addEventListener("scroll", on_scroll, True)
