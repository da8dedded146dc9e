"""What is said in a room: replies, edits, deletions, reactions, mentions and the topic; what is refused, and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.errors import ChatError, MessageRefused, NotAllowed, TextRefused
from chat.domain.events import (
    DurableEvent,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
)
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.rooms.conversation import MAX_REMEMBERED, TOPIC_LIMIT, Conversation
from chat.domain.rooms.timeline import HistoryClearedNotice, Item, TopicChangedNotice
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))
CID = Member("cid", parse_nickname("Cid"))
ADMIN = Member("ada", parse_nickname("Ada"), Role.ADMIN)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def new_conversation(limit: int = 100, *messages: Message) -> Conversation:
    conversation = Conversation("lobby", History(limit, messages))
    for member in (ANN, BOB, CID, ADMIN):
        conversation.remember_name(member.id, member.name)
    return conversation


@pytest.fixture
def talk() -> Conversation:
    """Ann has said "Hello" (message01), and everybody's name is known."""
    conversation = new_conversation()
    says(conversation, ANN, "Hello", "message01")
    return conversation


def says(talk: Conversation, member: Member, text: str, message_id: str, reply_to: str | None = None) -> Message:
    event = talk.post(member, text, message_id, NOON, reply_to=reply_to)
    talk.apply(event)
    return talk.message(event.message.id)


def get(talk: Conversation, message_id: str) -> Message:
    return talk.message(message_id)


def quoted(talk: Conversation, message_id: str) -> str:
    reply = get(talk, message_id).reply
    assert reply
    return reply.text


def shown(talk: Conversation) -> list[Item]:
    return [item for _, item in talk.timeline]


def content(talk: Conversation) -> object:
    """All that anybody can see of it."""
    return talk.history.topic, list(talk.history), list(talk.timeline)


def refusal(decide: Callable[[], object]) -> ChatError:
    with pytest.raises(ChatError) as refused:
        decide()
    return refused.value


# Posting.


def test_a_message_carries_who_said_it_when_and_where(talk: Conversation):
    message = talk.post(BOB, "Hi", "message02", NOON).message
    assert (message.room, message.author, message.name, message.text) == ("lobby", "bob", "Bob", "Hi")
    assert (message.id, message.at, message.kind, message.reply) == ("message02", NOON, Kind.TEXT, None)


def test_an_action_is_a_message_of_another_kind(talk: Conversation):
    assert talk.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION).message.kind is Kind.ACTION


def test_a_message_is_in_the_history_and_in_the_timeline_once(talk: Conversation):
    event = talk.post(BOB, "Hi", "message02", NOON)
    assert talk.apply(event)
    assert not talk.apply(event)
    assert list(talk.history)[1:] == shown(talk)[1:] == [event.message]


@pytest.mark.parametrize(("text", "key"), [(" ", "text-empty"), ("a" * 4001, "text-too-long"), (None, "text-empty")])
def test_text_that_is_none_is_refused(talk: Conversation, text: object, key: str):
    assert refusal(lambda: talk.post(BOB, text, "message02", NOON)).key == key


def test_a_message_that_is_sent_again_is_the_fact_of_then(talk: Conversation):
    assert talk.post(ANN, "something else", "message01", after(9)) == MessagePosted("lobby", get(talk, "message01"))


def test_a_message_of_another_with_the_same_id_is_another_message(talk: Conversation):
    says(talk, BOB, "Hi", "message01")
    assert [message.text for message in talk.history] == ["Hello", "Hi"]
    assert talk.has_posted("ann", "message01")
    assert talk.has_posted("bob", "message01")


# What was said already.


def test_nobody_has_said_what_was_never_posted(talk: Conversation):
    assert not talk.has_posted("bob", "message01")
    assert not talk.has_posted("ann", "message02")


def test_what_was_said_stays_said_when_it_is_deleted(talk: Conversation):
    says(talk, BOB, "Hi", "message01")
    for message in list(talk.history):
        talk.apply(talk.delete(ADMIN, message.id))
    assert talk.has_posted("ann", "message01")
    assert talk.has_posted("bob", "message01")


