"""The format of each kind of state: the content of a file as a snapshot, and a line for each event since then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.events import DurableEvent
from chat.domain.messages.events import MessageEvent, MessagePosted, erases, numbered
from chat.domain.messages.history import History
from chat.storage.base import State
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.history.history_format import dump_event, dump_log, parse_event, parse_log
from chat.storage.json_files.validation import Unreadable, first_problem, parse_versioned

S = TypeVar("S", bound=State)

VERSION = 1  # of a line
MIN_LINES, MAX_LINES = 100, 1000  # a line of a message takes 300 bytes, in a snapshot 80

_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(DurableEvent)}


@dataclass(frozen=True, slots=True)
class StateFormat(Generic[S]):
    """The file and the lines of a kind of state. `number` gives an event its number, if it keeps one.

    After `max_lines`, a snapshot takes their place.
    """

    file: FileFormat[S]
    dump: Callable[[Any], bytes]
    parse: Callable[[bytes], Any]
    number: Callable[[Any, int], Any]
    max_lines: int = MAX_LINES


def plain_format(file: FileFormat[S]) -> StateFormat[S]:
    """Return the format of a state whose events keep no numbers."""
    return StateFormat(file, _dump_line, _parse_line, lambda event, number: event)


def message_format(limit: int) -> StateFormat[History]:
    """Return the format of a history of so many messages."""

    def parse(content: bytes) -> History:
        found = parse_log(content)
        return History(limit, found.messages, found.topic, found.last)

    def dump(history: History, _events: Sequence[MessageEvent]) -> bytes:
        return b"".join(dump_log(history))

    file = FileFormat(lambda: History(limit), parse, dump, HistoryUnwritable, erases)
    max_lines = min(max(limit, MIN_LINES), MAX_LINES)
    return StateFormat(file, dump_event, lambda line: parse_event(line)[1], numbered, max_lines)


def said_at(events: Sequence[Any]) -> int | None:
    """Return when the last message among these events was written, in milliseconds."""
    posted = [event.message for event in events if isinstance(event, MessagePosted)]
    return in_ms(posted[-1].at) if posted else None


def last_said_at(state: State) -> int | None:
    """Return when the last message of a history was written, in milliseconds; None for another kind of state."""
    message = next(reversed(state), None) if isinstance(state, History) else None
    return in_ms(message.at) if message else None


def in_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _dump_line(event: DurableEvent) -> bytes:
    kind = type(event).__name__
    content = _ADAPTERS[kind].dump_json(event, exclude_defaults=True)
    return b'{"version":%d,"kind":"%s",%s' % (VERSION, kind.encode(), content[1:])


def _parse_line(line: bytes) -> DurableEvent:
    """Raises `Unreadable`, or `StartupError` for an unknown kind or version."""
    _, content = parse_versioned(line, VERSION)
    kind = str(content.get("kind"))
    if kind not in _ADAPTERS:
        raise StartupError(f"{kind[:40]!r} is a kind of event that this program does not know")
    try:
        event: DurableEvent = _ADAPTERS[kind].validate_json(line)
    except ValidationError as problem:
        raise Unreadable(first_problem(problem)) from None
    return event
