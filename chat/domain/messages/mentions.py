"""Mentions: finds the members that `@name` in a text refers to."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from chat.domain.messages.message import Message
from chat.domain.text.words import can_end, is_unspaced, is_word_character

SIGNS = "@＠﹫"  # the last two are typed in Chinese, Japanese and Korean
ALL = "all"
MAX_MENTIONS = 20

# Where a link begins: the rest of the same run of characters belongs to it.
LINK_START = re.compile(r"://|\bwww\.|\bmailto:|\w\.\w[\w-]*(:\d+)?/", re.IGNORECASE)

# What separates such runs: spaces, and punctuation after which some scripts put none.
_SEPARATORS = " \t\n、。，；：！？（）「」『』【】《》〈〉“”…،؛؟"
_RUN = re.compile(rf"[^\s{_SEPARATORS}]+")
_MAIL_HOST = re.compile(rf"[{SIGNS}][a-zA-Z0-9-]+\.[a-zA-Z]{{2}}")


def find(text: str, names: Mapping[str, str], *, can_mention_everyone: bool) -> dict[str, str]:
    """Find mentions: each name as written after "@" or "＠", with the member's id or `all`; at most 20.

    `names` are the members' names by id. Case is ignored, and the longest name that fits wins. There are no mentions
    within words, mail addresses and links; a script without spaces has no such limits of words.
    """
    members = {_compared(name): member_id for member_id, name in names.items() if name}
    if can_mention_everyone:
        members[ALL] = ALL
    lengths = sorted({len(name) for name in members}, reverse=True)
    folded, here, there = _folded(text) if has_sign(text) else ("", (), ())
    found: dict[str, str] = {}
    for sign in _signs(text):
        start = there[sign + 1]
        ends = [start + length for length in lengths if start >= 0 and start + length <= len(folded)]
        fitting = (end for end in ends if folded[start:end] in members and _ends(text, here[end]))
        end = next(fitting, None)
        if end is not None:
            found[text[sign + 1 : here[end]]] = members[folded[start:end]]
        if len(found) >= MAX_MENTIONS:
            break
    return found


def rename(text: str, found: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Replace mentioned names in `text` by those in `names` (by id); `found` is the result of `find`."""
    written = sorted(found, key=len, reverse=True)
    parts, done = list[str](), 0
    for sign in _signs(text):
        start = sign + 1
        here = (key for key in written if text.startswith(key, start) and _ends(text, start + len(key)))
        mentioned = next(here, None)
        if mentioned is not None and found[mentioned] in names:
            parts += [text[done:start], names[found[mentioned]]]
            done = start + len(mentioned)
    return "".join((*parts, text[done:]))


def has_sign(text: str) -> bool:
    return any(sign in text for sign in SIGNS)


def can_begin(text: str, sign: int) -> bool:
    """Tell whether a mention can begin with the sign at this position, going by the character before it."""
    if sign == 0:
        return True
    before = text[sign - 1]
    if is_word_character(before):
        return is_unspaced(before) and not _MAIL_HOST.match(text, sign)
    return before not in SIGNS


def is_in_link(text: str, position: int) -> bool:
    """Tell whether a link begins earlier in the same run of characters."""
    start = 1 + max(text.rfind(separator, 0, position) for separator in _SEPARATORS)
    return LINK_START.search(text, start, position) is not None


def is_addressed_to(message: Message, member_id: str) -> bool:
    """Tell whether another member's message mentions this one, or everyone, or replies to them."""
    if message.author == member_id:
        return False
    if message.reply is not None and message.reply.author == member_id:
        return True
    return bool(message.mentions) and not {member_id, ALL}.isdisjoint(message.mentions.values())


def _signs(text: str) -> Iterator[int]:
    """Yield the position of each "@" that can begin a mention."""
    for run in _RUN.finditer(text):
        if has_sign(run[0]):
            link = LINK_START.search(run[0])
            end = run.start() + link.start() if link else run.end()
            yield from (at for at in range(run.start(), end) if text[at] in SIGNS and can_begin(text, at))


def _ends(text: str, end: int) -> bool:
    """Tell whether a name can end here (-1: in the middle of a character)."""
    return end >= 0 and can_end(text, end)


def _compared(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _folded(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return `text` as compared, its positions in `text`, and the reverse; -1 in the middle of a character."""
    folded = _compared(text)
    if text.isascii() or (len(folded) == len(text) and unicodedata.is_normalized("NFC", text)):
        return folded, range(len(text) + 1), range(len(text) + 1)
    folded, here, there = "", list[int](), list[int]()
    at = 0
    for character in _characters(text):
        compared = _compared(character)
        here += [at] + [-1] * (len(compared) - 1)
        there += [len(folded)] + [-1] * (len(character) - 1)
        folded += compared
        at += len(character)
    return folded, [*here, len(text)], [*there, len(folded)]


def _characters(text: str) -> list[str]:
    """Split the text into pieces that Unicode normalisation composes independently."""
    pieces: list[str] = []
    for character in text:
        if pieces and (unicodedata.combining(character) or _compose(pieces[-1], character)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _compose(before: str, character: str) -> bool:
    if character.isascii():
        return False
    pair, alone = unicodedata.normalize("NFC", before[-2:] + character), unicodedata.normalize("NFC", before[-2:])
    return len(pair) <= len(alone)