def test_what_was_said_stays_said_when_the_history_is_cleared(talk: Conversation):
    talk.apply(talk.clear(ADMIN, NOON))
    assert talk.has_posted("ann", "message01")
    assert not talk.has_posted("bob", "message01")


def test_what_was_said_stays_said_when_it_is_let_go():
    talk = new_conversation(limit=1)
    for number in range(3):
        says(talk, ANN, "Hello", f"message0{number}")
    assert all(talk.has_posted("ann", f"message0{number}") for number in range(3))


def test_what_was_said_before_a_restart_stays_said_when_it_is_deleted(talk: Conversation):
    again = new_conversation(100, *talk.history)
    assert again.has_posted("ann", "message01")
    again.apply(again.delete(ANN, "message01"))
    assert again.has_posted("ann", "message01")


def test_what_is_remembered_is_bounded():
    talk = new_conversation(limit=1)
    for number in range(MAX_REMEMBERED + 1):
        says(talk, ANN, "Hello", f"message{number:05}")
    assert not talk.has_posted("ann", "message00000")
    assert talk.has_posted("ann", "message00001")


# Replies.


def test_a_reply_quotes_the_original(talk: Conversation):
    assert says(talk, BOB, "Hi", "message02", reply_to="message01").reply == Quote("message01", "ann", "Ann", "Hello")


def test_a_quote_is_cut_at_200_characters(talk: Conversation):
    says(talk, ANN, "x" * 201, "message02")
    assert says(talk, BOB, "Long!", "message03", reply_to="message02").reply == Quote(
        "message02", "ann", "Ann", "x" * 200
    )


def test_an_action_can_be_a_reply(talk: Conversation):
    talk.apply(talk.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION, reply_to="message01"))
    assert get(talk, "message02").reply == get(talk, "message01").quote


def test_a_reply_can_be_answered(talk: Conversation):
    says(talk, BOB, "Hi", "message02", reply_to="message01")
    says(talk, ANN, "You too", "message03", reply_to="message02")
    assert quoted(talk, "message03") == "Hi"


@pytest.mark.parametrize(
    "target",
    ["message99", "m" * 100_000, 5, {"id": "message01"}, ["message01"], ("message01",), b"message01"],
    ids=repr,
)
def test_a_reply_to_nothing_is_refused(talk: Conversation, target: object):
    problem = refusal(lambda: talk.post(BOB, "Hi", "message02", NOON, reply_to=target))  # type: ignore[arg-type]
    assert isinstance(problem, MessageRefused)
    assert problem.key == "reply-gone"


def test_a_reply_to_what_was_deleted_is_refused(talk: Conversation):
    talk.apply(talk.delete(ANN, "message01"))
    assert refusal(lambda: talk.post(BOB, "Hi", "message02", NOON, reply_to="message01")).key == "reply-gone"


def test_an_edit_renews_the_quotes_in_history_and_timeline(talk: Conversation):
    says(talk, BOB, "Hi", "message02", reply_to="message01")
    talk.apply(talk.edit(ANN, "message01", "Good morning", after(1)))
    assert quoted(talk, "message02") == "Good morning"
    assert shown(talk) == list(talk.history)


def test_a_deletion_empties_the_quotes_in_history_and_timeline(talk: Conversation):
    says(talk, BOB, "Hi", "message02", reply_to="message01")
    talk.apply(talk.delete(ANN, "message01"))
    assert get(talk, "message02").reply == Quote("message01", "ann", "Ann", "")
    assert shown(talk) == list(talk.history)


def test_what_is_let_go_stays_quoted():
    talk = new_conversation(limit=2)
    says(talk, ANN, "Hello", "message01")
    says(talk, BOB, "Hi", "message02", reply_to="message01")
    says(talk, BOB, "Anybody?", "message03")
    assert quoted(talk, "message02") == "Hello"


def test_a_reply_decided_before_the_original_is_deleted_quotes_nothing(talk: Conversation):
    reply = talk.post(BOB, "Hi", "message02", NOON, reply_to="message01")
    talk.apply(talk.delete(ANN, "message01"))
    talk.apply(reply)
    assert quoted(talk, "message02") == ""


