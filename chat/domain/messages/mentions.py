"""Mentions: who is meant by `@name` in a text."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

ALL = "all"
MENTIONS_LIMIT = 20

# Where a link begins: what follows in the same run of characters belongs to it.
_LINK = re.compile(r"://|\bwww\.|\bmailto:|\w\.\w[\w-]*(:\d+)?/", re.IGNORECASE)


def find(text: str, names: Mapping[str, str], *, can_mention_everyone: bool) -> dict[str, str]:
    """Who is mentioned: each name as it is written after "@", with the member's id or `all`; 20 of them at most.

    `names` are those of the members, by id. Case does not matter, and the longest name that fits is meant. There is
    no mention within words, mail addresses and links.
    """
    members = {_compared(name): member_id for member_id, name in names.items() if name}
    if can_mention_everyone:
        members[ALL] = ALL
    lengths = sorted({len(name) for name in members}, reverse=True)
    folded, here, there = _folded(text) if "@" in text else ("", (), ())
    found: dict[str, str] = {}
    for sign in _signs(text):
        start = there[sign + 1]
        ends = [start + length for length in lengths if start >= 0 and start + length <= len(folded)]
        fitting = (end for end in ends if folded[start:end] in members and _ends(text, here[end]))
        end = next(fitting, None)
        if end is not None:
            found[text[sign + 1 : here[end]]] = members[folded[start:end]]
        if len(found) >= MENTIONS_LIMIT:
            break
    return found


def rename(text: str, found: Mapping[str, str], names: Mapping[str, str]) -> str:
    """`text` with the members called as in `names` (by id) where they are mentioned; `found` is what `find` said."""
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


def _signs(text: str) -> Iterator[int]:
    """Where an "@" is that can begin a mention."""
    for run in re.finditer(r"\S+", text):
        if "@" in run[0]:
            link = _LINK.search(run[0])
            end = run.start() + link.start() if link else run.end()
            for sign in range(run.start(), end):
                if text[sign] == "@" and (sign == 0 or not (text[sign - 1] == "@" or _is_of_a_word(text[sign - 1]))):
                    yield sign


def _ends(text: str, end: int) -> bool:
    """Whether a name can end here (-1: in the middle of a character)."""
    return end == len(text) or (end >= 0 and not _is_of_a_word(text[end]))


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character in "_\u200c\u200d" or unicodedata.category(character)[0] == "M"


def _compared(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _folded(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """`text` as compared, where each place in it is in `text`, and the reverse; -1 in the middle of a character."""
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
    """The text in pieces that Unicode's normalisation composes each by itself."""
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
