"""In the browser: coming back after a lost connection."""

from chat.ui.browser.dom import ConnectError, Date, document, setTimeout, window

FIRST_WAIT, WAIT, LONG_WAIT = 300, 700, 5000  # milliseconds at most between two attempts, with jitter
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
        if Date.now() - lost["at"] > SOON:
            manager.reconnectionDelayMax(LONG_WAIT)

    def on_error(error: ConnectError) -> None:
        if error.message == "Implicit handshake failed":  # the server was restarted, or the cookie is another one
            window.location.reload()
        elif error.message == "Cookies needed":
            document.documentElement.dataset.cookies = "none"

    window.socket.on("disconnect", on_lost)
    manager.on("reconnect_attempt", on_attempt)
    # NiceGUI's own listener reloads the page if an attempt takes too long: without a network, that leaves no page.
    window.socket.off("connect_error")
    window.socket.on("connect_error", on_error)
