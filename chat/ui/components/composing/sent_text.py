"""A text as the browser sends it (see chat/ui/browser/composing/sending.py)."""

from dataclasses import dataclass

from chat.domain.messages.message import is_message_id


@dataclass(frozen=True, slots=True)
class SentText:
    """A text with its subject. `files` are the ids of uploads, each with the description of the picture.

    `has_seen_error` says that the reason for the last refusal was shown when it was sent.
    """

    message_id: str
    text: str
    subject: str
    room_id: str
    has_seen_error: bool
    files: list[tuple[str, str]]


def parse_sent(arguments: object) -> SentText | None:
    """Return the text, None for arguments that no page sends."""
    match arguments:
        case [str() as message_id, str() as text, str() as subject, str() as room_id, *rest] if is_message_id(
            message_id
        ):
            return SentText(message_id, text, subject, room_id, rest[:1] == [True], _files(rest[1:2]))
    return None


def _files(given: list[object]) -> list[tuple[str, str]]:
    rows = given[0] if given and isinstance(given[0], list) else []
    pairs = [(row[0], row[1]) for row in rows if isinstance(row, list) and len(row) >= 2]
    return [(upload_id, alt) for upload_id, alt in pairs if isinstance(upload_id, str) and isinstance(alt, str)]
