"""Names and descriptions of files, as strangers send them."""

import pytest

from chat.domain.messages.attachment import (
    ALT_LIMIT,
    NAME_LIMIT,
    Attachment,
    clean_alt,
    clean_file_name,
    extension_of,
    with_extension,
)
from tests.storage.samples import PICTURE

NAMES = {
    "plain": ("report.pdf", "report.pdf"),
    "every script": ("گزارش نهایی 你好 🦊.pdf", "گزارش نهایی 你好 🦊.pdf"),
    "folders": ("../../etc/passwd", "passwd"),
    "folders of Windows": (r"C:\Users\ann\tea.txt", "tea.txt"),
    "only dots": ("..", "file"),
    "hidden file": (".htaccess", "htaccess"),
    "turned extension": ("photo\u202egpj.exe", "photogpj.exe"),
    "invisible letters": ("tea\u200b\ufeff.txt", "tea.txt"),
    "control characters": ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"),
    "markup": ('"><img src=x>.png', "___img src=x_.png"),
    "lone surrogate": ("tea\ud800.txt", "tea.txt"),
    "line separator": ("tea\u2028cake.txt", "teacake.txt"),
    "nothing": ("", "file"),
    "no text": (None, "file"),
    "long": ("x" * 500 + ".tar", "x" * (NAME_LIMIT - 4) + ".tar"),
    "long in bytes": ("🦊" * 100 + ".png", "🦊" * 62 + ".png"),
    "device of Windows": ("CON", "_CON"),
    "device with an extension": ("lpt1.txt", "_lpt1.txt"),
    "no device": ("Console.txt", "Console.txt"),
    "lines": ("tea\n\u0085cake.txt", "teacake.txt"),
    "long extension": ("x." + "y" * 500, ("x." + "y" * 500)[:NAME_LIMIT]),
}


@pytest.mark.parametrize(("name", "cleaned"), NAMES.values(), ids=NAMES)
def test_name_is_cleaned(name: object, cleaned: str):
    assert clean_file_name(name) == cleaned
    assert clean_file_name(cleaned) == cleaned


def test_description_is_one_line():
    assert clean_alt(" A cup\n of\x00 tea ") == "A cup of tea"
    assert len(clean_alt("x" * 1000)) == ALT_LIMIT
    assert clean_alt(5) == ""


@pytest.mark.parametrize(
    ("name", "extension"),
    [("tea.TXT", ".TXT"), ("a.b.c", ".c"), ("tea", ""), (".tea", ""), ("tea.", ""), ("a.b c", "")],
)
def test_extension(name: str, extension: str):
    assert extension_of(name) == extension


def test_extension_is_replaced():
    assert with_extension("IMG 1.HEIC", ".jpg") == "IMG 1.jpg"
    assert with_extension("x" * NAME_LIMIT, ".webp").endswith("x.webp")


def test_removed_picture_leaves_its_name_and_an_erased_one_nothing():
    assert (PICTURE.is_picture, PICTURE.removed().is_picture) == (True, False)
    assert (PICTURE.label, PICTURE.removed().label) == ("A cup", "tëa.png")
    assert PICTURE.erased().label == "📎"
    assert Attachment("", "", "text/plain", 3).erased() == Attachment("", "", "text/plain", 3)
