"""How history and facts look as JSON: the content of `chat_log.json`, and the lines of the journal beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.domain.errors import StartupError
from chat.domain.events import (
    AuthorAnonymized,
    DurableEvent,
    HistoryCleared,
    MessageEdited,
    MessagePosted,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.storage.json_files.atomic_file import Unreadable

VERSION = 2
SLICE = 200

_EVENTS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(DurableEvent)}


class ChatLog(BaseModel):
    """The content of `chat_log.json`. `folded` is the number of the last fact of the journal that is in it."""

    model_config = ConfigDict(extra="forbid")

    version: int
    folded: int = 0
    topic: str = ""
    messages: list[Message]


class _Versioned(BaseModel):
    version: int


class _Line(BaseModel):
    n: Annotated[int, Field(strict=True, ge=1)]
    kind: str


def dump_log(history: History, folded: int) -> Iterator[bytes]:
    """The content of the file, in pieces: whoever dumps many messages in a thread holds up the others for one piece."""
    messages = list(history)
    head = _dump(ChatLog(version=VERSION, folded=folded, topic=history.topic, messages=messages[:SLICE]))
    if len(messages) <= SLICE:
        yield head + b"\n"
        return
    yield head.removesuffix(b"\n  ]\n}")
    bare = _dump(ChatLog(version=VERSION, messages=[])).removesuffix(b"]\n}")
    for start in range(SLICE, len(messages), SLICE):
        piece = _dump(ChatLog(version=VERSION, messages=messages[start : start + SLICE]))
        yield b"," + piece.removeprefix(bare).removesuffix(b"\n  ]\n}")
    yield b"\n  ]\n}\n"


def parse_log(data: bytes) -> ChatLog:
    """What `dump_log` or a person wrote, times in UTC. Raises `Unreadable`, or `StartupError` for a newer version."""
    try:
        _check_version(_Versioned.model_validate_json(data))
        found = ChatLog.model_validate_json(data)
    except ValidationError as problem:
        raise Unreadable(_first(problem)) from None
    return found.model_copy(update={"messages": [_message_in_utc(message) for message in found.messages]})


def dump_event(number: int, event: DurableEvent) -> bytes:
    """A line for the journal, with what kind of fact it is and its number."""
    kind = type(event).__name__
    content = _EVENTS[kind].dump_json(event, exclude_defaults=True)
    return b'{"n":%d,"version":%d,"kind":"%s",%s\n' % (number, VERSION, kind.encode(), content[1:])


def parse_event(line: bytes) -> tuple[int, DurableEvent]:
    """The number and the fact. Raises `Unreadable`, or `StartupError` for a kind or a version that is not known."""
    try:
        _check_version(_Versioned.model_validate_json(line))
        head = _Line.model_validate_json(line)
        if head.kind not in _EVENTS:
            raise StartupError(f"{head.kind[:40]!r} is a kind of fact that this program does not know")
        return head.n, _event_in_utc(_EVENTS[head.kind].validate_json(line))
    except ValidationError as problem:
        raise Unreadable(_first(problem)) from None


def _dump(content: ChatLog) -> bytes:
    return content.model_dump_json(indent=2, exclude_defaults=True).encode()


def _check_version(found: _Versioned) -> None:
    if found.version > VERSION:
        raise StartupError(f"version {found.version} is newer than this program, which knows up to {VERSION}")


def _event_in_utc(event: DurableEvent) -> DurableEvent:
    match event:
        case MessagePosted(message=message):
            return replace(event, message=_message_in_utc(message))
        case MessageEdited(at=at) | TopicChanged(at=at) | HistoryCleared(at=at) | AuthorAnonymized(at=at):
            return replace(event, at=_in_utc(at))
    return event


def _message_in_utc(message: Message) -> Message:
    return replace(message, at=_in_utc(message.at), edited=message.edited and _in_utc(message.edited))


def _in_utc(at: datetime) -> datetime:
    """A time that somebody may have written by hand, without a zone or in another one."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _first(problem: ValidationError) -> str:
    first = problem.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()
