"""The history as a file to take away: plain text, Markdown, JSON or CSV. Times are in UTC."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from chat.messages import Kind, Message

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
        lines.append(f"- **{_literal(message.name)}** ({_time(message)}): {said}")
    return "\n".join(lines) + "\n"


def as_json(title: str, messages: Iterable[Message]) -> str:
    """The title and a list of messages with all they have."""
    rows = [{**asdict(message), "at": message.at.isoformat()} for message in messages]
    return json.dumps({"title": title, "messages": rows}, ensure_ascii=False, indent=2) + "\n"


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
    return f"* {message.name} {text}" if message.kind is Kind.ACTION else f"{message.name}: {text}"


def _literal(text: str) -> str:
    indent = len(text) - len(text.lstrip())
    return "&nbsp;" * indent + re.sub(r"([\\`*_{}\[\]()<>#+=.!|~&-])", r"\\\1", text[indent:])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
