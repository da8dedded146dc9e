"""The word filter: blocked words in messages, edits and names."""

import pytest

from chat.domain.commands.replies import WordFilterReply
from chat.domain.errors import NameRefused
from chat.domain.moderation.events import WordFilterChanged
from chat.domain.rooms.room import Room
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, BOB, NOON, event_of, execute, post, refusal, run


@pytest.mark.parametrize(
    "text",
    ["darn", "DARN!", "Därn it", "oh da\u200brn", "ok, damnation", "damn", "„Darn“", "_darn_", "oh__darn__",
     "da\ufffcrn", "da\u034frn", "da\U000e0101rn", "da\u3164rn", "da\u2800rn", "da\u20ddrn", "da\u0901rn", "d\\arn",
     "oh\\darn", "dаrn", "dαrn", "ԁarn"],
)  # fmt: skip
def test_blocked_words_are_refused(moderated_room: Room, text: str):
    execute(moderated_room, "/filter Darn damn*", ADA)
    assert refusal(lambda: post(moderated_room.conversation, BOB, text)).key == "word-filtered"
    assert refusal(lambda: post(moderated_room.conversation, ADA, text)).key == "word-filtered"


@pytest.mark.parametrize("text", ["darned", "adamn", "da rn", "Hello", "дам", "da\\ rn"])
def test_other_words_are_allowed(moderated_room: Room, text: str):
    execute(moderated_room, "/filter darn damn*", ADA)
    post(moderated_room.conversation, BOB, text)


def test_blocked_words_are_refused_in_edits_and_names(moderated_room: Room):
    execute(moderated_room, "/filter darn", ADA)
    post(moderated_room.conversation, BOB, "Hello")
    edit = refusal(lambda: moderated_room.conversation.edit(BOB, "message01", "Darn", NOON))
    assert edit.key == "word-filtered"
    rename = refusal(lambda: moderated_room.rename("bob", parse_nickname("Darn Bob"), NOON))
    assert isinstance(rename, NameRefused)


def test_words_can_be_listed_and_allowed_again(moderated_room: Room):
    execute(moderated_room, "/filter darn damn*", ADA)
    assert run(moderated_room, "/filter", ADA) == WordFilterReply(("damn*", "darn"))
    event = execute(moderated_room, "/filter -DARN heck", ADA)
    assert event == WordFilterChanged("lobby", ADA.ref, NOON, frozenset({"heck"}), frozenset({"darn"}))
    post(moderated_room.conversation, BOB, "darn")


@pytest.mark.parametrize(("entry", "text"), [("राम", "जय राम!"), ("дам", "Дам"), ("管理", "管理")])
def test_words_of_any_script_are_blocked(moderated_room: Room, entry: str, text: str):
    execute(moderated_room, f"/filter {entry}", ADA)
    assert refusal(lambda: post(moderated_room.conversation, BOB, text)).key == "word-filtered"
    post(moderated_room.conversation, BOB, "रमा")


@pytest.mark.parametrize("word", ["*", "-", "a-b", "a_b", "!", "x" * 41, "da*rn"])
def test_invalid_word_is_refused(moderated_room: Room, word: str):
    assert refusal(lambda: event_of(moderated_room, f"/filter {word}", ADA)).key == "filter-word"
