"""Letters that look Latin, and the letters they look like (Unicode TR 39, confusables)."""

_ROWS = (
    # Greek, Cyrillic, Armenian and Cherokee letters that look Latin.
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αβγεηικνορστυχω", "abyenikvopotuxw"),
    ("АВЕЗКМНОРСТУХІЈЅԚԜҮӀ", "ABE3KMHOPCTYXIJSQWYI"),
    ("авекмнопрстухіјѕԁԛԝһүӏьг", "abekmhonpctyxijsdqwhylbr"),
    ("ՏՍՕԼսօհոցք", "SUOLuohngp"),
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᏀᏃᏎᏏᏒᏔᏙᏚᏞᏟᏢᏦᏧᏴ", "DRTiYAJEWMHGZ4bRWVSLCPKdB"),
    # Small capitals, and everything else that TR 39 maps to one Latin letter or digit.
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
LATIN_LOOK_ALIKES = {ord(other): latin for row in _ROWS for other, latin in zip(*row, strict=True)}
"""Each code point with the Latin letter or digit it looks like, for `str.translate`."""