def test_a_reply_decided_before_the_original_is_edited_quotes_the_new_text(talk: Conversation):
    reply = talk.post(BOB, "Hi", "message02", NOON, reply_to="message01")
    talk.apply(talk.edit(ANN, "message01", "Good morning", after(1)))
    talk.apply(reply)
    assert quoted(talk, "message02") == "Good morning"


def test_a_fact_has_nothing_in_it_of_what_is_quoted(talk: Conversation):
    # It is on disk before it is applied, and may stay there after the original is deleted.
    reply = talk.post(BOB, "Hi", "message02", NOON, reply_to="message01").message.reply
    assert reply == Quote("message01", "ann", "Ann", "")


# Edits.


def test_an_edit_changes_the_text_in_its_place_and_says_when(talk: Conversation):
    says(talk, BOB, "Hi", "message02")
    assert talk.apply(talk.edit(ANN, "message01", "Good morning", after(5)))
    first, _ = talk.history
    assert (first.id, first.text, first.at, first.edited) == ("message01", "Good morning", NOON, after(5))
    assert shown(talk) == list(talk.history)


def test_an_edit_to_the_same_text_is_no_news(talk: Conversation):
    assert not talk.apply(talk.edit(ANN, "message01", "Hello\n", after(5)))
    assert get(talk, "message01").edited is None


def test_an_edited_action_stays_one(talk: Conversation):
    talk.apply(talk.post(BOB, "waves", "message02", NOON, kind=Kind.ACTION))
    talk.apply(talk.edit(BOB, "message02", "jumps", after(1)))
    assert (get(talk, "message02").text, get(talk, "message02").kind) == ("jumps", Kind.ACTION)


def test_an_edit_finds_the_mentions_anew(talk: Conversation):
    says(talk, ANN, "@Bob, look", "message02")
    talk.apply(talk.edit(ANN, "message02", "@Cid, look", after(1)))
    assert get(talk, "message02").mentions == {"Cid": "cid"}


def test_an_edit_is_the_authors_whatever_they_are_called_now(talk: Conversation):
    anna = ANN.renamed(parse_nickname("Anna"))
    talk.apply(talk.edit(anna, "message01", "Good morning", after(1)))
    assert (get(talk, "message01").text, get(talk, "message01").name) == ("Good morning", "Ann")


@pytest.mark.parametrize("member", [BOB, ADMIN], ids=["another", "admin"])
def test_nobody_edits_what_another_said(talk: Conversation, member: Member):
    problem = refusal(lambda: talk.edit(member, "message01", "I am a fool", NOON))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-foreign"


@pytest.mark.parametrize(("text", "key"), [(" ", "text-empty"), ("a" * 4001, "text-too-long"), (None, "text-empty")])
def test_an_edit_to_what_is_no_text_is_refused(talk: Conversation, text: object, key: str):
    problem = refusal(lambda: talk.edit(ANN, "message01", text, NOON))
    assert isinstance(problem, TextRefused)
    assert problem.key == key


def test_an_edit_that_comes_after_the_deletion_is_no_news(talk: Conversation):
    edit = talk.edit(ANN, "message01", "Good morning", after(1))
    talk.apply(talk.delete(ANN, "message01"))
    assert not talk.apply(edit)
    assert shown(talk) == list(talk.history) == []


# Deletions.


@pytest.mark.parametrize("member", [ANN, ADMIN], ids=["author", "admin"])
def test_authors_and_admins_delete(talk: Conversation, member: Member):
    event = talk.delete(member, "message01")
    assert event == MessageDeleted("lobby", "message01", member.id)
    assert talk.apply(event)
    assert shown(talk) == list(talk.history) == []


def test_nobody_else_deletes(talk: Conversation):
    problem = refusal(lambda: talk.delete(BOB, "message01"))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-foreign"


def test_a_second_deletion_is_no_news(talk: Conversation):
    mine, yours = talk.delete(ANN, "message01"), talk.delete(ADMIN, "message01")
    assert talk.apply(mine)
    assert not talk.apply(yours)


# Reactions.

EMOJI = [chr(code) for code in range(ord("🐀"), ord("🐀") + 25)]


