"""Look-alikes: what remains of a name when all that can imitate it at a glance is folded together."""

import unicodedata
from itertools import chain

from chat.domain.text.folding import fold

_PAIRS = (
    # Greek, Cyrillic, Armenian and Cherokee letters that look Latin (Unicode TR 39, confusables).
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αβγεηικνορστυχω", "abyenikvopotuxw"),
    ("АВЕЗКМНОРСТУХІЈЅԚԜҮӀ", "ABE3KMHOPCTYXIJSQWYI"),
    ("авекмнопрстухіјѕԁԛԝһүӏьг", "abekmhonpctyxijsdqwhylbr"),
    ("ՏՍՕԼսօհոցք", "SUOLuohngp"),
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᏀᏃᏎᏏᏒᏔᏙᏚᏞᏟᏢᏦᏧᏴ", "DRTiYAJEWMHGZ4bRWVSLCPKdB"),
    # Whatever else TR 39 knows to look like one Latin letter or digit, and small capitals.
    ("ᴀʙᴅᴇɢʜᴊᴋʟᴍɴᴘʀᴛ", "abdeghjklmnprt"),
    ("ꝚƧꞫȜƷꝪƼȣȢꝮɑƄꞴᴄꬲꬵꞙſẝꞘɡᶃƍɪɩꞲƖǀᴏᴑꬽꭇꭈƦꜱƽꞟᴜꭎꭒʋᴠɯᴡꞳɣᶌʏ", "2233335889abBceffffFgggiiJllooorrRssuuuuuvwwXyyy"),
    ("ỿꭚᴢ", "yyz"),
    ("ꓮꓐꓚꓒꓓꓰꓝꓖꓧꓙꓗꓲꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCdDEFGHJKlLMNOPRSTUVWXYZ"),
    ("ϨⳌⳒⳊⲥⲤⲎⲔⲒⳐⲘⲚⲟⲞⲣⲢⲅⲦⲬⲨ", "2369cCHKlLMNoOpPrTXY"),
    ("ᒿᗅᑲᖯᗷᑯᗞᗪᖴᕼᒍᒪᗰᑭᖇᑌᐯᕁᕽ", "2AbbBdDDFHJLMPRUVxx"),
    ("𑣊𑢯𑢻𑣕𑣆𑣌𑢬𑣖𑢦𑢮𑣂𑢢𑣃𑢣𑢲𑣈𑣗𑢵𑣁𑢼𑣘𑢸𑣀𑢠𑣜𑢤𑣄𑢩", "34567999EEFFiLLooOsTuUvVyYzZ"),
    ("ϲϹϜϳͿϺᴦꙄӠбҽԌꙇѵѴѡքռգզաᏮᏳᏂꮁᏕᎽⴹⵏⵔⵕⴸⵝ𐐽𐐕𐐛𐐬𐐄𐑈𐐠ჿყᛕᛁᛖᚷ𖼻𖽀", "cCFjJMr236eGivVwfnqqw6GhrSYElOQVXcCLoOsSoyKlMX3A"),
    ("𖼨𖼖𖼵𖼺𖼊𖽂𖼈𖽃𐓒𐓪𐓂𐒴𐓶𐓎𐌚𐌁𐌂𐌉𐌑𐌕𐌗𐊠𐊡𐊢𐊥𐋏𐊰𐊫𐊱𐊴𐊲𐊂𐊆𐊇𐊊𐊒𐊕𐊖𐊗𐊐𐔜𐔥𐔘𐔦𐔓𐔖𐔝𐔧", "lLRSTUVY7oORuU8BClMTXABCFHMOTXYBEFlOPSTXCFKLNOVX"),
    ("𝟊ഠဝዐሀଠ𑜆𑜊𑜎𑜏ꛟ", "FooOUOvwwwV"),
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
