"""In the browser: texts that outlive a reload.

If the browser's storage is full or forbidden, they stay in the memory of the page, and the page says that they won't
outlive it (`data-unsaved` of the root element, see the style sheet).
"""

from chat.ui.browser.dom import BeforeUnloadEvent, Object, Storage, addEventListener, document, window

LOCAL, SESSION = "localStorage", "sessionStorage"  # kept for all tabs; for this one


def prepare() -> None:
    """Give the page a memory, and a stand-in for a forbidden storage to the scripts that need one."""
    window.unsaved, window.attached = {}, {}
    for kind in [LOCAL, SESSION]:
        if storage(kind) is None:
            Object.defineProperty(window, kind, {"value": {}})
    addEventListener("beforeunload", ask_before_leaving)


def storage(kind: str) -> Storage | None:
    """Return a storage; browsers that forbid it raise an error already here."""
    try:
        found: Storage = getattr(window, kind)
        return found
    except Exception:
        return None


def keep(kind: str, name: str, text: str) -> None:
    try:
        getattr(window, kind).setItem(name, text)
        del window.unsaved[name]
    except Exception:
        window.unsaved[name] = text
    say_if_unsaved()


def kept(kind: str, name: str) -> str | None:
    if hasattr(window.unsaved, name):
        return window.unsaved[name]
    try:
        text: str | None = getattr(window, kind).getItem(name)
    except Exception:
        return None
    return text


def drop(kind: str, name: str) -> None:
    del window.unsaved[name]
    say_if_unsaved()
    found = storage(kind)
    if found and hasattr(found, "removeItem"):
        found.removeItem(name)


def names(kind: str, prefix: str) -> list[str]:
    """Return the names that begin with a prefix, sorted."""
    found = Object.keys(Object.assign({}, getattr(window, kind), window.unsaved))
    return sorted([name for name in found if name.startswith(prefix)])


def say_if_unsaved() -> None:
    data = document.documentElement.dataset
    if Object.keys(window.unsaved):
        data.unsaved = "true"
    else:
        del data.unsaved


def ask_before_leaving(event: BeforeUnloadEvent) -> None:
    """Let the browser ask before it leaves or reloads a page whose texts would be lost."""
    if Object.keys(window.unsaved):
        event.preventDefault()
