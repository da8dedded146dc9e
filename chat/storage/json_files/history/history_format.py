"""History and events as JSON: the content of `chat_log.json`, and the lines of the journal beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any, get_args

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from chat.domain.errors import StartupError
from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import (
    MessageEdited,
    MessageEvent,
    MessagePosted,
    PreviewAdded,
    ReactionAdded,
    ReactionRemoved,
    numbered,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.storage.json_files.history.history_migration import upgrade_event, upgrade_log
from chat.storage.json_files.validation import Unreadable, first_problem, in_utc, parse_file, parse_versioned

VERSION = 6  # version 4 had no files, version 5 no previews of links
NUMBERED_SINCE = 4
MESSAGES_PER_CHUNK = 200

_ID = re.compile(r"[\w.:@+-]{0,200}")
_CONTENT = re.compile(r"([0-9a-f]{64})?")
_TYPE = re.compile(r" ?[\w.+-]{1,60}/[\w.+-]{1,100}", re.ASCII)  # one type used to have a space
_LINK = re.compile(r"(https?://[^\s\"<>]+)?")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{0,2000}")
_NUMBERS: Any = {"number": True, "message": {"number"}}
_EMOJI = re.compile(r"[^\s\x00-\x1fA-Za-z<>&\"'`\\]{1,40}")
_MESSAGES = TypeAdapter(Message)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(MessageEvent)}


class ChatLog(BaseModel):
    """The content of `chat_log.json`. `last` is the number of the last event that is in it.

    A file of an earlier version gets new numbers; `last_of_earlier_journal` is that event's old one. A file of this
    version contains all events of an earlier version's journal.
    """

    model_config = ConfigDict(extra="forbid")

    version: int
    last: Annotated[int, Field(strict=True, ge=0)]
    last_of_earlier_journal: int | None = Field(None, exclude=True)
    topic: str = ""
    messages: list[Message]

    def has(self, number: int, event: MessageEvent) -> bool:
        """Tell whether a line of the journal is in the file."""
        if event.number:
            return event.number <= self.last
        return self.last_of_earlier_journal is None or number <= self.last_of_earlier_journal


def empty_log() -> ChatLog:
    """Return the content of a file that isn't there: every line of a journal is new to it."""
    return ChatLog(version=VERSION, last=0, last_of_earlier_journal=0, messages=[])


class _Head(BaseModel):
    n: Annotated[int, Field(strict=True, ge=1)]
    kind: str


class LogDumper:
    """Dumps histories, one after another. If it `remembers`, messages that didn't change are not dumped again."""

    def __init__(self, *, remembers: bool = True) -> None:
        self._remembers = remembers
        self._known: dict[str, tuple[Message, bytes]] = {}

    def dump(self, history: History) -> Iterator[bytes]:
        """Yield the content of the file in chunks: dumping many messages in one go would hold the GIL for long."""
        messages = list(history)
        head = ChatLog(version=VERSION, last=history.last, topic=history.topic, messages=[])
        yield head.model_dump_json(indent=2, exclude_defaults=True).encode().removesuffix(b"]\n}")
        before, self._known = self._known, {}
        for start in range(0, len(messages), MESSAGES_PER_CHUNK):
            chunk = self._dump_messages(messages[start : start + MESSAGES_PER_CHUNK], before)
            yield b"," + chunk if start else chunk
        yield b"\n  ]\n}\n" if messages else b"]\n}\n"

    def _dump_messages(self, messages: list[Message], before: dict[str, tuple[Message, bytes]]) -> bytes:
        dumped = {
            message.id: known
            if (known := before.get(message.id)) and known[0] is message
            else (message, _dump_message(message))
            for message in messages
        }
        if self._remembers:
            self._known |= dumped
        return b",".join([content for _, content in dumped.values()])


def dump_log(history: History) -> Iterator[bytes]:
    """Yield the content of the file in chunks."""
    return LogDumper(remembers=False).dump(history)


