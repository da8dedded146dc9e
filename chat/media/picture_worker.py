"""Makes a picture anew, in a process of its own (see `picture_starter.py`)."""

import base64
import hashlib
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - formats

from chat.media.picture_size import MAX_PIXELS, TooLarge, check_size, count_frames
from chat.media.resources import limit_resources
from chat.media.signatures import claimed_format, is_certain

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 40  # of CPU
SMALL = (800, 800)  # pixels: a bubble is at most 400 wide, and screens have two for one
TINY = (16, 16)
SQUARE = (128, 128)  # at most 48 are shown, and screens have up to three for one
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF")
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, MemoryError, IndexError, KeyError, TypeError)


class Unwritable(Exception):
    """The picture can't be written, as on a full disk."""


def make(source: str, target: str, *, small: str = "", crop: Sequence[float] = ()) -> dict[str, Any]:
    """Make a picture and a small one, or the square of `crop`; return its data, a `problem`, or why it is `unwritable`.

    This process then has little time and memory.
    """
    load_decoders()
    limit_resources(SECONDS, MEMORY)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        image = Image.open(source, formats=FORMATS)
    except Image.DecompressionBombError:
        return {"problem": "picture-too-large"}
    except DAMAGED:
        return {"problem": "picture-broken" if _is_broken(claimed_format(Path(source))) else "unknown"}
    try:
        with image:
            check_size(image, Path(source))
            return _remake(image, Path(target), Path(small)) if small else _cut(image, Path(target), *crop)
    except (TooLarge, Image.DecompressionBombError):
        return {"problem": "picture-too-large"}
    except Unwritable as problem:
        return {"unwritable": str(problem)}
    except DAMAGED:
        return {"problem": "picture-broken"}


def _is_broken(claimed: str) -> bool:
    """Whether what can't be opened is a picture all the same, which must not be passed on with all it says."""
    return is_certain(claimed) and Image.OPEN[claimed][0] is not _never


def _remake(image: Image.Image, full: Path, small: Path) -> dict[str, Any]:
    """Write the picture without anything but its pixels, upright, and a small one."""
    frames, kind = count_frames(image), _format(image)
    if frames > 1:
        kind = "WEBP"
        animation, pixels = _remake_animation(image, frames)
        _write(full, animation)
    else:
        pixels = _pixels(image)
        if pixels.mode == "RGBA" and kind == "JPEG":
            kind = "PNG"
        _write(full, _encoded(pixels, kind))
    preview = pixels.copy()
    preview.thumbnail(SMALL)
    _write(small, _encoded(preview, "WEBP", quality=78))
    preview.thumbnail(TINY)
    # It would shine through what is transparent.
    tiny = b"" if preview.mode == "RGBA" else _encoded(preview, "WEBP", quality=30)
    return _described(full, kind, pixels, tiny, is_animated=frames > 1)


def _cut(image: Image.Image, target: Path, across: float, down: float, zoom: float) -> dict[str, Any]:
    """Write a square of the picture, or of the first of its frames; what is transparent becomes white.

    The square is `zoom` times smaller than it could be, and so far from the left and the top: from 0 to 1.
    """
    pixels = _pixels(image)
    side = min(pixels.size) / zoom
    left, top = (pixels.width - side) * across, (pixels.height - side) * down
    pixels = pixels.resize(SQUARE, Image.Resampling.LANCZOS, (left, top, left + side, top + side), reducing_gap=3)
    square = Image.new("RGB", SQUARE, "white")
    square.paste(pixels, mask=pixels.getchannel("A") if pixels.mode == "RGBA" else None)
    _write(target, _encoded(square, "WEBP", quality=85))
    return _described(target, "WEBP", square)


def _described(
    path: Path, kind: str, pixels: Image.Image, tiny: bytes = b"", *, is_animated: bool = False
) -> dict[str, Any]:
    return {
        "content": hashlib.sha256(path.read_bytes()).hexdigest(),
        "type": TYPES[kind],
        "size": path.stat().st_size,
        "width": pixels.width,
        "height": pixels.height,
        "placeholder": base64.b64encode(tiny).decode(),
        "is_animated": is_animated,
    }


def _format(image: Image.Image) -> str:
    """Return the format to write: one without losses for what has none."""
    if image.format in {"PNG", "BMP", "TIFF", "GIF"}:
        return "PNG"
    return "WEBP" if image.format == "WEBP" else "JPEG"


def _pixels(image: Image.Image) -> Image.Image:
    """Return the picture upright, in sRGB, with nothing else of what was in the file."""
    upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile")
    has_alpha = upright.has_transparency_data
    mode = "RGBA" if has_alpha else "RGB"
    if profile and upright.mode in {"RGB", "RGBA", "CMYK", "L"}:
        with suppress(ImageCms.PyCMSError, *DAMAGED):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            output = "RGBA" if upright.mode == "RGBA" else "RGB"
            upright = ImageCms.profileToProfile(upright, given, ImageCms.createProfile("sRGB"), outputMode=output)  # type: ignore[assignment]
    if upright.mode.startswith("I;16"):
        upright = upright.point(lambda value: value / 256).convert("L")
    pixels = upright.convert(mode)
    if has_alpha and pixels.getchannel("A").getextrema() == (255, 255):
        pixels = pixels.convert("RGB")
    pixels.info = {}
    return pixels


def _remake_animation(image: Image.Image, frames: int) -> tuple[bytes, Image.Image]:
    """Return an animation as WebP, and its first frame."""
    pictures, durations = [], []
    for number in range(frames):
        image.seek(number)
        durations.append(int(image.info.get("duration") or 100))
        frame = image.convert("RGBA")
        frame.info = {}
        pictures.append(frame)
    out = io.BytesIO()
    options = {"duration": durations, "loop": int(image.info.get("loop") or 0)}
    pictures[0].save(out, "WEBP", save_all=True, append_images=pictures[1:], quality=75, method=1, **options)
    return out.getvalue(), pictures[0]


def _encoded(image: Image.Image, kind: str, quality: int = 88) -> bytes:
    out = io.BytesIO()
    options: dict[str, Any] = {"JPEG": {"quality": quality, "progressive": True}, "WEBP": {"quality": quality}}.get(
        kind, {"compress_level": 6}
    )
    image.save(out, kind, **options)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise Unwritable(problem) from None


def load_decoders() -> None:
    """Load what takes longest, before or within `make`."""
    Image.preinit()
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415
    except ImportError:  # no wheel for this platform: such pictures are files then
        Image.register_open("HEIF", _never, lambda head: False)
    else:
        register_heif_opener()


def _never(*_: object) -> ImageFile.ImageFile:
    raise SyntaxError
