"""Reactions: adding, removing, and the limit for each message."""

from chat.domain.errors import MessageRefused
from chat.domain.messages.events import ReactionAdded, ReactionRemoved
from chat.domain.rooms.conversation import Conversation
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ANN, BOB, refusal, timeline_items

EMOJI = [chr(code) for code in range(ord("🐀"), ord("🐀") + 25)]


def react(conversation: Conversation, member: Member, *emoji: str) -> None:
    for one in emoji:
        conversation.apply(conversation.react(member, "message01", one))


def reactions(conversation: Conversation) -> dict[str, list[str]]:
    message = conversation.message("message01")
    return {emoji: list(names.values()) for emoji, names in message.reactions.items()}


def test_reaction_lists_names_in_order(conversation: Conversation):
    react(conversation, BOB, "🎉")
    react(conversation, ANN, "🎉")
    assert reactions(conversation) == {"🎉": ["Bob", "Ann"]}
    assert timeline_items(conversation) == list(conversation.history)


def test_same_reaction_again_removes_it(conversation: Conversation):
    assert conversation.react(BOB, "message01", "🎉") == ReactionAdded("lobby", "message01", "🎉", "bob", "Bob")
    react(conversation, BOB, "🎉")
    assert conversation.react(BOB, "message01", "🎉") == ReactionRemoved("lobby", "message01", "🎉", "bob")
    react(conversation, BOB, "🎉")
    assert reactions(conversation) == {}


def test_renamed_member_can_remove_their_reaction(conversation: Conversation):
    react(conversation, BOB, "🎉")
    react(conversation, BOB.renamed(parse_nickname("Bobby")), "🎉")
    assert reactions(conversation) == {}


def test_reactions_keep_their_order(conversation: Conversation):
    react(conversation, BOB, "🎉", "👍", "😂")
    react(conversation, ANN, "😂")
    react(conversation, BOB, "👍")
    assert list(reactions(conversation)) == ["🎉", "😂"]


def test_message_can_have_20_different_reactions(conversation: Conversation):
    react(conversation, BOB, *EMOJI[:20])
    assert len(reactions(conversation)) == 20


def test_21st_reaction_is_refused(conversation: Conversation):
    react(conversation, BOB, *EMOJI[:20])
    problem = refusal(lambda: conversation.react(ANN, "message01", EMOJI[20]))
    assert isinstance(problem, MessageRefused)
    assert (problem.key, problem.details) == ("reactions-full", {"limit": 20})


def test_existing_reactions_can_be_joined_and_removed_at_the_limit(conversation: Conversation):
    react(conversation, BOB, *EMOJI[:20])
    react(conversation, ANN, EMOJI[3])
    assert reactions(conversation)[EMOJI[3]] == ["Bob", "Ann"]
    react(conversation, BOB, EMOJI[4])
    assert EMOJI[4] not in reactions(conversation)


def test_removed_reaction_makes_space_for_another(conversation: Conversation):
    react(conversation, BOB, *EMOJI[:20], EMOJI[0], EMOJI[20])
    assert list(reactions(conversation)) == EMOJI[1:21]


def test_reactions_decided_at_once_do_not_exceed_the_limit(conversation: Conversation):
    decided = [conversation.react(BOB, "message01", emoji) for emoji in EMOJI]
    assert [conversation.apply(event) for event in decided] == [True] * 20 + [False] * 5
    assert list(reactions(conversation)) == EMOJI[:20]


def test_simultaneous_reactions_of_two_members_both_count(conversation: Conversation):
    decided = [conversation.react(member, "message01", "🎉") for member in (ANN, BOB, BOB)]
    assert [conversation.apply(event) for event in decided] == [True, True, False]
    assert reactions(conversation) == {"🎉": ["Ann", "Bob"]}
