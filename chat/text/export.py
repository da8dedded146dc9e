"""The history as a file to take away: plain text, Markdown, JSON or CSV. Times are in UTC."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from chat.domain.messages.message import Kind, Message

# A spreadsheet would run these as formulas (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Format:
    """One form of the transcript, by the name people know it under."""

    name: str
    media_type: str
    render: Callable[[str, Iterable[Message]], str]


def as_text(title: str, messages: Iterable[Message]) -> str:
    """One paragraph a message, continued lines indented."""
    return f"{title}\n\n" + "".join(f"[{_time(m)}] {_line(m, '    ')}\n" for m in messages)


def as_markdown(title: str, messages: Iterable[Message]) -> str:
    """One list item a message, with everything typed shown literally."""
    lines = [f"# {_literal(title)}\n"]
    for message in messages:
        text = "  \n  ".join(_literal(line) for line in message.text.split("\n"))
        said = f"*{_literal(message.name)} {text}*" if message.kind is Kind.ACTION else text
        to = f" to {_literal(message.reply.name)}" if message.reply else ""
        space, notes = _notes(message)[:1], _literal(_notes(message)[1:])
        lines.append(f"- **{_literal(message.name)}**{to} ({_time(message)}): {said}{space}{notes}")
    return "\n".join(lines) + "\n"


def as_json(title: str, messages: Iterable[Message]) -> str:
    """The title and a list of messages with all they have."""
    rows = [asdict(message) for message in messages]
    return json.dumps({"title": title, "messages": rows}, ensure_ascii=False, indent=2, default=_as_json) + "\n"


def as_csv(title: str, messages: Iterable[Message]) -> str:
    """One row a message: at, name, kind, text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["at", "name", "kind", "text"])
    table.writerows([_time(m), _harmless(m.name), str(m.kind), _harmless(m.text)] for m in messages)
    return out.getvalue()


FORMATS = {
    "txt": Format("Text", "text/plain", as_text),
    "md": Format("Markdown", "text/markdown", as_markdown),
    "json": Format("JSON", "application/json", as_json),
    "csv": Format("CSV", "text/csv", as_csv),
}


def _time(message: Message) -> str:
    return message.at.strftime("%Y-%m-%d %H:%M:%SZ")


def _line(message: Message, indent: str) -> str:
    text = message.text.replace("\n", "\n" + indent)
    to = f" (to {message.reply.name})" if message.reply else ""
    said = f"* {message.name} {text}" if message.kind is Kind.ACTION else f"{message.name}{to}: {text}"
    return said + _notes(message)


def _notes(message: Message) -> str:
    """What happened to a message since."""
    reactions = " ".join(f"{emoji} {len(by)}" for emoji, by in message.reactions.items())
    return " (edited)" * (message.edited is not None) + (f" [{reactions}]" if reactions else "")


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _literal(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return "&nbsp;" * indent + re.sub(r"([\\`*_{}\[\]()<>#+=.!|~&-])", r"\\\1", text[indent:])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