def _dump_message(message: Message) -> bytes:
    content = _MESSAGES.dump_json(message, indent=2, exclude_defaults=True)
    return b"\n    " + content.replace(b"\n", b"\n    ")


def parse_log(data: bytes) -> ChatLog:
    """Parse the file, written by `dump_log` or by hand. Raises `Unreadable`, or `StartupError` for a newer version."""
    found = parse_file(data, ChatLog, VERSION, upgrade_log)
    return found.model_copy(update={"messages": [_message_in_utc(message) for message in found.messages]})


def dump_event(event: MessageEvent) -> bytes:
    """Return a line for the journal."""
    kind = type(event).__name__
    content = _ADAPTERS[kind].dump_json(event, exclude_defaults=True, exclude=_NUMBERS)
    return b'{"n":%d,"version":%d,"kind":"%s",%s\n' % (event.number, VERSION, kind.encode(), content[1:])


def parse_event(line: bytes) -> tuple[int, MessageEvent]:
    """Return the number of a line and its event; events of earlier versions get a new number later.

    Raises `Unreadable`, or `StartupError` for an unknown kind or version.
    """
    version, content = parse_versioned(line, VERSION)
    try:
        head = _Head.model_validate_json(line)
        if version < VERSION:
            content = upgrade_event(version, content)
            line = orjson.dumps(content)
        kind = str(content["kind"])
        if kind not in _ADAPTERS:
            raise StartupError(f"{kind[:40]!r} is a kind of event that this program does not know")
        event = _event_in_utc(_ADAPTERS[kind].validate_json(line))
        return head.n, event if version < NUMBERED_SINCE else numbered(event, head.n)
    except ValidationError as problem:
        raise Unreadable(first_problem(problem)) from None
    except KeyError as problem:
        raise Unreadable(f"{problem.args[0]} is missing") from None


def _event_in_utc(event: MessageEvent) -> MessageEvent:
    if isinstance(event, MessagePosted):
        return replace(event, message=_message_in_utc(event.message))
    if isinstance(event, ReactionAdded | ReactionRemoved):
        _check_shapes([event.message_id, event.member_id], [event.emoji])
        return event
    if isinstance(event, MessageEdited | PreviewAdded):
        _check_link(event.link)
    if isinstance(event, PreviewAdded) and event.preview.picture:
        _check_file(event.preview.picture)
    return replace(event, at=in_utc(event.at))


def _message_in_utc(message: Message) -> Message:
    reactors = (member for members in message.reactions.values() for member in members)
    quoted = (message.reply.id, message.reply.author) if message.reply else ()
    _check_shapes([message.id, message.author, *quoted, *message.mentions.values(), *reactors], message.reactions)
    for file in message.files:
        _check_file(file)
    _check_link(message.link)
    return replace(message, at=in_utc(message.at), edited=message.edited and in_utc(message.edited))


def _check_shapes(ids: Iterable[str], emojis: Iterable[str]) -> None:
    """Raise `Unreadable` for an id or an emoji that the program can't have written: pages use them as they are."""
    for value in ids:
        if not _ID.fullmatch(value):
            raise Unreadable(f"{value[:40]!r} is not an id")
    for value in emojis:
        if not _EMOJI.fullmatch(value):
            raise Unreadable(f"{value[:40]!r} is not an emoji")


def _check_file(file: Attachment) -> None:
    """Raise `Unreadable` for values that are unsafe in a path, a header or a page."""
    fields = ((_CONTENT, file.content), (_TYPE, file.type), (_BASE64, file.placeholder))
    numbers = file.size, file.width, file.height
    is_possible = min(numbers) >= 0 and (file.width > 0) == (file.height > 0)
    if not is_possible or not all(pattern.fullmatch(value) for pattern, value in fields):
        raise Unreadable(f"{file.name[:40]!r} is not a file of this chat")


def _check_link(link: str) -> None:
    """Raise `Unreadable` unless this is a link to a web page."""
    if not _LINK.fullmatch(link):
        raise Unreadable(f"{link[:40]!r} is not a link to a page")
