"""Pictures as strangers send them: with secrets in them, damaged, or much larger than they look."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageDraw

SECRET = b"secret place"

pillow_heif.register_heif_opener()


def drawn(width: int = 60, height: int = 40) -> Image.Image:
    """Return a picture whose left upper corner is red."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), "red")
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_place(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def png_that_claims(width: int, height: int, data: bytes = b"\0" * 1000) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


PHOTO = encoded(Image.effect_noise((300, 200), 60), "JPEG")
HOSTILE = {
    "50,000 x 50,000 pixels": (lambda: png_that_claims(50_000, 50_000), "picture-too-large"),
    "bomb": (lambda: png_that_claims(9_000, 9_000, b"\0" * 9_000 * 27_001), "picture-too-large"),
    "a line of pixels": (lambda: png_that_claims(2**31 - 1, 1), "picture-too-large"),
    "truncated": (lambda: PHOTO[: len(PHOTO) // 2], "picture-broken"),
    "truncated png": (lambda: png_that_claims(200, 200, b"\0" * 10), "picture-broken"),
    "damaged": (lambda: PHOTO[:600] + bytes(600) + PHOTO[1200:2000], "picture-broken"),
}
"""Functions that return a picture (the bomb takes a second), and why it is refused."""
