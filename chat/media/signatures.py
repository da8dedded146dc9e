"""The bytes with which the files of pictures begin."""

from pathlib import Path

CERTAIN = {b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
POSSIBLE = {b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF"}
"""What begins other files, too: texts, and the raw pictures of cameras."""
HEIF = (b"heic", b"heix", b"heim", b"mif1")


def claimed_format(path: Path) -> str:
    """Return the format of the picture that a file seems to be, "" if it is none."""
    with path.open("rb") as file:
        head = file.read(32)
    if head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8":
        return "WEBP"
    if head[:1] == b"\0" and head[4:8] == b"ftyp":  # a text has no zeros
        return "AVIF" if b"avif" in head else "HEIF" if any(brand in head for brand in HEIF) else ""
    return next((kind for start, kind in (CERTAIN | POSSIBLE).items() if head.startswith(start)), "")


def is_certain(kind: str) -> bool:
    """Whether a file that begins like this format is nothing else."""
    return bool(kind) and kind not in POSSIBLE.values()
