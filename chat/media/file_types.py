"""The type of a file, from its content."""

import mimetypes
from pathlib import Path

import puremagic

from chat.domain.messages.attachment import extension_of, with_extension

UNKNOWN, TEXT = "application/octet-stream", "text/plain"
HEAD = 65_536  # bytes
WEAK = 0.3  # of the confidence in two or three bytes

_SAME = {
    "application/ogg": "audio/ogg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "application/x-gzip": "application/gzip",
}
_SOUNDS = {".m4a": "audio/mp4", ".m4b": "audio/mp4", ".weba": "audio/webm"}
"""Extensions of files that look like a video, and have none in them."""

_CONTAINERS = {"application/zip", "application/x-ole-storage"}
"""Types of files that only their extension tells from each other, such as documents of office programs."""

_EXTENSIONS = {"image/jpeg": ".jpg", "image/webp": ".webp", "image/png": ".png", "audio/wav": ".wav"}
_SCRIPTED = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<head", "<body", "<iframe", "<img")


def file_type(path: Path, extension: str) -> str:
    """Return the media type of a file; `extension` decides between types that look alike."""
    try:
        matches = [match for match in puremagic.magic_file(str(path)) if match.mime_type]
    except (ValueError, puremagic.PureError):
        matches = []
    with path.open("rb") as file:
        text = _text(file.read(HEAD))
    # Two letters, such as BM, may as well begin a text.
    kept = [match for match in matches if text is None or match.confidence > WEAK]
    found = [(match.mime_type.strip(), match.extension) for match in kept]  # one begins with a space
    if not found:
        return UNKNOWN if text is None else "text/html" if _is_scripted(text) else TEXT
    kinds = [kind for kind, _ in found]
    alike = [kind for kind, end in found if end == extension.lower()]
    kind = str((alike or [kind for kind in kinds if kind in _CONTAINERS] or kinds)[0])
    sound = _SOUNDS.get(extension.lower(), "")
    return sound if kind == sound.replace("audio", "video") else _SAME.get(kind, kind)


def usual_extension(kind: str) -> str:
    """Return the extension of files of a type, "" if there is none."""
    return _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ""


def with_extension_of(kind: str, name: str) -> str:
    """Return a file's name with the usual extension of the type, unless it has an equivalent one."""
    extension, usual = extension_of(name).lower(), usual_extension(kind)
    is_fitting = usual == (".jpg" if extension in {".jpeg", ".jfif", ".jpe"} else extension)
    return name if is_fitting else with_extension(name, usual)


def _text(head: bytes) -> str | None:
    try:
        text = head.decode()
    except UnicodeDecodeError as problem:
        if len(head) < HEAD or problem.start < len(head) - 4:  # but for a character that is cut
            return None
        text = head[: problem.start].decode()
    return None if "\0" in text else text


def _is_scripted(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").lower().startswith(_SCRIPTED)
