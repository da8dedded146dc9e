"""How much of a picture there is to draw."""

from pathlib import Path

from PIL import Image

MAX_PIXELS = 64_000_000  # of all frames of an animation twice as many
MAX_FRAMES = 2_000  # a minute of a video; each takes time, however small it is
MAX_DRAWN = 20 * MAX_PIXELS  # by all scans of a JPEG, each of which refines all pixels; encoders make about ten
SCAN = b"\xff\xda"  # which begins one
SCANNED = {"JPEG", "MPO"}  # a JPEG that says it has further pictures behind it
ANIMATED = {"GIF", "WEBP", "PNG"}


class TooLarge(Exception):
    """The picture has too many pixels."""


def check_size(image: Image.Image, source: Path) -> None:
    """Raise `TooLarge` if there are too many pixels to draw."""
    pixels, frames = image.width * image.height, count_frames(image)
    scans = source.read_bytes().count(SCAN) if image.format in SCANNED else 1
    if pixels > MAX_PIXELS or pixels * scans > MAX_DRAWN or frames > MAX_FRAMES or pixels * frames > 2 * MAX_PIXELS:
        raise TooLarge


def count_frames(image: Image.Image) -> int:
    return getattr(image, "n_frames", 1) if image.format in ANIMATED else 1