def react(talk: Conversation, member: Member, *emoji: str) -> None:
    for one in emoji:
        talk.apply(talk.react(member, "message01", one))


def reactions(talk: Conversation) -> dict[str, list[str]]:
    return {emoji: list(by.values()) for emoji, by in get(talk, "message01").reactions.items()}


def test_a_reaction_has_the_names_of_those_who_gave_it(talk: Conversation):
    react(talk, BOB, "🎉")
    react(talk, ANN, "🎉")
    assert reactions(talk) == {"🎉": ["Bob", "Ann"]}
    assert shown(talk) == list(talk.history)


def test_a_second_time_takes_it_back(talk: Conversation):
    assert talk.react(BOB, "message01", "🎉") == Reacted("lobby", "message01", "🎉", "bob", "Bob", True)
    react(talk, BOB, "🎉")
    assert talk.react(BOB, "message01", "🎉") == Reacted("lobby", "message01", "🎉", "bob", "Bob", False)
    react(talk, BOB, "🎉")
    assert reactions(talk) == {}


def test_who_has_another_name_now_takes_the_same_reaction_back(talk: Conversation):
    react(talk, BOB, "🎉")
    react(talk, BOB.renamed(parse_nickname("Bobby")), "🎉")
    assert reactions(talk) == {}


def test_reactions_stay_in_their_order(talk: Conversation):
    react(talk, BOB, "🎉", "👍", "😂")
    react(talk, ANN, "😂")
    react(talk, BOB, "👍")
    assert list(reactions(talk)) == ["🎉", "😂"]


def test_a_message_has_20_different_reactions(talk: Conversation):
    react(talk, BOB, *EMOJI[:20])
    assert len(reactions(talk)) == 20


def test_the_21st_is_refused(talk: Conversation):
    react(talk, BOB, *EMOJI[:20])
    problem = refusal(lambda: talk.react(ANN, "message01", EMOJI[20]))
    assert isinstance(problem, MessageRefused)
    assert (problem.key, problem.details) == ("reactions-full", {"limit": 20})


def test_joining_and_taking_back_one_of_20_works(talk: Conversation):
    react(talk, BOB, *EMOJI[:20])
    react(talk, ANN, EMOJI[3])
    assert reactions(talk)[EMOJI[3]] == ["Bob", "Ann"]
    react(talk, BOB, EMOJI[4])
    assert EMOJI[4] not in reactions(talk)


def test_one_that_was_taken_back_makes_room(talk: Conversation):
    react(talk, BOB, *EMOJI[:20], EMOJI[0], EMOJI[20])
    assert list(reactions(talk)) == EMOJI[1:21]


def test_not_even_many_decided_at_once_are_more_than_20(talk: Conversation):
    decided = [talk.react(BOB, "message01", emoji) for emoji in EMOJI]
    assert [talk.apply(event) for event in decided] == [True] * 20 + [False] * 5
    assert list(reactions(talk)) == EMOJI[:20]


def test_two_who_react_at_once_both_count(talk: Conversation):
    decided = [talk.react(member, "message01", "🎉") for member in (ANN, BOB, BOB)]
    assert [talk.apply(event) for event in decided] == [True, True, False]
    assert reactions(talk) == {"🎉": ["Ann", "Bob"]}


# Mentions.


def test_a_mention_means_the_member_and_keeps_the_name_as_written(talk: Conversation):
    assert talk.post(BOB, "@ann and @Cid", "message02", NOON).message.mentions == {"ann": "ann", "Cid": "cid"}


def test_nobody_is_mentioned_without_a_name_that_is_known(talk: Conversation):
    assert talk.post(BOB, "ann, @eve, bob@ann", "message02", NOON).message.mentions == {}


def test_authors_in_the_history_can_be_mentioned():
    old = Message("message01", "lobby", "eve", "Eve", "Hello", NOON)
    assert new_conversation(100, old).post(BOB, "@Eve", "message02", NOON).message.mentions == {"Eve": "eve"}


def test_a_name_means_who_bore_it_last(talk: Conversation):
    talk.remember_name("ann", "Anna")
    talk.remember_name("eve", "ANN")
    assert talk.post(BOB, "@Ann and @Anna", "message02", NOON).message.mentions == {"Ann": "eve", "Anna": "ann"}


