"""Look-alikes: what remains of a name when all that can imitate it at a glance is folded together."""

import unicodedata
from itertools import chain

from chat.collation import fold

_PAIRS = (
    # Greek, Cyrillic, Armenian and Cherokee letters that look Latin (Unicode TR 39, confusables).
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αβγεηικνορστυχω", "abyenikvopotuxw"),
    ("АВЕЗКМНОРСТУХІЈЅԚԜҮӀ", "ABE3KMHOPCTYXIJSQWYI"),
    ("авекмнопрстухіјѕԁԛԝһүӏьг", "abekmhonpctyxijsdqwhylbr"),
    ("ՏՍՕԼսօհոցք", "SUOLuohngp"),
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᏀᏃᏎᏏᏒᏔᏙᏚᏞᏟᏢᏦᏧᏴ", "DRTiYAJEWMHGZ4bRWVSLCPKdB"),
)
_LATIN = {ord(other): latin for other, latin in chain.from_iterable(zip(*pair, strict=True) for pair in _PAIRS)}
_STROKES = str.maketrans("01i|", "olll")
_DRAWN_TOGETHER = (("rn", "m"), ("vv", "w"))
_DROPPED = ("P", "Z", "C", "Me", "Sk", "Sm")  # not all marks: some are the vowels of India and Thailand


def skeleton(name: str) -> str:
    """The same for names that people take for one another: no case, accents, spaces or punctuation, look-alikes as one.

    Of a name that has nothing else, what `fold` leaves of it. After `skeleton` of Unicode TR 39, but a little broader.
    """
    latin = unicodedata.normalize("NFKD", name).translate(_LATIN)
    folded = fold(fold(latin).translate(_LATIN)).translate(_STROKES)
    kept = "".join(character for character in folded if not _is_decoration(character))
    for drawn, letter in _DRAWN_TOGETHER:
        kept = kept.replace(drawn, letter)
    return kept or folded


def _is_decoration(character: str) -> bool:
    return unicodedata.category(character).startswith(_DROPPED)
