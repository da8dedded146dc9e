"""Languages: the choice by the browser's header, numbers, lists and durations."""

import pytest

from chat.i18n.translator import choose, translator


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("fr", "fr"),
        ("nn,de;q=0.5", "de"),
        ("de;q=0.5,ar;q=0.9,en;q=0.1", "ar"),
        ("en;q=0.3, de ; q=0.8", "de"),
        ("DE", "de"),
        ("De-at", "de"),
        ("EN-US", "en"),
        ("AR;Q=0.9,en;q=0.1", "ar"),
        ("de;q=0", "en"),
        ("de;q=0,ar;q=0.1", "ar"),
        ("de;q=0.0,*", "en"),
        ("de;q=-1", "en"),
        ("de;q=nan", "en"),
        ("de;q=inf", "en"),
        ("de;q=often,ar;q=0.1", "ar"),
        ("pt", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("zh", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh-HK,en", "zh_Hant"),
        ("iw", "he"),
        ("", "en"),
        ("*", "en"),
        (",;q=,-,_,;;q=1", "en"),
        ("../../etc/passwd", "en"),
        ("\x00\ud800é%(name)s", "en"),
        ("x" * 10_240, "en"),
        ("x," * 5_120, "en"),
    ],
)
def test_browser_chooses_the_language(header: str, code: str):
    assert choose(header) == code


@pytest.mark.parametrize(
    ("code", "number", "names"),
    [
        ("en", "12,345", "Ann, Bob, and Cid"),
        ("de", "12.345", "Ann, Bob und Cid"),
        ("ar", "12,345", "Ann وBob وCid"),
    ],
)
def test_numbers_and_lists(code: str, number: str, names: str):
    assert translator(code).number(12_345) == number
    assert translator(code).join(["Ann", "Bob", "Cid"]) == names


@pytest.mark.parametrize(
    ("code", "lengths"),
    [
        ("en", ["1 second", "90 seconds", "10 minutes", "90 minutes", "24 hours", "7 days"]),
        ("de", ["1 Sekunde", "90 Sekunden", "10 Minuten", "90 Minuten", "24 Stunden", "7 Tage"]),
        ("ar", ["ثانية", "90 ثانية", "10 دقائق", "90 دقيقة", "24 ساعة", "7 أيام"]),
    ],
)
def test_durations(code: str, lengths: list[str]):
    seconds = [1, 90, 600, 5400, 86_400, 604_800]
    assert [translator(code).duration(number) for number in seconds] == lengths


@pytest.mark.parametrize(
    ("code", "sizes"),
    [
        ("en", ["0.1 kB", "0.1 kB", "1 kB", "1.2 kB", "77 kB", "2.1 MB", "2 GB"]),
        ("fr", ["0,1 ko", "0,1 ko", "1 ko", "1,2 ko", "77 ko", "2,1 Mo", "2 Go"]),
    ],
)
def test_sizes(code: str, sizes: list[str]):
    numbers = [1, 120, 999, 1234, 76_900, 2_100_000, 2_000_000_000]
    assert [translator(code).size(number).replace("\u202f", " ") for number in numbers] == sizes