def test_a_name_that_comes_back_means_who_came_back(talk: Conversation):
    for member_id, name in [("ann", "Anna"), ("eve", "Ann"), ("ann", "Ann")]:
        talk.remember_name(member_id, name)
    assert talk.post(BOB, "@Ann", "message02", NOON).message.mentions == {"Ann": "ann"}


def test_who_was_mentioned_is_called_by_the_name_of_now(talk: Conversation):
    says(talk, BOB, "@Ann", "message02")
    talk.remember_name("ann", "Anna")
    assert talk.name_of(get(talk, "message02").mentions["Ann"]) == "Anna"


def test_nobody_knows_the_name_of_a_stranger(talk: Conversation):
    assert talk.name_of("eve") is None
    assert talk.name_of("all") is None


def test_the_name_in_the_newest_message_counts_after_a_restart():
    old = Message("message01", "lobby", "ann", "Ann", "Hello", NOON)
    talk = Conversation("lobby", History(100, [old, replace(old, id="message02", name="Anna")]))
    assert talk.name_of("ann") == "Anna"


def test_the_names_that_are_remembered_are_bounded():
    talk = new_conversation()
    for number in range(MAX_REMEMBERED):
        talk.remember_name(f"guest{number}", f"Guest {number}")
    assert talk.name_of("ann") is None
    assert talk.name_of("guest0") == "Guest 0"


def test_only_admins_mention_everybody(talk: Conversation):
    assert talk.post(ADMIN, "@all: tea!", "message02", NOON).message.mentions == {"all": "all"}
    assert talk.post(ANN, "@all: tea!", "message03", NOON).message.mentions == {}


def test_an_edit_mentions_everybody_for_admins_only(talk: Conversation):
    says(talk, ADMIN, "Tea!", "message02")
    assert talk.edit(ADMIN, "message02", "@all: tea!", NOON).mentions == {"all": "all"}
    assert talk.edit(ANN, "message01", "@all: tea!", NOON).mentions == {}


# The topic.


def test_an_admin_says_what_the_room_is_about(talk: Conversation):
    event = talk.change_topic(ADMIN, "Tea", after(1))
    assert event == TopicChanged("lobby", "Tea", "ada", "Ada", after(1))
    assert talk.apply(event)
    assert talk.history.topic == "Tea"
    assert shown(talk)[-1] == TopicChangedNotice(after(1), "Ada", "Tea")


def test_nobody_else_does(talk: Conversation):
    problem = refusal(lambda: talk.change_topic(ANN, "Tea", NOON))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


def test_the_same_topic_again_leaves_no_line(talk: Conversation):
    talk.apply(talk.change_topic(ADMIN, "Tea", after(1)))
    assert not talk.apply(talk.change_topic(ADMIN, " Tea ", after(2)))
    assert len(shown(talk)) == 2


def test_a_dash_is_no_topic(talk: Conversation):
    talk.apply(talk.change_topic(ADMIN, "Tea", after(1)))
    talk.apply(talk.change_topic(ADMIN, "-", after(2)))
    assert talk.history.topic == ""
    assert shown(talk)[-1] == TopicChangedNotice(after(2), "Ada", "")


def test_a_topic_is_one_line(talk: Conversation):
    assert talk.change_topic(ADMIN, "Tea,\n\n  and\tcake\x00", NOON).topic == "Tea, and cake"


def test_a_topic_has_up_to_120_characters(talk: Conversation):
    assert talk.change_topic(ADMIN, "ä" * TOPIC_LIMIT, NOON).topic == "ä" * 120
    problem = refusal(lambda: talk.change_topic(ADMIN, "ä" * 121, NOON))
    assert isinstance(problem, TextRefused)
    assert (problem.key, problem.details) == ("topic-too-long", {"limit": 120})


@pytest.mark.parametrize("topic", ["", " \n", "\u200b", None, 5, {}, ["Tea"]], ids=repr)
def test_what_nobody_can_read_is_no_topic(talk: Conversation, topic: object):
    assert refusal(lambda: talk.change_topic(ADMIN, topic, NOON)).key == "text-empty"  # type: ignore[arg-type]


