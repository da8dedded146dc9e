"""Search: matching messages, marks and excerpts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.errors import ChatError
from chat.domain.messages import search as searching
from chat.domain.messages.attachment import Attachment
from chat.domain.messages.message import Message
from chat.domain.messages.search import MAX_RESULTS, PADDING, Hit, SearchTexts, TextForms, excerpt
from chat.domain.messages.search_query import parse_query, query_by_author
from chat.domain.text.folding import fold

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def messages_with(*texts: str, name: str = "Ann") -> list[Message]:
    return [
        Message(f"message{number:05}", "lobby", name.lower(), name, text, NOON + timedelta(minutes=number))
        for number, text in enumerate(texts)
    ]


def search(
    messages: Iterable[Message], query: object, limit: int = MAX_RESULTS, texts: SearchTexts | None = None
) -> list[Hit]:
    parsed = parse_query(query, texts.forms.expand if texts is not None else str)
    return searching.search(messages, parsed, limit, texts)


def found(query: object, *texts: str) -> list[str]:
    return [hit.message.text for hit in search(messages_with(*texts), query)]


def marked(query: str, text: str) -> list[str]:
    """Return what is marked in this text, which must match."""
    (hit,) = search(messages_with(text), query)
    return [hit.message.text[start:end] for start, end in hit.marks]


def refusal(query: object) -> ChatError:
    with pytest.raises(ChatError) as refused:
        search(messages_with("Hello"), query)
    return refused.value


# Matching.


def test_newest_comes_first():
    assert found("tea", "tea at four", "coffee", "tea at five") == ["tea at five", "tea at four"]


def test_all_words_must_match_in_any_order_even_inside_words():
    assert found("port air", "airport", "air", "port", "airy porter") == ["airy porter", "airport"]


def test_authors_name_matches_but_is_not_marked():
    (hit,) = search([*messages_with("Hello", name="Zoë"), *messages_with("Hello", name="Bob")], "zoe hello")
    assert (hit.message.name, hit.marks) == ("Zoë", ((0, 5),))
    (hit,) = search(messages_with("Hi", name="Zoë"), "zoe")
    assert hit.marks == ()


@pytest.mark.parametrize("query", ['"good day"', "“good day”", "„good   day“", "«good day»", '"good day'])
def test_quoted_words_match_as_phrase(query: str):
    assert found(query, "Good day!", "a good one, a day", "good\nday") == ["good\nday", "Good day!"]


def test_phrase_and_other_words_combine():
    assert found('ann "see you"soon', "see you soon", "see you", "soon see, you") == ["see you soon"]


@pytest.mark.parametrize("query", ["hello", "HELLO", "hellö", "ĥéḽḹó", "ｈｅｌｌｏ"])
def test_case_and_accents_are_ignored(query: str):
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
        *(("don't", "don’t"), ("don’t", "don't"), ("don't", "don´t"), ("don't", "don`t"), ("don′t", "donʼt")),
        *(
            ("l'eau", "l‘eau"),
            ("o'neil", "O＇Neil"),
            ("hawai'i", "Hawaiʻi"),
            ("צ'יפס", "צ׳יפס"),
            ("rock'n'roll", "rock‛n’roll"),
        ),
        *(("well-known", "well‐known"), ("well-known", "well‑known"), ("well–known", "well-known"), ("-", "—")),
        *(("2026-05", "2026−05"), ("a-b", "a－b"), ("a-b", "a﹣b"), ("a―b", "a-b"), ("a-b", "a‒b")),
        *(("علي", "علی"), ("على", "علي"), ("كتاب", "کتاب"), ("کتاب", "كتاب"), ("مدرسه", "مدرسة"), ("مدرسة", "مدرسه")),
        *(("الله", "ٱللّٰه"), ("اسلام", "إسلام"), ("آب", "اب"), ("مسئول", "مسيول"), ("ہم", "هم"), ("العَرَبِيَّة", "العربية")),
        *(("خانه‌ها", "خانهها"), ("١٢٣", "123"), ("123", "۱۲۳"), ("१२", "12"), ("کـتـاب", "كتاب"), ("ﻼ", "لا")),
    ],
    ids=ascii,
)
def test_letters_of_many_scripts_are_folded(query: str, text: str):
    assert found(query, text) == [text]


def test_different_letters_stay_different():
    assert found("ب", "ت") == []
    assert found("я", "R") == []


def test_symbols_match_literally():
    assert found(".*", "a.*b", "ab") == ["a.*b"]
    assert found("c++", "C++", "c") == ["C++"]
    assert found("%_", "100 %_", "100") == ["100 %_"]


def test_results_are_limited():
    assert len(search(messages_with(*["Hello"] * 60), "hello")) == 50
    assert [hit.message.text for hit in search(messages_with("a1", "a2", "a3"), "a", limit=2)] == ["a3", "a2"]
    assert search(messages_with("a1"), "a", limit=0) == []


def test_messages_may_come_from_an_iterator():
    assert [hit.message.text for hit in search(iter(messages_with("a1", "a2")), "a")] == ["a2", "a1"]


# Filters.


def by_filter(query: str) -> list[str]:
    """Return what is found in six messages, oldest first."""
    people = [("Ann", "tea"), ("Anna Lee", "green tea"), ("Joanna", "tea https://example.org"), ("Bob", "no from:ann")]
    messages = [
        Message(
            f"message{number:02}", "lobby", name.lower(), name, text, datetime(2026, 4 + number, 30, 23, tzinfo=UTC)
        )
        for number, (name, text) in enumerate([*people, ("田中", "お茶 tea"), ("Zoë", "https://example.com")])
    ]
    return [hit.message.name for hit in reversed(search(messages, query))]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        *(("from:ann", ["Ann", "Anna Lee"]), ("from:@Ann", ["Ann", "Anna Lee"]), ("FROM:LEE", ["Anna Lee"])),
        *(
            ('from:"Ann"', ["Ann"]),
            ('from:"anna lee"', ["Anna Lee"]),
            ("from:“Anna Lee”", ["Anna Lee"]),
            ("from:zoe", ["Zoë"]),
        ),
        *(
            ("from:田", ["田中"]),
            ("from：＠田中", ["田中"]),
            ("from:ann from:bob", ["Ann", "Anna Lee", "Bob"]),
            ("from:x", []),
        ),
        *(('from:"ann l"', []), ("from:nn", []), ("from:ann tea green", ["Anna Lee"]), ("tea from:bob", [])),
    ],
)
def test_author_is_a_filter(query: str, names: list[str]):
    assert by_filter(query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        *(("before:2026-04-30", []), ("before:2026-05-01", ["Ann"]), ("before:2026-05", ["Ann"]), ("before:2026", [])),
        *(
            ("after:2026-08-30", ["Zoë"]),
            ("after:2026-08-29", ["田中", "Zoë"]),
            ("after:2026-08", ["Zoë"]),
            ("after:2026", []),
        ),
        *(("after:2025-12 before:2026/5/30", ["Ann"]), ("after:2026.4.30 before:2026-07", ["Anna Lee", "Joanna"])),
        *(
            ("tea after:2026-06", ["田中"]),
            ("from:ann after:2026-04", ["Anna Lee"]),
            ("before:２０２６–０５", ["Ann"]),
        ),
        *(("after:2026-06 after:2026-08", ["Zoë"]), ("before:2027 before:2026-05", ["Ann"]), ("after:2026-12", [])),
    ],
)
def test_time_is_a_filter(query: str, names: list[str]):
    assert by_filter(query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        *(
            ("has:file", []),
            ("has:photos", []),
            ("has:link", ["Joanna", "Zoë"]),
            ("has:LINKS tea", ["Joanna"]),
            ("has:url from:zoe", ["Zoë"]),
        ),
        *(("has:link from:bob", []), ("has:link before:2026-07", ["Joanna"])),
    ],
)
def test_link_is_a_filter(query: str, names: list[str]):
    assert by_filter(query) == names


@pytest.mark.parametrize(
    "query",
    [
        *("from:", "before:", "after:", "has:", "before:lunch", "after:2026-13", "before:2026-02-30", "after:9999"),
        *("has:tea", "before:31.12.2026", '"from:ann"', "xfrom:ann", "before:0000", 'from:""', "after:20260501"),
    ],
)
def test_invalid_filter_is_text(query: str):
    text = query.strip('"').replace('""', "")
    assert found(query, f"say {text} now", "something else") == [f"say {text} now"]


def test_filters_alone_mark_nothing():
    (hit,) = search(messages_with("from Ann"), "from:ann")
    assert hit.marks == ()


# Refusals.


@pytest.mark.parametrize(
    "query", ["", "  \n", '""', '" "', "\u0301", "\u200b", "\u0640", None, 3, ["hello"], b"hello"], ids=ascii
)
def test_query_without_a_word_is_refused(query: object):
    assert refusal(query).key == "search-empty"


def test_query_has_at_most_200_characters():
    assert found("a" * 200, "a" * 200) == ["a" * 200]
    problem = refusal("a" * 201)
    assert (problem.key, problem.details) == ("search-too-long", {"limit": 200})
    assert refusal(" " * 10_000_000).key == "search-too-long"


# Marks.


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
        ("a", "\u0301a\u0301\u0301b", ["a\u0301\u0301"]),
        ("s", "ßß\u0301x", ["ßß\u0301"]),
    ],
    ids=ascii,
)
def test_marks_fit_the_original_text(query: str, text: str, marks: list[str]):
    assert marked(query, text) == marks


TEXT = st.text(st.sampled_from("aAbßİıée\u0301ﬃا\u064e\u0640가 👍\u200d\n"), max_size=30)


@given(TEXT, TEXT.filter(lambda text: fold(text).strip()), TEXT)
def test_any_text_is_found_and_marked(before: str, sought: str, after: str):
    text = before + sought + after
    (hit,) = search(messages_with(text), sought)
    assert all(0 <= start < end <= len(text) for start, end in hit.marks)
    assert all(first[1] < second[0] for first, second in pairwise(hit.marks))
    in_marks = " ".join(fold(text[start:end]) for start, end in hit.marks)
    assert all(word in in_marks for word in fold(sought).split())


# Excerpts.


def test_short_text_is_shown_whole():
    (hit,) = search(messages_with("Tea\nor coffee? Tea!"), "tea")
    assert excerpt(hit) == [("Tea", True), (" or coffee? ", False), ("Tea", True), ("!", False)]


def test_long_text_is_cut_between_words_around_first_match():
    words = " ".join(f"word{number}" for number in range(100))
    (hit,) = search(messages_with(words.replace("word50", "needle") + " needle"), "needle")
    pieces = excerpt(hit, width=60)
    assert pieces == [("…word48 word49 ", False), ("needle", True), (" word51 word52 word53 word54…", False)]


def test_match_in_name_shows_beginning_of_text():
    (hit,) = search(messages_with("word " * 100, name="Zoë"), "zoe")
    ((text, matches),) = excerpt(hit, width=20)
    assert (text, matches) == ("word word word word…", False)


def test_match_at_the_end_is_shown():
    (hit,) = search(messages_with("x" * 500 + "needle"), "needle")
    assert excerpt(hit, width=20) == [("…" + "x" * 14, False), ("needle", True)]


def test_match_longer_than_excerpt_is_cut():
    (hit,) = search(messages_with("a" * 500), "a")
    assert excerpt(hit, width=10) == [("a" * 10, True), ("…", False)]


@given(st.text("ab ß\u0301\n", min_size=1, max_size=400), st.sampled_from(["a", "b", "ab", "ss"]), st.integers(10, 100))
def test_excerpt_is_part_of_the_text(text: str, query: str, width: int):
    for hit in search(messages_with(text, name="Zoë"), query):
        pieces = excerpt(hit, width)
        shown = "".join(piece for piece, _matches in pieces)
        assert shown.strip("…") in text.replace("\n", " ")
        assert len(shown) <= width + 2
        assert any(matches for _piece, matches in pieces)
        assert all(piece for piece, _matches in pieces)


@pytest.mark.parametrize("name", ["Ann", "Ann Lee", 'Ann "the" Lee', "«Ann»", "צה״ל", "Ann ❤️", "from:Bob"])
def test_query_by_author_finds_exactly_their_messages(name: str):
    own, others = messages_with("hello", "tea", name=name), messages_with("hello", name=f"{name} 2")
    hits = search([*own, *others], query_by_author([name]))
    assert [hit.message for hit in hits] == [*reversed(own)]


def test_query_by_author_has_as_many_names_as_fit():
    query = query_by_author(str(number) * 32 for number in range(1, 10))
    assert query.startswith('from:"1111') and query.count("from:") == 5
    assert len(parse_query(query).authors) == 5


# Texts as people read them.


def test_reader_hides_markup_and_keeps_positions():
    padded = PADDING * 2
    forms = TextForms(shown=lambda text: text.replace("**", padded), expand=lambda text: text.replace(":tada:", "🎉"))
    texts = SearchTexts(forms)
    messages = messages_with("a **wo**rd!", "🎉 party", "w**ö**rter")
    (hit,) = search(messages, "word", texts=texts)
    assert [hit.message.text[start:end] for start, end in hit.marks] == ["wo**rd"]
    assert [hit.message.text for hit in search(messages, ":tada:", texts=texts)] == ["🎉 party"]
    assert [hit.message.text for hit in search(messages, "**wo**rd", texts=texts)] == ["a **wo**rd!"]
    assert set(texts) == {message.text for message in messages}


def test_words_do_not_match_across_both_readings():
    forms = TextForms(shown=lambda text: text.replace("*", PADDING))
    assert search(messages_with("*ab"), '"ab ab"', texts=SearchTexts(forms)) == []


def test_texts_of_messages_that_are_gone_are_forgotten():
    texts = SearchTexts(TextForms())
    messages = messages_with("green tea", "black tea")
    search(messages, "tea", texts=texts)
    texts.is_stale = True
    search(messages[1:], "tea", texts=texts)
    assert (set(texts), texts.is_stale) == ({"black tea"}, False)


def test_remembered_texts_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SearchTexts.__missing__.__globals__, "MAX_CACHED", 3)
    texts = SearchTexts(TextForms())
    for number in range(10):
        assert search(messages_with(f"tea {number}"), "tea", texts=texts)
        assert len(texts) <= 3


# Speed.


@pytest.mark.parametrize("text", ["the quick brown fox jumps over the lazy dog and says hello", "größere Füße " * 5])
def test_searching_ten_thousand_messages_is_fast(text: str):
    messages = [
        replace(message, text=f"{text} {number}") for number, message in enumerate(messages_with(*[text] * 10_000))
    ]
    search(messages, "warm")
    start = process_time()
    assert search(messages, "nowhere to be found") == []
    assert process_time() - start < 0.2


def test_hostile_query_in_hostile_messages_is_fast():
    messages = messages_with(*["a" * 4000, "ß" * 4000] * 50)
    start = process_time()
    search(messages, " ".join("a" * length for length in range(1, 19)))
    search(messages, " ".join("s" * length for length in range(1, 19)))
    search(messages, " ".join(map(chr, range(0x4E00, 0x4E00 + 95))) + " a")
    assert process_time() - start < 2


def test_hits_compare_by_value():
    message = messages_with("Hello")[0]
    assert search([message], "ello") == [Hit(message, ((1, 5),))]


def test_marks_of_many_matches_are_limited():
    (hit,) = search(messages_with("é " * 2000), "e")
    assert hit.marks == tuple((2 * number, 2 * number + 1) for number in range(100))


def test_files_are_found_by_name_description_and_kind():
    file = Attachment("a" * 64, "Größe.pdf", "application/pdf", 3)
    picture = Attachment("b" * 64, "IMG 1.jpg", "image/jpeg", 3, 40, 30, alt="A cup of tea")
    plain, with_file, with_picture = messages_with("Hello", "Look", "")
    messages = [plain, replace(with_file, attachments=(file,)), replace(with_picture, attachments=(picture,))]
    found = {
        query: [hit.message.excerpt for hit in search(messages, query)]
        for query in ("has:file", "has:image", "groesse OR", "grosse", "cup has:file", "img look")
    }
    assert found == {
        "has:file": ["A cup of tea", "Look"],
        "has:image": ["A cup of tea"],
        "groesse OR": [],
        "grosse": ["Look"],
        "cup has:file": ["A cup of tea"],
        "img look": [],
    }
