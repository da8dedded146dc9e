"""Confusable names: which share a skeleton, and which differ."""

import pytest

from chat.domain.text.confusables import skeleton


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("Bob", "B0b"), ("Bob", "ВоЬ"), ("Lilli", "1i11i"), ("Ian", "lan"), ("Ian", "|an"),
        ("Tom", "Torn"), ("Willi", "VVilli"), ("paypal", "рауpal"), ("Οδυσσέας", "Oδυσσεασ"), ("Søren", "Soren"),
        ("عُمَر", "عمر"), ("Jose", "José"), ("ΗΡΑ", "HPA"), ("Ann 🦊", "ann🦊"),
        ("Anna", "ꓮꓠꓠꓮ"), ("Anna", "Ɑnnɑ"), ("Gina", "ɡinɑ"), ("Gina", "ɢɪɴᴀ"), ("Olga", "Ⲟlgɑ"),
        ("Alice", "A∣ice"), ("Alice", "Alic℮"), ("Bob", "B०b"), ("Bob", "B๐b"), ("Alice", "🅰lice"), ("Alice", "🇦lice"),
        ("Alice", "Alice\ufffc"), ("Alice", "Al\U000e0101ice"), ("Alice", "Alice\u2800"), ("Alice", "Alice\u0345"),
        ("Alice", "Alice\u0981"), ("Alex", "Ale╳"), ("Tom", "⊤om"), ("二郎", "ニ郎"), ("口", "ロ"), ("力", "カ"),
    ],
    ids=ascii,
)  # fmt: skip
def test_look_alikes_share_skeleton(name: str, imitation: str):
    assert skeleton(name) == skeleton(imitation)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ann", "Anna"), ("Ann", "Nan"), ("Bob", "Rob"), ("李雷", "李磊"), ("राम", "रमा"), ("มา", "มี"),
        ("Ann", "Ann 🦊"), ("🦊", "🐻"), ("Дима", "Дина"), ("Vina", "Nina"), ("किम", "कम"), ("הדר", "הדס"),
        ("+++", "==="),
    ],
    ids=ascii,
)  # fmt: skip
def test_different_names_have_different_skeletons(name: str, other: str):
    assert skeleton(name) != skeleton(other)
