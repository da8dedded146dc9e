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


def webp_of_frames(count: int) -> bytes:
    """Return an animation of one pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)

    pixel = encoded(Image.new("RGB", (1, 1)), "WEBP", lossless=True)[12:]
    frame = chunk(b"ANMF", bytes(12) + b"\x0a\0\0\0" + pixel)
    head = chunk(b"VP8X", b"\2" + bytes(9)) + chunk(b"ANIM", bytes(6))
    return chunk(b"RIFF", b"WEBP" + head + frame * count)


def jpeg_of_scans(count: int) -> bytes:
    """Return a small file whose many pixels are drawn again and again."""
    content = encoded(Image.new("L", (7_000, 7_000), 128), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * count + content[-2:]


def with_picture_behind(jpeg: bytes) -> bytes:
    """Return a JPEG that says in its head that there is another picture behind it (MPF)."""
    pictures = struct.pack("<LLLHH", 0x20030000, len(jpeg), 0, 0, 0) + bytes(16)
    fields = struct.pack("<HHL4sHHLLHHLL", 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0xB002, 7, len(pictures), 50)
    content = b"MPF\0II*\0" + struct.pack("<LH", 8, 3) + fields + bytes(4) + pictures
    return jpeg[:2] + b"\xff\xe2" + struct.pack(">H", 2 + len(content)) + content + jpeg[2:]


def heif_that_claims(kind: str, width: int, height: int) -> bytes:
    before, *others = encoded(drawn(), kind).split(b"ispe")
    size = bytes(4) + struct.pack(">II", width, height)
    return b"ispe".join([before, *(size + other[12:] for other in others)])


PHOTO = encoded(Image.effect_noise((300, 200), 60), "JPEG")
HOSTILE = {
    "50,000 x 50,000 pixels": (lambda: png_that_claims(50_000, 50_000), "picture-too-large"),
    "bomb": (lambda: png_that_claims(9_000, 9_000, b"\0" * 9_000 * 27_001), "picture-too-large"),
    "a line of pixels": (lambda: png_that_claims(2**31 - 1, 1), "picture-too-large"),
    "truncated": (lambda: PHOTO[: len(PHOTO) // 2], "picture-broken"),
    "truncated png": (lambda: png_that_claims(200, 200, b"\0" * 10), "picture-broken"),
    "100,000 frames": (lambda: webp_of_frames(100_000), "picture-too-large"),
    "3,000 scans": (lambda: jpeg_of_scans(3_000), "picture-too-large"),
    "3,000 scans and a picture behind": (
        lambda: with_picture_behind(jpeg_of_scans(3_000)),
        "picture-too-large",
    ),
    "AVIF of 9,000 x 9,000 pixels": (lambda: heif_that_claims("AVIF", 9_000, 9_000), "picture-too-large"),
    "HEIC of 65,535 x 65,535 pixels": (lambda: heif_that_claims("HEIF", 65_535, 65_535), "picture-broken"),
    "truncated WebP": (lambda: encoded(drawn(), "WEBP")[:60], "picture-broken"),
    "head of a GIF": (lambda: b"GIF89a", "picture-broken"),
    "head of a JPEG": (lambda: b"\xff\xd8\xff", "picture-broken"),
    "damaged": (lambda: PHOTO[:600] + bytes(600) + PHOTO[1200:2000], "picture-broken"),
}
"""Functions that return a picture (the bomb takes a second), and why it is refused."""
