"""The word filter: blocked words in messages, edits and names."""

import pytest

from chat.domain.commands.replies import WordFilterReply
from chat.domain.errors import NameRefused
from chat.domain.moderation.events import WordFilterChanged
from chat.domain.rooms.chat_state import ChatState
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, BOB, NOON, event_of, execute, post, refusal, run


@pytest.mark.parametrize(
    "text",
    ["darn", "DARN!", "Därn it", "oh da\u200brn", "ok, damnation", "damn", "„Darn“", "_darn_", "oh__darn__",
     "da\ufffcrn", "da\u034frn", "da\U000e0101rn", "da\u3164rn", "da\u2800rn", "da\u20ddrn", "da\u0901rn", "d\\arn",
     "oh\\darn", "dаrn", "dαrn", "ԁarn"],
)  # fmt: skip
def test_blocked_words_are_refused(moderated_chat: ChatState, text: str):
    execute(moderated_chat, "/filter Darn damn*", ADA)
    assert refusal(lambda: post(moderated_chat.lobby.conversation, BOB, text)).key == "word-filtered"
    assert refusal(lambda: post(moderated_chat.lobby.conversation, ADA, text)).key == "word-filtered"


@pytest.mark.parametrize("text", ["darned", "adamn", "da rn", "Hello", "дам", "da\\ rn"])
def test_other_words_are_allowed(moderated_chat: ChatState, text: str):
    execute(moderated_chat, "/filter darn damn*", ADA)
    post(moderated_chat.lobby.conversation, BOB, text)


def test_blocked_words_are_refused_in_edits_and_names(moderated_chat: ChatState):
    execute(moderated_chat, "/filter darn", ADA)
    post(moderated_chat.lobby.conversation, BOB, "Hello")
    edit = refusal(lambda: moderated_chat.lobby.conversation.edit(BOB, "message01", "Darn", NOON))
    assert edit.key == "word-filtered"
    rename = refusal(lambda: moderated_chat.lobby.rename("bob", parse_nickname("Darn Bob"), NOON))
    assert isinstance(rename, NameRefused)


def test_words_can_be_listed_and_allowed_again(moderated_chat: ChatState):
    execute(moderated_chat, "/filter darn damn*", ADA)
    assert run(moderated_chat, "/filter", ADA) == WordFilterReply(("damn*", "darn"))
    event = execute(moderated_chat, "/filter -DARN heck", ADA)
    assert event == WordFilterChanged("lobby", ADA.ref, NOON, frozenset({"heck"}), frozenset({"darn"}))
    post(moderated_chat.lobby.conversation, BOB, "darn")


@pytest.mark.parametrize(("entry", "text"), [("राम", "जय राम!"), ("дам", "Дам"), ("管理", "管理")])
def test_words_of_any_script_are_blocked(moderated_chat: ChatState, entry: str, text: str):
    execute(moderated_chat, f"/filter {entry}", ADA)
    assert refusal(lambda: post(moderated_chat.lobby.conversation, BOB, text)).key == "word-filtered"
    post(moderated_chat.lobby.conversation, BOB, "रमा")


@pytest.mark.parametrize("word", ["*", "-", "a-b", "a_b", "!", "x" * 41, "da*rn"])
def test_invalid_word_is_refused(moderated_chat: ChatState, word: str):
    assert refusal(lambda: event_of(moderated_chat, f"/filter {word}", ADA)).key == "filter-word"
