"""How well what was typed matches a name, in completion and in the quick switcher."""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TypeVar

from chat.domain.text.folding import fold

T = TypeVar("T")

EXACT, PREFIX, WORD, ANYWHERE, NOWHERE = range(5)


def rank(typed: str, name: str) -> int:
    """Return how well the folded name matches the folded text; lower is better."""
    if typed == name:
        return EXACT
    if name.startswith(typed):
        return PREFIX
    if typed not in name:
        return NOWHERE
    return WORD if re.search(rf"\b{re.escape(typed)}", name) else ANYWHERE


def rank_words(typed: str, name: str) -> int:
    """Rank several words, each of which may begin any word of the name: "gr te" matches "green tea"."""
    whole = rank(typed, name)
    if whole <= WORD:
        return whole
    words = re.findall(r"\w+", name)
    for begun in re.findall(r"\w+", typed):
        beginning = next((word for word in words if word.startswith(begun)), None)
        if beginning is None:
            return whole
        words.remove(beginning)
    return WORD


def best(typed: str, named: Iterable[tuple[Sequence[str], T]], by: Callable[[str, str], int] = rank) -> list[T]:
    """Return the items that match, given with their names, the best first; equally good ones keep their order."""
    folded = fold(typed)
    ranked = [(min(by(folded, fold(name)) for name in names), item) for names, item in named]
    return [item for rank, item in sorted(ranked, key=itemgetter(0)) if rank < NOWHERE]
