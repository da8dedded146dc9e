"""Pictures and files that are sent with messages."""

import re
import unicodedata
from dataclasses import dataclass, replace

from chat.domain.text.cleaning import without_tricks

ATTACHMENTS_LIMIT = 10  # of one message
NAME_LIMIT = 120
NAME_BYTES = 255  # in UTF-8; the file systems of Linux take no longer names
ALT_LIMIT = 500

_EXTENSION = re.compile(r"\.\w{1,10}", re.ASCII)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')  # Windows refuses them, and these names of devices
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_VIDEO = ("video/mp4", "video/webm", "video/quicktime")
_SOUND = ("audio/aac", "audio/flac", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. `content` is the SHA-256 of its bytes, and empty once they were removed.

    `size` is in bytes. A picture has a width and a height in pixels, and a tiny WebP as `placeholder`, in Base64.
    """

    content: str
    name: str
    type: str
    size: int
    width: int = 0
    height: int = 0
    placeholder: str = ""
    is_animated: bool = False
    alt: str = ""

    @property
    def is_picture(self) -> bool:
        return self.width > 0 and self.content != ""

    @property
    def is_played(self) -> bool:
        """Whether browsers play it."""
        return self.type in (*_VIDEO, *_SOUND) and self.content != ""

    @property
    def label(self) -> str:
        """The description of a picture, or else the name."""
        return self.alt or self.name or "📎"

    def removed(self) -> "Attachment":
        """Return what is left once the file was removed."""
        return replace(self, content="", placeholder="", alt="")

    def erased(self) -> "Attachment":
        """Return what is left without anything that its author chose."""
        return replace(self.removed(), name="")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that its sender may attach to a message."""

    id: str
    member_id: str
    attachment: Attachment


def clean_file_name(name: object) -> str:
    """Return a name without folders, control characters, or characters that mislead or that some system refuses."""
    text = name if isinstance(name, str) else ""
    text = unicodedata.normalize("NFC", text.encode(errors="ignore").decode())
    text = re.split(r"[/\\]", text)[-1]
    text = "".join(c for c in without_tricks(text) if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    text = _NOT_IN_NAMES.sub("_", " ".join(text.split())).strip(". ")
    return _shortened(f"_{text}" if _DEVICE.match(text) else text) or "file"


def clean_alt(alt: object) -> str:
    """Return the description of a picture in one line."""
    text = alt if isinstance(alt, str) else ""
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return " ".join(text.split())[:ALT_LIMIT]


def extension_of(name: str) -> str:
    """Return the end of a file's name from its last dot, "" if that is no extension."""
    stem, dot, end = name.rpartition(".")
    return f".{end}" if stem and dot and _EXTENSION.fullmatch(f".{end}") else ""


def numbered_name(name: str, number: int) -> str:
    """Return the name with a number, for one of several files of that name."""
    extension, suffix = extension_of(name), f" ({number})"
    return f"{_shortened(name.removesuffix(extension), len(extension + suffix))}{suffix}{extension}"


def with_extension(name: str, extension: str) -> str:
    """Return the name with another extension; `extension` begins with a dot."""
    stem = name.removesuffix(extension_of(name))
    return clean_file_name(stem[: NAME_LIMIT - len(extension)] + extension)


def _shortened(name: str, room: int = 0) -> str:
    """Shorten a name before its extension; `room` is for what is added to it, in ASCII."""
    if len(name) + room <= NAME_LIMIT and len(name.encode()) + room <= NAME_BYTES:
        return name
    extension = extension_of(name)
    room += len(extension)
    stem = name.removesuffix(extension)[: NAME_LIMIT - room].encode()[: NAME_BYTES - room]
    return stem.decode(errors="ignore").rstrip(". ") + extension
