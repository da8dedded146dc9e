"""What the first bytes of a file say about pictures."""

from pathlib import Path

import pytest
from PIL import Image

from chat.media.signatures import claimed_format, is_certain
from tests.support.hostile_pictures import drawn, encoded

OTHERS = {
    "text": b"Hello, world",
    "text about GIF": b"GIF87 and GIF89 are formats of pictures",
    "text about WebP": b"RIFF vs WEBP: what is in it?",
    "text about AVIF": b"The ftyp box of an avif picture",
    "sound": b"RIFF\x24\0\0\0WAVEfmt ",
    "video": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "BMP", "TIFF"])
def test_picture_is_recognised(tmp_path: Path, kind: str):
    (tmp_path / "file").write_bytes(encoded(drawn(), kind))
    assert claimed_format(tmp_path / "file") == kind
    assert claimed_format(tmp_path / "file") in Image.OPEN


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_other_file_is_none(tmp_path: Path, content: bytes):
    (tmp_path / "file").write_bytes(content)
    assert claimed_format(tmp_path / "file") == ""


def test_text_and_raw_picture_may_begin_like_one():
    assert [is_certain(kind) for kind in ("", "BMP", "TIFF", "JPEG", "HEIF")] == [False, False, False, True, True]
