"""How well what was typed matches names."""

import pytest

from chat.domain.text.matching import best, rank, rank_words

NAMES = ["Tea", "Green tea", "Team", "Steamers", "Café Tearoom", "Élan vital", "茶馆", "Lobby"]


def found(typed: str, by=rank) -> list[str]:
    return best(typed, (((name,), name) for name in NAMES), by)


def test_whole_names_come_first_then_beginnings_then_words_then_the_rest():
    assert found("TEA") == ["Tea", "Team", "Green tea", "Café Tearoom", "Steamers"]
    assert found("") == NAMES
    assert found("cafe") == ["Café Tearoom"]
    assert found("館") == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        *(("gr te", ["Green tea"]), ("te gr", ["Green tea"]), ("ca tea", ["Café Tearoom"]), ("el-vi", ["Élan vital"])),
        *(("te te", []), ("tea x", []), ("een tea", ["Green tea"]), ("馆", ["茶馆"]), ("eam", ["Team", "Steamers"])),
    ],
)
def test_words_are_matched_by_their_beginnings_in_any_order(typed: str, names: list[str]):
    assert found(typed, rank_words) == names


def test_best_of_several_names_counts():
    rooms = [(("green", "Green tea house"), 1), (("tea", "Tea"), 2), (("tea-2", "Green tea"), 3)]
    assert best("green tea", rooms) == [3, 1]
