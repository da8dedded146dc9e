"""In the browser: coming back after a lost connection."""

from chat.ui.browser.dom import ConnectError, Date, Math, document, performance, setTimeout, window

FIRST_WAIT, WAIT, LONG_WAIT = 300, 700, 5000  # milliseconds at most between two attempts, with jitter
CALM = 2000  # milliseconds at most until a refused page loads or tries again: not all at the same time
BETWEEN_RELOADS = 15_000  # milliseconds
ATTEMPT = 5000  # milliseconds after which an attempt is given up
SOON = 30_000  # milliseconds during which the short pause holds


def reconnect_quickly() -> None:
    """Have Socket.IO look for the server more often for half a minute, and less often afterwards.

    NiceGUI makes the socket once all elements are mounted.
    """
    setTimeout(tune, 0)


def tune() -> None:
    manager = window.socket.io
    lost = {"at": Date.now()}
    manager.reconnectionDelay(FIRST_WAIT)
    manager.reconnectionDelayMax(WAIT)
    manager.timeout(ATTEMPT)

    def on_lost(reason: str) -> None:
        lost["at"] = Date.now()
        manager.reconnectionDelayMax(WAIT)

    def on_attempt(number: int) -> None:
        bring_record()
        if Date.now() - lost["at"] > SOON:
            manager.reconnectionDelayMax(LONG_WAIT)

    def on_error(error: ConnectError) -> None:
        if error.message == "Implicit handshake failed":  # there is no such page, and it can't be built again
            setTimeout(connect if was_just_reloaded() else reload, some(CALM))
        elif error.message == "Try again":
            setTimeout(connect, some(CALM))
        elif error.message == "Cookies needed":
            document.documentElement.dataset.cookies = "none"

    window.socket.on("disconnect", on_lost)
    manager.on("reconnect_attempt", on_attempt)
    # NiceGUI's own listener reloads the page if an attempt takes too long: without a network, that leaves no page.
    window.socket.off("connect_error")
    window.socket.on("connect_error", on_error)


def bring_record() -> None:
    """Bring along what the server needs to build the page again, if it doesn't have it.

    Messages after the newest one here are unread.
    """
    record, articles = document.getElementById("page-record"), document.querySelectorAll(".log article")
    if record:
        query = window.socket.io.opts.query
        query.page = record.value
        query.newest = articles[articles.length - 1].id[2:] if articles.length else ""


def connect() -> None:
    """Try again after the server has refused to connect: Socket.IO wouldn't."""
    bring_record()
    window.socket.connect()


def reload() -> None:
    window.location.reload()


def was_just_reloaded() -> bool:
    """Whether loading again has just not helped: a balancer may lead to servers of different versions."""
    entries = performance.getEntriesByType("navigation")
    return bool(entries and entries[0].type == "reload" and performance.now() < BETWEEN_RELOADS)


def some(milliseconds: int) -> int:
    return int(Math.random() * milliseconds)
