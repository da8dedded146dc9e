"""Pictures are made anew in a process of their own: what strangers send has limits, and leaves nothing but pixels."""

import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image, ImageColor

from chat.domain.errors import FileRefused
from chat.media.pictures import MIDDLE, Crop, Picture, Pictures
from tests.support.hostile_pictures import HOSTILE, SECRET, drawn, encoded, with_place

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pictures() -> AsyncIterator[Pictures]:
    found = Pictures()
    yield found
    await found.close()


@pytest.fixture
def remake(pictures: Pictures, tmp_path: Path) -> Callable:
    async def call(content: bytes, pictures: Pictures = pictures) -> Picture | None:
        source, full, small = (tmp_path / name for name in ("source", "full", "small"))
        source.write_bytes(content)
        for path in full, small:
            path.unlink(missing_ok=True)
        return await pictures.remake(source, full, small)

    return call


KINDS = {
    "JPEG": ("image/jpeg", encoded(drawn(), "JPEG", exif=with_place(), comment=SECRET)),
    "PNG": ("image/png", encoded(drawn(), "PNG", exif=with_place())),
    "GIF": ("image/png", encoded(drawn(), "GIF", comment=SECRET)),
    "WebP": ("image/webp", encoded(drawn(), "WEBP", exif=with_place(), xmp=SECRET)),
    "HEIC": ("image/jpeg", encoded(drawn(), "HEIF", exif=with_place().tobytes())),
    "AVIF": ("image/jpeg", encoded(drawn(), "AVIF", exif=with_place())),
    "BMP": ("image/png", encoded(drawn(), "BMP")),
    "TIFF": ("image/png", encoded(drawn(), "TIFF", tiffinfo={270: SECRET.decode()})),
    "polyglot": ("image/jpeg", encoded(drawn(), "JPEG") + b"<script>" + SECRET + b"</script>"),
}
SAMPLE = {"JPEG", "PNG", "HEIC", "polyglot"}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param(*case, id=name, marks=[pytest.mark.exhaustive] * (name not in SAMPLE))
        for name, case in KINDS.items()
    ],
)
async def test_nothing_is_left_but_the_picture(remake: Callable, tmp_path: Path, kind: str, content: bytes):
    picture = await remake(content)
    assert (picture.type, picture.width, picture.height, picture.is_animated) == (kind, 60, 40, False)
    full = (tmp_path / "full").read_bytes()
    assert picture.size == len(full)
    assert not any(sign in full for sign in (SECRET, b"Exif", b"<script", b"XMP"))
    with Image.open(tmp_path / "full") as image:
        assert not image.getexif()
        red, green, blue = image.convert("RGB").getpixel((3, 3))
        assert red > 220
        assert max(green, blue) < 40
    with Image.open(tmp_path / "small") as small:
        assert (small.format, small.size) == ("WEBP", (60, 40))


async def test_picture_is_upright(remake: Callable, tmp_path: Path):
    picture = await remake(encoded(drawn(), "JPEG", exif=with_place(orientation=6)))
    assert (picture.width, picture.height) == (40, 60)
    with Image.open(tmp_path / "full") as image:
        assert image.getpixel((36, 3))[1] < 60  # red is at the right now


async def test_large_picture_has_a_small_one_and_a_tiny_one(remake: Callable, tmp_path: Path):
    picture = await remake(encoded(drawn(2400, 1200), "JPEG"))
    assert (picture.width, picture.height) == (2400, 1200)
    with Image.open(tmp_path / "small") as small:
        assert small.size == (800, 400)
    assert 0 < len(picture.placeholder) < 400


async def test_animation_keeps_its_frames(remake: Callable, tmp_path: Path):
    frames = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue")]
    picture = await remake(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80))
    assert (picture.type, picture.is_animated) == ("image/webp", True)
    with Image.open(tmp_path / "full") as image:
        assert image.n_frames == 3
    with Image.open(tmp_path / "small") as small:
        assert getattr(small, "n_frames", 1) == 1


async def test_transparent_picture_stays_so_without_a_placeholder(remake: Callable, tmp_path: Path):
    picture = await remake(encoded(Image.new("RGBA", (30, 20), (255, 0, 0, 90)), "PNG"))
    assert (picture.type, picture.placeholder) == ("image/png", "")
    with Image.open(tmp_path / "full") as image:
        assert image.getpixel((1, 1)) == (255, 0, 0, 90)


