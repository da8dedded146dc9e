"""In the browser: days (by the viewer's own calendar), gaps and the unread line between the messages."""

from chat.ui.browser.dom import Date, Element, Event, Intl, document, setTimeout
from chat.ui.browser.page import every, is_reading, message_list

DAY = 24 * 60 * 60 * 1000  # milliseconds


def keep_dividing(messages: Element) -> None:
    """Divide the messages again when a new day begins, and show the date while the member reads further up."""

    def on_midnight() -> None:
        divide(messages)
        wait_for_midnight()

    def wait_for_midnight() -> None:
        now = Date()
        tomorrow = Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
        setTimeout(on_midnight, tomorrow.getTime() - now.getTime())

    def on_visibility(event: Event) -> None:
        # A device that slept missed midnight.
        divide(messages)

    wait_for_midnight()
    messages.addEventListener("scroll", lambda event: float_date())
    document.addEventListener("visibilitychange", on_visibility)


def divide(messages: Element) -> None:
    """Put the date above the first message of each day.

    That message, the first after a gap and the first unread one show their author even within a run of messages
    (`data-head`).
    """
    today, day, is_apart = midnight(Date()), 0, True
    for element in every(messages, "article, .gap"):
        if element.matches(".gap"):
            is_apart = True
            continue
        own_day = day_of(element)
        is_unread = element.id == f"m-{messages.dataset.unread}"
        put_date(element, words(own_day, today) if own_day != day else "")
        set_attribute(element, "data-head", is_apart or is_unread or own_day != day, "")
        set_attribute(element, "data-new", is_unread, messages.dataset.new)
        day, is_apart = own_day, False
    float_date()


def day_of(article: Element) -> int:
    """Return the midnight before a message, in milliseconds; computed once."""
    time = None if hasattr(article, "day") else article.querySelector("relative-time")
    if time:
        article.day = midnight(Date(time.getAttribute("datetime")))
    return article.day


def midnight(at: Date) -> int:
    return Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()


def words(day: int, today: int) -> str:
    """Return a day in the page's language: today, yesterday, or the date."""
    language = document.documentElement.lang
    ago = round((today - day) / DAY)  # not all days have 24 hours
    if ago in [0, 1]:
        return Intl.RelativeTimeFormat(language, {"numeric": "auto"}).format(-ago, "day")
    options = {"weekday": "long", "month": "long", "day": "numeric"}
    if Date(day).getFullYear() != Date(today).getFullYear():
        options["year"] = "numeric"
    return Date(day).toLocaleDateString(language, options)


def put_date(article: Element, text: str) -> None:
    """Show a date above a message, or none."""
    date = article.firstElementChild
    has_date = date.matches(".day")
    if not text:
        if has_date:
            date.remove()
        return
    if not has_date:
        date = document.createElement("div")
        date.className = "day"
        article.prepend(date)
    if date.textContent != text:
        date.textContent = text


def set_attribute(article: Element, name: str, is_set: bool, value: str) -> None:
    if not is_set:
        article.removeAttribute(name)
    elif article.getAttribute(name) != value:
        article.setAttribute(name, value)


def float_date() -> None:
    """Show the date of the first message in sight, if that is further up and its own date is out of sight.

    Not where it would touch the next one.
    """
    floating, shown = document.querySelector("#day"), ""
    top = message_list().getBoundingClientRect().top
    for date in every(message_list(), ".day") if is_reading() else []:
        box = date.getBoundingClientRect()
        if box.top <= top:
            shown = date.textContent
        elif box.top <= top + 2 * box.height:
            shown = ""
    if floating and floating.textContent != shown:
        floating.textContent = shown
