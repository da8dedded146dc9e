"""In the browser: days (by the viewer's own calendar), gaps and the unread line between the messages."""

from chat.ui.browser.dom import Date, Element, Event, Intl, document, setTimeout
from chat.ui.browser.page import every, is_reading, message, message_list, until_left

DAY = 24 * 60 * 60 * 1000  # milliseconds


def keep_dividing(messages: Element) -> None:
    """Divide the messages again when a new day begins, and show the date while the member reads further up."""

    def on_midnight() -> None:
        if messages.isConnected:
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
    document.addEventListener("visibilitychange", on_visibility, until_left())


def divide(messages: Element) -> None:
    """Put the date above the first message of each day.

    That message, the first after a gap and the first unread one show their author even within a run of messages
    (`data-head`). Most messages have nothing to change: with a thousand, each step costs a millisecond.
    """
    today, day, is_apart = midnight(Date()), 0, True
    unread = message(messages.dataset.unread)
    for element in every(messages, "article, .gap"):
        if not hasattr(element, "day"):
            if element.matches(".gap"):
                is_apart = True
                continue
            element.day = day_of(element)
        is_new_day = element.day > day
        if is_new_day or is_apart or element is unread or hasattr(element, "was_head"):
            day = max(day, element.day)
            put_date(element, words(day, today) if is_new_day else "")
            set_attribute(element, "data-new", messages.dataset.new if element is unread else "")
            set_attribute(element, "data-head", "head" if is_new_day or is_apart or element is unread else "")
            element.was_head, is_apart = True, False
    float_date()


def day_of(article: Element) -> int:
    """Return the midnight before a message, in milliseconds."""
    time = article.querySelector("relative-time")
    assert time
    return midnight(Date(time.getAttribute("datetime")))


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


def set_attribute(article: Element, name: str, value: str) -> None:
    """Set an attribute, or remove it if the value is empty."""
    if not value:
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
        if box.bottom <= top:
            shown = date.textContent
        elif box.top <= top + 2 * box.height:
            shown = ""
    if floating and floating.textContent != shown:
        floating.textContent = shown
