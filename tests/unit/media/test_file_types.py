"""The type of a file follows from its content, whatever its name says."""

import io
import zipfile
from pathlib import Path

import pytest

from chat.media.file_types import file_type, usual_extension


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = {
    "text": (b"Hello, world\n", ".txt", "text/plain"),
    "text in Arabic": ("مرحبا".encode(), ".txt", "text/plain"),
    "text that is cut within a letter": ("ä".encode() * 40_000, ".txt", "text/plain"),
    "text that begins like a bitmap": (b"BM hello, this is text", ".txt", "text/plain"),
    "page": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", ".jpg", "text/html"),
    "page named as text": (b"\n\n <script>alert(1)</script>", ".txt", "text/html"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', ".png", "image/svg+xml"),
    "document": (b"%PDF-1.7\n%abc\n" + b"x" * 99 + b"\n%%EOF", ".pdf", "application/pdf"),
    "video": (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(200), ".mp4", "video/mp4"),
    "video of a camera": (b"\0\0\0\x14ftypqt  \0\0\2\0qt  " + bytes(200), ".mov", "video/quicktime"),
    "sound": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), ".wav", "audio/wav"),
    "voice memo of an iPhone": (b"\0\0\0\x1cftypM4A \0\0\2\0M4A mp42isom" + bytes(60), ".m4a", "audio/mp4"),
    "sound of a newer MP4": (b"\0\0\0\x1cftypiso5\0\0\2\0iso5iso6mp41" + bytes(60), ".M4A", "audio/mp4"),
    "video of a newer MP4": (b"\0\0\0\x1cftypiso5\0\0\2\0iso5iso6mp41" + bytes(60), ".mp4", "video/mp4"),
    "sound of a browser": (b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(60), ".weba", "audio/webm"),
    "text named like a sound": (b"Hello, world", ".m4a", "text/plain"),
    "music": (b"OggS\0\2" + bytes(20) + b"\1vorbis" + bytes(60), ".ogg", "audio/ogg"),
    "word": (archive("[Content_Types].xml", "word/document.xml"), ".docx", DOCX),
    "archive": (archive("tea.txt"), ".zip", "application/zip"),
    "archive named as a picture": (archive("drawing.svg"), ".jpg", "application/zip"),
    "document of an old office program": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        ".xls",
        "application/excel",
    ),
    "the same without an extension": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "",
        "application/x-ole-storage",
    ),
    "page that begins like a picture": (b"GIF89a/*<html><script>alert(1)</script>*/", ".html", "image/gif"),
    "archive of an installer": (b"ISc(" + bytes(60), ".cab", "application/vnd.ms-cab-compressed"),
    "bytes": (bytes(range(256)), ".bin", "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "extension", "kind"), FILES.values(), ids=FILES)
def test_type(tmp_path: Path, content: bytes, extension: str, kind: str):
    (tmp_path / "file").write_bytes(content)
    assert file_type(tmp_path / "file", extension) == kind


def test_extension_of_a_type():
    assert [usual_extension(kind) for kind in ("image/jpeg", "application/pdf", "x/unknown")] == [".jpg", ".pdf", ""]
