"""Mentions: finding names after "@", and renaming them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.messages.mentions import find, rename

NAMES = {
    "1": "Ann",
    "2": "Anna",
    "3": "Anna Lee",
    "4": "bob",
    "5": "Zoë",
    "6": "Weiß",
    "7": "李雷",
    "8": "🦊",
    "9": "O'Neil",
}


def mentioned(text: str, can_mention_everyone: bool = False) -> dict[str, str]:
    return find(text, NAMES, can_mention_everyone=can_mention_everyone)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann", {"Ann": "1"}),
        ("Hi @Ann!", {"Ann": "1"}),
        ("@Ann's tea", {"Ann": "1"}),
        ("@Ann, look", {"Ann": "1"}),
        ("＠Ann ﹫bob", {"Ann": "1", "bob": "4"}),
        ("@李雷你好", {"李雷": "7"}),
        ("李@李雷", {"李雷": "7"}),
        ("(@Ann) and [@bob]", {"Ann": "1", "bob": "4"}),
        ("@Ann/@bob", {"Ann": "1", "bob": "4"}),
        ("@Ann,@bob", {"Ann": "1", "bob": "4"}),
        ("**@Ann**", {"Ann": "1"}),
        ("so:\n@Ann", {"Ann": "1"}),
        ("@李雷!", {"李雷": "7"}),
        ("@🦊 @O'Neil", {"🦊": "8", "O'Neil": "9"}),
    ],
)
def test_name_after_at_sign_is_a_mention(text: str, found: dict[str, str]):
    assert mentioned(text) == found


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("@田中さん", "田中"), ("こんにちは@田中", "田中"), ("＠田中", "田中"), ("你好，@田中。", "田中")),
        *(
            ("「@田中」", "田中"),
            ("（＠田中）", "田中"),
            ("@田中サン", "田中"),
            ("@田中1番", "田中"),
            ("ｺﾝﾆﾁﾊ﹫田中", "田中"),
        ),
        *(("@Annさん", "Ann"), ("こんにちは＠annさん", "ann"), ("@ann님", "ann"), ("谢谢@Ann和大家", "Ann")),
        *(("@민수님 안녕", "민수"), ("안녕@민수야", "민수"), ("@สมชายครับ", "สมชาย"), ("สวัสดี@สมชาย", "สมชาย")),
        *(
            ("¿@Ann?", "Ann"),
            ("„@Ann“", "Ann"),
            ("“@Ann”", "Ann"),
            ("‹@Ann›", "Ann"),
            ("…@Ann", "Ann"),
            ("—@Ann", "Ann"),
        ),
        *(("看https://example.com/a，@田中", "田中"), ("https://example.com。＠田中", "田中"), ("،@Ann", "Ann")),
    ],
)
def test_scripts_without_spaces_and_punctuation_have_mentions(text: str, written: str):
    names = {"a": "Ann", "t": "田中", "m": "민수", "s": "สมชาย"}
    found = find(text, names, can_mention_everyone=False)
    assert found == {written: next(key for key, name in names.items() if name.casefold() == written.casefold())}
    assert rename(text, found, dict.fromkeys(names, "X Y")) == text.replace(written, "X Y")


@pytest.mark.parametrize("text", ["@佐々木", "@サラー", "@สมี", "@한\u11ab", "@田_中", "@田\u3099", "@Annx田"])
def test_name_does_not_end_within_a_cluster_of_signs(text: str):
    names = {"1": "佐", "2": "サラ", "3": "สม", "4": "하", "5": "田", "6": "Ann"}
    assert find(text, names, can_mention_everyone=False) == {}


def test_longer_name_wins_in_scripts_without_spaces():
    names = {"1": "田中", "2": "田中さん", "3": "李", "4": "李雷"}
    text = "@田中さんと＠田中くん、@李雷は"
    assert find(text, names, can_mention_everyone=False) == {"田中さん": "2", "田中": "1", "李雷": "4"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Anna Lee", {"Anna Lee": "3"}),
        ("@Anna Leeds", {"Anna": "2"}),
        ("@Anna, Lee", {"Anna": "2"}),
        ("@Ann Lee", {"Ann": "1"}),
        ("@Anna  Lee", {"Anna": "2"}),
        ("@Ann @Anna @Anna Lee", {"Ann": "1", "Anna": "2", "Anna Lee": "3"}),
    ],
)
def test_longest_name_wins(text: str, found: dict[str, str]):
    assert mentioned(text) == found


@pytest.mark.parametrize(
    ("written", "member"),
    [("ANN", "1"), ("anna lee", "3"), ("Bob", "4"), ("ZOË", "5"), ("Zoe\u0308", "5"), ("WEISS", "6"), ("weiß", "6")],
    ids=ascii,
)
def test_name_is_kept_as_written_in_any_case(written: str, member: str):
    assert mentioned(f"ß e\u0301 @{written}!") == {written: member}


def test_accents_count():
    assert mentioned("@Zoe") == {}
    assert mentioned("@Ann\u0308") == {}


@pytest.mark.parametrize(
    "text",
    ["", "Ann", "@", "@ Ann", "@Annabel", "@Ann_", "@Ann1", "@Annñ", "@An", "@nobody", "@Wei", "@Weis"],
)
def test_text_without_known_name_has_no_mention(text: str):
    assert mentioned(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "me@Ann",
            "me@ann.example",
            "me@bob",
            "x@Ann y@bob",
            "@@Ann",
            "_@Ann",
            "é@Ann",
            "e\u0301@Ann",
            "李@ann.example",
            "张三@bob.example.org",
            "안녕@bob.kr",
            "１@李雷",
            "é＠李雷",
        ),
        *("mailto:you+@bob", "https://example.org/@bob", "see https://example.org/?who=@bob", "HTTP://@bob"),
        *("＠＠Ann", "@＠Ann", "https://example.org/你好/@李雷", "www.例え.jp/＠bob", "me＠Ann", "me@李雷"),
        *("www.example.org/@bob", "example.org/@bob", "(http://example.org/,@bob)", "localhost.me:80/@bob"),
    ],
)
def test_words_mail_addresses_and_links_have_no_mentions(text: str):
    assert mentioned(text) == {}


def test_mention_beside_link_counts():
    assert mentioned("https://example.org/ @Ann www.example.org\n@bob me@example.org") == {"Ann": "1", "bob": "4"}


def test_all_needs_permission():
    assert mentioned("@all @All, @ann", can_mention_everyone=True) == {"all": "all", "All": "all", "ann": "1"}
    assert mentioned("@all @ann") == {"ann": "1"}
    assert mentioned("@allow call@all", can_mention_everyone=True) == {}


def test_at_most_twenty_mentions_count():
    names = {str(number): f"Member {number}" for number in range(30)}
    found = find(" ".join(f"@{name}" for name in names.values()), names, can_mention_everyone=False)
    assert found == {f"Member {number}": str(number) for number in range(20)}


def test_repeated_mention_counts_once():
    assert mentioned("@Ann " * 100 + "@bob") == {"Ann": "1", "bob": "4"}


@given(st.text("@＠Annaß Lee\u0301eE_.,/:\u1100\u1161\u11a8", max_size=40))
def test_found_names_stand_after_at_sign(text: str):
    names = {"a": "Anna", "e": "é", "s": "aß", "h": "각", "l": "Lee"}
    for written, member in find(text, names, can_mention_everyone=True).items():
        assert f"@{written}" in text.replace("＠", "@")
        assert find(f"@{written}", names, can_mention_everyone=True) == {written: member}


@pytest.mark.parametrize(
    "text",
    [
        *("@" * 4000, "@ " * 2000, "@a" * 2000, "@ab " * 1000, "@x.y/" * 800, "a." * 2000, "@" + "a" * 3999),
        *("@e\u0301 " * 1000, "@ß " * 1300, "@" + "\u0301" * 3999, "www." * 1000, "://@" * 1000, " " * 3999 + "@"),
        *("@" + "ab " * 1333, "a@" * 2000, "-.@" * 1333, "@\u1100\u1161 " * 1000, "a\u0301" * 2000),
    ],
    ids=lambda text: ascii(text)[1:13],
)
def test_hostile_text_is_fast(text: str):
    names = {str(number): ("ab " * 11)[: number % 31 + 1] + str(number) for number in range(1000)}
    start = process_time()
    find(text, names, can_mention_everyone=True)
    assert process_time() - start < 0.2


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("@Ann", "@X Y"),
        ("@Ann and @ann, (@Ann)", "@X Y and @X Y, (@X Y)"),
        ("@Anna @Anna Lee @Annabel", "@Anna @Anna Lee @Annabel"),
        ("me@Ann.org www.x.org/@Ann @@Ann", "me@Ann.org www.x.org/@Ann @@Ann"),
        ("Ann, and @bob", "Ann, and @bob"),
        ("", ""),
    ],
)
def test_mentions_are_renamed(text: str, renamed: str):
    assert rename(text, mentioned(text), {"1": "X Y"}) == renamed


def test_members_may_swap_names():
    text = "@Ann, @bob and @Anna Lee"
    assert rename(text, mentioned(text), {"1": "bob", "4": "Ann"}) == "@bob, @Ann and @Anna Lee"


@given(st.text("@ab é.:/ ", max_size=40))
def test_old_name_is_gone_after_renaming(text: str):
    names = {"a": "a", "b": "ab", "e": "é", "c": "a b"}
    renamed = rename(text, find(text, names, can_mention_everyone=False), {"a": "Z"})
    assert "a" not in find(renamed, names, can_mention_everyone=False).values()
    assert renamed.count("@") == text.count("@")