async def test_picture_that_cannot_be_written_is_not_called_broken(pictures: Pictures, tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "gone" / "full"  # as on a full disk
    source.write_bytes(KINDS["JPEG"][1])
    with pytest.raises(OSError, match=f"{target}"):
        await pictures.remake(source, target, tmp_path / "small")
    with pytest.raises(OSError, match=f"{target}"):
        await pictures.make_square(source, target)


@pytest.fixture
def make_square(pictures: Pictures, tmp_path: Path) -> Callable:
    async def call(content: bytes, crop: Crop = MIDDLE) -> Picture | None:
        (tmp_path / "source").write_bytes(content)
        return await pictures.make_square(tmp_path / "source", tmp_path / "square", crop)

    return call


@pytest.mark.parametrize("content", [KINDS["JPEG"][1], KINDS["polyglot"][1]], ids=["JPEG", "polyglot"])
async def test_picture_of_a_person_is_square_and_nothing_else(make_square: Callable, tmp_path: Path, content: bytes):
    assert (await make_square(content)).type == "image/webp"
    square = (tmp_path / "square").read_bytes()
    assert not any(sign in square for sign in (SECRET, b"Exif", b"EXIF", b"<script", b"XMP"))
    with Image.open(tmp_path / "square") as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (128, 128), "RGB")


FRAMES = [Image.new("RGB", (30, 20), color) for color in ("red", "blue")]
SQUARES = {
    "transparent": (encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), (255, 255, 255)),
    "tall": (encoded(Image.new("RGB", (2, 3000), "red"), "PNG"), (255, 0, 0)),
    "animated": (encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), (255, 0, 0)),
    "grey": (encoded(Image.new("L", (40, 40), 128), "PNG"), (128, 128, 128)),
}


@pytest.mark.parametrize(("content", "color"), SQUARES.values(), ids=SQUARES)
async def test_odd_picture_becomes_one_of_a_person(make_square: Callable, tmp_path: Path, content: bytes, color: tuple):
    assert await make_square(content)
    with Image.open(tmp_path / "square") as image:
        assert getattr(image, "n_frames", 1) == 1
        found = image.getpixel((64, 64))
        assert all(abs(one - other) < 6 for one, other in zip(found, color, strict=True)), found


BANDS = Image.new("RGB", (90, 30), "white")
for number, band in enumerate(("red", "lime", "blue")):
    BANDS.paste(Image.new("RGB", (30, 30), band), (30 * number, 0))


@pytest.mark.parametrize(
    ("crop", "color"),
    [
        (Crop(0, 0, 1), "red"),
        (Crop(0.5, 0, 1), "lime"),
        (Crop(1, 1, 3), "blue"),
        (Crop(0.5, 0.5, 10), "lime"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
async def test_square_of_a_person_is_the_chosen_one(
    make_square: Callable, tmp_path: Path, crop: Crop, color: str, turned: bool
):
    image = BANDS.transpose(Image.Transpose.TRANSPOSE) if turned else BANDS
    await make_square(encoded(image, "PNG"), Crop(crop.down, crop.across, crop.zoom) if turned else crop)
    with Image.open(tmp_path / "square") as square:
        for place in (20, 20), (64, 64), (107, 107):
            assert all(
                abs(found - wanted) < 20
                for found, wanted in zip(square.getpixel(place), ImageColor.getrgb(color), strict=True)
            ), place


@pytest.mark.parametrize(("make", "problem"), HOSTILE.values(), ids=HOSTILE)
async def test_hostile_picture_is_refused(
    remake: Callable, make_square: Callable, make: Callable[[], bytes], problem: str
):
    content = make()
    for attempt in remake, make_square:
        with pytest.raises(FileRefused) as refused:
            await attempt(content)
        assert refused.value.key == problem


@pytest.mark.parametrize("content", [b"BM hello", b"II*\0raw", b"<svg/>"], ids=repr)
async def test_file_that_only_begins_like_a_picture_is_none(remake: Callable, content: bytes):
    assert await remake(content) is None


async def test_picture_that_takes_too_long_is_refused(remake: Callable):
    hasty = Pictures(timeout=0.001)
    with pytest.raises(FileRefused, match="picture-broken"):
        await remake(encoded(Image.new("RGB", (4000, 4000)), "PNG"), hasty)
    await hasty.close()


async def test_others_are_made_after_a_process_has_died(remake: Callable, pictures: Pictures):
    await remake(encoded(drawn(), "PNG"))
    for starter in pictures._starters:
        starter.kill()
    with pytest.raises(FileRefused, match="picture-broken"):
        await remake(encoded(drawn(), "PNG"))
    assert await remake(encoded(drawn(), "PNG"))


async def test_process_that_died_with_nothing_to_do_is_replaced(remake: Callable, pictures: Pictures):
    await remake(encoded(drawn(), "PNG"))
    for starter in pictures._starters:
        starter.kill()
        await starter.wait()
    assert await remake(encoded(drawn(), "PNG"))


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
async def test_picture_of_the_largest_size_fits_into_the_memory(remake: Callable):
    picture = await remake(encoded(Image.new("RGB", (8000, 8000), "teal"), "JPEG", exif=with_place(orientation=6)))
    assert (picture.width, picture.height) == (8000, 8000)
