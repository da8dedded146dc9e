"""The format of a state as the content of a file, in a folder or in an engine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chat.domain.errors import ChatError
from chat.storage.base import State

S = TypeVar("S", bound=State)


def _nothing(event: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class FileFormat(Generic[S]):
    """The functions that parse and dump a state.

    `dump` gets the state and the events that led to it; it runs in a thread. `parse` raises `Unreadable`, or
    `StartupError` for a newer version. Events for which `erases` is true leave nothing of what they removed. A failed
    write raises `problem`.
    """

    empty: Callable[[], S]
    parse: Callable[[bytes], S]
    dump: Callable[[S, Sequence[Any]], bytes]
    problem: type[ChatError]
    erases: Callable[[Any], bool] = _nothing
