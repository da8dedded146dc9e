"""Search: which messages are found, what is marked in them, and what is shown around a match."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.messages.search import Hit, excerpt, search
from chat.domain.text.folding import fold

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(*texts: str, name: str = "Ann") -> list[Message]:
    return [
        Message(f"message{number:05}", "lobby", name.lower(), name, text, NOON + timedelta(minutes=number))
        for number, text in enumerate(texts)
    ]


def found(query: object, *texts: str) -> list[str]:
    return [hit.message.text for hit in search(said(*texts), query)]


def marked(query: str, text: str) -> list[str]:
    """What is marked in this text, which must be found."""
    (hit,) = search(said(text), query)
    return [hit.message.text[start:end] for start, end in hit.marks]


def refusal(query: object) -> ChatError:
    with pytest.raises(ChatError) as refused:
        search(said("Hello"), query)
    return refused.value


# What is found.


def test_the_newest_come_first():
    assert found("tea", "tea at four", "coffee", "tea at five") == ["tea at five", "tea at four"]


def test_every_word_must_occur_in_any_order_also_inside_of_words():
    assert found("port air", "airport", "air", "port", "airy porter") == ["airy porter", "airport"]


def test_an_authors_name_counts_but_is_not_marked():
    (hit,) = search([*said("Hello", name="Zoë"), *said("Hello", name="Bob")], "zoe hello")
    assert (hit.message.name, hit.marks) == ("Zoë", ((0, 5),))
    (hit,) = search(said("Hi", name="Zoë"), "zoe")
    assert hit.marks == ()


@pytest.mark.parametrize("query", ['"good day"', "“good day”", "„good   day“", "«good day»", '"good day'])
def test_quoted_words_belong_together(query: str):
    assert found(query, "Good day!", "a good one, a day", "good\nday") == ["good\nday", "Good day!"]


def test_a_quoted_phrase_and_other_words():
    assert found('ann "see you"soon', "see you soon", "see you", "soon see, you") == ["see you soon"]


@pytest.mark.parametrize("query", ["hello", "HELLO", "hellö", "ĥéḽḹó", "ｈｅｌｌｏ"])
def test_case_and_accents_do_not_matter(query: str):
    assert found(query, "Hello!") == ["Hello!"]
    assert found("hello", query) == [query]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("strasse", "Straße"),
        ("STRASSE", "straße"),
        ("straße", "STRASSE"),
        ("istanbul", "İSTANBUL"),
        ("ISIK", "ışık"),
        ("ışık", "ISIK"),
        ("lodz", "Łódź"),
        ("smorrebrod", "smørrebrød"),
        ("οδος", "Ὀδός"),
        ("елка", "Ёлка"),
        ("محمد", "مُحَمَّد"),
        ("محمد", "مـحـمـد"),
        ("احمد", "أحمد"),
        ("שלום", "שָׁלוֹם"),
        ("가", "각하"),
        ("soft", "so\u00adft"),
        ("file", "ﬁle"),
        ("no break", "no\u00a0break"),
        ("👍", "👍🏽"),
        ("❤", "❤️"),
    ],
    ids=ascii,
)
def test_letters_of_the_world(query: str, text: str):
    assert found(query, text) == [text]


def test_different_letters_stay_different():
    assert found("ب", "ت") == []
    assert found("я", "R") == []


def test_signs_are_looked_for_as_they_are():
    assert found(".*", "a.*b", "ab") == ["a.*b"]
    assert found("c++", "C++", "c") == ["C++"]
    assert found("%_", "100 %_", "100") == ["100 %_"]


def test_no_more_than_asked_for():
    assert len(search(said(*["Hello"] * 60), "hello")) == 50
    assert [hit.message.text for hit in search(said("a1", "a2", "a3"), "a", limit=2)] == ["a3", "a2"]
    assert search(said("a1"), "a", limit=0) == []


def test_messages_may_come_from_anywhere():
    assert [hit.message.text for hit in search(iter(said("a1", "a2")), "a")] == ["a2", "a1"]


# What is refused.


@pytest.mark.parametrize(
    "query", ["", "  \n", '""', '" "', "\u0301", "\u200b", "\u0640", None, 3, ["hello"], b"hello"], ids=ascii
)
def test_nothing_to_look_for(query: object):
    assert refusal(query).key == "search-empty"


def test_a_query_has_200_characters_at_most():
    assert found("a" * 200, "a" * 200) == ["a" * 200]
    problem = refusal("a" * 201)
    assert (problem.key, problem.details) == ("search-too-long", {"limit": 200})
    assert refusal(" " * 10_000_000).key == "search-too-long"


# What is marked.


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("o", "foo boo", ["oo", "oo"]),
        ("ann anna", "Anna, ann", ["Anna", "ann"]),
        ("you are", "Are you there? You are!", ["Are", "you", "You", "are"]),
        ("strasse", "Die Straße, die STRASSE", ["Straße", "STRASSE"]),
        ("s", "Maß", ["ß"]),
        ("i", "İi", ["İi"]),
        ("istanbul", "in İstanbul!", ["İstanbul"]),
        ("cafe", "ein cafe\u0301 da", ["cafe\u0301"]),
        ("محمد", "يا مُحَمَّد!", ["مُحَمَّد"]),
        ("محمد", "مـحـمـد", ["مـحـمـد"]),
        ("fi", "oﬃce", ["ﬃ"]),
        ("b", "ẞßb", ["b"]),
        ("👍", "👍🏽!", ["👍"]),
        ('"a b"', "a\u00a0b a\nb", ["a\u00a0b", "a\nb"]),
        ("a.b", "a.b axb", ["a.b"]),
        ("aa ba", "baa ba", ["baa", "ba"]),
    ],
    ids=ascii,
)
def test_marks_are_right_in_the_text_as_written(query: str, text: str, marks: list[str]):
    assert marked(query, text) == marks


TEXT = st.text(st.sampled_from("aAbßİıée\u0301ﬃا\u064e\u0640가 👍\u200d\n"), max_size=30)


@given(TEXT, TEXT.filter(lambda text: fold(text).strip()), TEXT)
def test_whatever_is_written_is_found_and_marked(before: str, sought: str, after: str):
    text = before + sought + after
    (hit,) = search(said(text), sought)
    assert all(0 <= start < end <= len(text) for start, end in hit.marks)
    assert all(first[1] < second[0] for first, second in pairwise(hit.marks))
    in_marks = " ".join(fold(text[start:end]) for start, end in hit.marks)
    assert all(word in in_marks for word in fold(sought).split())


# What is shown around a match.


def test_a_short_text_is_shown_whole():
    (hit,) = search(said("Tea\nor coffee? Tea!"), "tea")
    assert excerpt(hit) == [("Tea", True), (" or coffee? ", False), ("Tea", True), ("!", False)]


def test_a_long_text_is_cut_between_words_around_the_first_match():
    words = " ".join(f"word{number}" for number in range(100))
    (hit,) = search(said(words.replace("word50", "needle") + " needle"), "needle")
    pieces = excerpt(hit, width=60)
    assert pieces == [("…word48 word49 ", False), ("needle", True), (" word51 word52 word53 word54…", False)]


def test_a_text_found_by_its_author_is_shown_from_its_beginning():
    (hit,) = search(said("word " * 100, name="Zoë"), "zoe")
    ((text, matches),) = excerpt(hit, width=20)
    assert (text, matches) == ("word word word word…", False)


def test_a_match_at_the_end():
    (hit,) = search(said("x" * 500 + "needle"), "needle")
    assert excerpt(hit, width=20) == [("…" + "x" * 14, False), ("needle", True)]


def test_a_match_longer_than_the_excerpt_is_cut():
    (hit,) = search(said("a" * 500), "a")
    assert excerpt(hit, width=10) == [("a" * 10, True), ("…", False)]


@given(st.text("ab ß\u0301\n", min_size=1, max_size=400), st.sampled_from(["a", "b", "ab", "ss"]), st.integers(10, 100))
def test_an_excerpt_is_a_part_of_the_text(text: str, query: str, width: int):
    for hit in search(said(text, name="Zoë"), query):
        pieces = excerpt(hit, width)
        shown = "".join(piece for piece, _matches in pieces)
        assert shown.strip("…") in text.replace("\n", " ")
        assert len(shown) <= width + 2
        assert any(matches for _piece, matches in pieces)
        assert all(piece for piece, _matches in pieces)


# Speed.


@pytest.mark.parametrize("text", ["the quick brown fox jumps over the lazy dog and says hello", "größere Füße " * 5])
def test_ten_thousand_messages_take_a_moment(text: str):
    messages = [replace(message, text=f"{text} {number}") for number, message in enumerate(said(*[text] * 10_000))]
    search(messages, "warm")
    start = process_time()
    assert search(messages, "nowhere to be found") == []
    assert process_time() - start < 0.2


def test_a_hostile_query_in_hostile_messages_takes_a_moment():
    messages = said(*["a" * 4000, "ß" * 4000] * 50)
    start = process_time()
    search(messages, " ".join("a" * length for length in range(1, 19)))
    search(messages, " ".join("s" * length for length in range(1, 19)))
    search(messages, " ".join(map(chr, range(0x4E00, 0x4E00 + 95))) + " a")
    assert process_time() - start < 2


def test_a_hit_is_a_value():
    message = said("Hello")[0]
    assert search([message], "ello") == [Hit(message, ((1, 5),))]
