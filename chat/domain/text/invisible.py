"""Characters that draw nothing."""

from itertools import chain

# Default_Ignorable_Code_Point in DerivedCoreProperties.txt of Unicode 17.
_IGNORABLE = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
# Blank by their charts: Braille, annotations and objects, the Khitan filler, a musical notehead, hieroglyphs. DejaVu,
# Linux's usual font, draws nothing for five unassigned Hebrew letters.
_BLANK = "\u2800\ufff9\ufffa\ufffb\ufffc\U00016fe4\U0001d159\U00013441\U00013442\ufb37\ufb3d\ufb3f\ufb42\ufb45"

INVISIBLE = frozenset(_BLANK) | frozenset(map(chr, chain(*(range(first, last + 1) for first, last in _IGNORABLE))))
"""All but spaces and controls. `tests/browser/test_invisible_characters.py` looks for more."""
