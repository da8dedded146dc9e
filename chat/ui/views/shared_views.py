"""Views that pages share: one for each language, or for each room and language, while a page shows it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, Protocol, TypeVar

LINGER = 30.0  # seconds


class View(Protocol):
    """Something that follows the chat until it is closed."""

    def close(self) -> None: ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=View)


class SharedViews(Generic[K, V]):
    """Views by key; `build` makes one from its key."""

    def __init__(self, build: Callable[[K], V]) -> None:
        self._build = build
        self._views: dict[K, V] = {}
        self._uses = Counter[K]()

    def __len__(self) -> int:
        return len(self._views)

    def __iter__(self) -> Iterator[V]:
        return iter(list(self._views.values()))

    def open(self, key: K) -> V:
        """Return a view, which lasts until `close` was called as often as this."""
        if key not in self._views:
            self._views[key] = self._build(key)
        self._uses[key] += 1
        return self._views[key]

    def close(self, key: K) -> None:
        """End one use of a view. An unused view stays for a moment, in case that a page comes back."""
        self._uses[key] -= 1
        if not self._uses[key]:
            asyncio.get_running_loop().call_later(LINGER, self._drop_unused, key)

    def _drop_unused(self, key: K) -> None:
        if key in self._views and not self._uses[key]:
            del self._uses[key]
            self._views.pop(key).close()
