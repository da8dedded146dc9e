"""The browser's own names, which mean something only there; `dom.pyi` declares them for mypy."""


def __getattr__(name: str) -> type:
    return object
