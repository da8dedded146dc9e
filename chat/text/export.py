"""Exports the history as plain text, Markdown, JSON or CSV. Times are in UTC."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from chat.domain.messages.message import Kind, Message
from chat.domain.text.cleaning import is_visible

# A spreadsheet would run cells that begin so as formulas (OWASP, CSV injection); compared in compatibility form (NFKC),
# as Excel in Chinese, Japanese and Korean takes full-width signs for plain ones.
_FORMULA_SIGNS = frozenset("=+-@\u2212")
# Excel parts cells at semicolons in half of Europe, whatever is in quotes, and anyone may choose another separator.
_SEPARATORS = re.compile("([;|\uff1b\uff5c\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+)")
_LINE_END = re.compile("[\n\u2028\u2029]")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Format:
    """A format of the transcript, with its usual name. `render` yields it piece by piece."""

    name: str
    media_type: str
    render: Callable[[str, Iterable[Message]], Iterator[str]]


def as_text(title: str, messages: Iterable[Message]) -> Iterator[str]:
    """Write a paragraph for each message, with further lines indented."""
    yield f"{title}\n\n"
    for message in messages:
        yield f"[{_time(message)}] {_line(message, '    ')}\n"


def as_markdown(title: str, messages: Iterable[Message]) -> Iterator[str]:
    """Write a list item for each message, with its text shown literally."""
    yield f"# {_escape_markdown(title)}\n\n"
    for message in messages:
        text = "  \n  ".join(_escape_markdown(line) for line in message.text.split("\n"))
        is_action = message.kind is Kind.ACTION
        content = f"*{_escape_markdown(message.name)} {text}*" if is_action else text
        to = f" to {_escape_markdown(message.reply.name)}" if message.reply else ""
        head = f"- **{_escape_markdown(message.name)}**{to} ({_time(message)}):"
        yield _joined(head, content, _escape_markdown(_notes(message))) + "\n"


def as_json(title: str, messages: Iterable[Message]) -> Iterator[str]:
    """Write the title and all fields of the messages."""
    yield f'{{\n  "title": {json.dumps(title, ensure_ascii=False)},\n  "messages": ['
    separator = ""
    for message in messages:
        row = json.dumps(asdict(message), ensure_ascii=False, indent=2, default=_to_json)
        yield f"{separator}\n    " + row.replace("\n", "\n    ")
        separator = ","
    yield "\n  ]\n}\n"


def as_csv(title: str, messages: Iterable[Message]) -> Iterator[str]:
    """Write a row for each message: at, name, kind, text with files. Excel takes it for UTF-8 by the BOM."""
    yield _BOM + _csv_row("at", "name", "kind", "text")
    for message in messages:
        name, text = _escape_formula(message.name), _escape_formula(_joined(message.text, _files(message)))
        yield _csv_row(_time(message), name, str(message.kind), text)


FORMATS = {
    "txt": Format("Text", "text/plain", as_text),
    "md": Format("Markdown", "text/markdown", as_markdown),
    "json": Format("JSON", "application/json", as_json),
    "csv": Format("CSV", "text/csv", as_csv),
}


def _csv_row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _time(message: Message) -> str:
    return message.at.strftime("%Y-%m-%d %H:%M:%SZ")


def _line(message: Message, indent: str) -> str:
    text = _LINE_END.sub(lambda end: end[0] + indent, message.text)
    to = f" (to {message.reply.name})" if message.reply else ""
    head = f"* {message.name}" if message.kind is Kind.ACTION else f"{message.name}{to}:"
    return _joined(head, text, _notes(message))


def _notes(message: Message) -> str:
    """Return the notes after a message: files, edited, reactions."""
    reactions = " ".join(f"{emoji} {len(names)}" for emoji, names in message.reactions.items())
    return _joined(_files(message), "(edited)" if message.edited else "", f"[{reactions}]" if reactions else "")


def _files(message: Message) -> str:
    """Return the names and descriptions of the files."""
    names = (f"{file.name}: {file.alt}" if file.alt else file.name for file in message.attachments)
    return " ".join(f"[{name}]" for name in names)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _to_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"can't write {type(value).__name__} as JSON")


def _escape_markdown(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return "&nbsp;" * indent + re.sub(r"([\\`*_{}\[\]()<>#+=.!|~&-])", r"\\\1", text[indent:])


def _escape_formula(cell: str) -> str:
    pieces = _SEPARATORS.split(cell)
    escaped = "".join(f"'{piece}" if _is_formula(piece) else piece for piece in pieces)
    return f"'{escaped}" if cell.startswith(("\t", "\r")) else escaped


def _is_formula(piece: str) -> bool:
    first = next((character for character in piece if is_visible(character) and character != '"'), "")
    return first != "" and unicodedata.normalize("NFKC", first)[0] in _FORMULA_SIGNS