# Clearing.


def test_only_an_admin_clears(talk: Conversation):
    problem = refusal(lambda: talk.clear(ANN, NOON))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


def test_clearing_leaves_a_line_with_the_admins_name_the_topic_and_nothing_else(talk: Conversation):
    talk.apply(talk.change_topic(ADMIN, "Tea", NOON))
    assert talk.apply(talk.clear(ADMIN, after(1)))
    assert list(talk.history) == []
    assert talk.history.topic == "Tea"
    assert shown(talk) == [HistoryClearedNotice(after(1), "Ada")]


def test_clearing_again_is_another_line(talk: Conversation):
    first = talk.clear(ADMIN, after(1))
    assert talk.apply(first)
    assert not talk.apply(first)
    assert talk.apply(talk.clear(ADMIN, after(2)))
    assert shown(talk) == [HistoryClearedNotice(after(2), "Ada")]


# Bad input.

NO_IDS = [
    None,
    0,
    5,
    1.5,
    True,
    {},
    {"id": "message01"},
    [],
    ["message01"],
    b"message01",
    "",
    "message99",
    "x" * 100_000,
]
ON_A_MESSAGE: dict[str, Callable[[Conversation, object], object]] = {
    "edit": lambda talk, message_id: talk.edit(ADMIN, message_id, "New", NOON),
    "delete": lambda talk, message_id: talk.delete(ADMIN, message_id),
    "react": lambda talk, message_id: talk.react(ADMIN, message_id, "🎉"),
    "look": lambda talk, message_id: talk.message(message_id),
}


@pytest.mark.parametrize("message_id", NO_IDS, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("action", ON_A_MESSAGE)
def test_what_is_about_nothing_is_refused(talk: Conversation, action: str, message_id: object):
    before = content(talk)
    problem = refusal(lambda: ON_A_MESSAGE[action](talk, message_id))
    assert isinstance(problem, MessageRefused)
    assert problem.key == "message-gone"
    assert content(talk) == before


@pytest.mark.parametrize("action", ON_A_MESSAGE)
@pytest.mark.parametrize("end", ["deleted", "cleared", "let go"])
def test_what_is_about_something_gone_is_refused(action: str, end: str):
    talk = new_conversation(limit=1)
    says(talk, ADMIN, "Hello", "message01")
    if end == "let go":
        says(talk, ADMIN, "Hi", "message02")
    else:
        talk.apply(talk.delete(ADMIN, "message01") if end == "deleted" else talk.clear(ADMIN, NOON))
    assert refusal(lambda: ON_A_MESSAGE[action](talk, "message01")).key == "message-gone"


DECISIONS: dict[str, Callable[[Conversation], DurableEvent]] = {
    "post": lambda talk: talk.post(BOB, "@Ann Hi", "message02", NOON, reply_to="message01"),
    "edit": lambda talk: talk.edit(ANN, "message01", "@Bob New", NOON),
    "delete": lambda talk: talk.delete(ANN, "message01"),
    "react": lambda talk: talk.react(BOB, "message01", "🎉"),
    "topic": lambda talk: talk.change_topic(ADMIN, "Tea", NOON),
    "clear": lambda talk: talk.clear(ADMIN, NOON),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_deciding_alone_changes_nothing(talk: Conversation, decision: str):
    before = content(talk)
    event = DECISIONS[decision](talk)
    assert content(talk) == before
    assert not talk.has_posted("bob", "message02")
    assert talk.apply(event)
    assert content(talk) != before


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_fact_that_comes_twice_is_no_news(talk: Conversation, decision: str):
    event = DECISIONS[decision](talk)
    talk.apply(event)
    before = content(talk)
    assert not talk.apply(event)
    assert content(talk) == before


def test_no_kind_of_lasting_fact_is_left_out_here(talk: Conversation):
    assert {type(decide(talk)) for decide in DECISIONS.values()} == {
        HistoryCleared, MessageDeleted, MessageEdited, MessagePosted, Reacted, TopicChanged,
    }  # fmt: skip
