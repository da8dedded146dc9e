"""Mentions: which names a conversation knows, and which member each one means."""

from dataclasses import replace

from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.people.names import MAX_REMEMBERED
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.conversation import Conversation
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, NOON, apply, join, new_conversation, post


def mentions(conversation: Conversation, text: str, author: Member = BOB) -> dict[str, str]:
    return conversation.post(author, text, "message99", NOON).message.mentions


def test_mention_names_the_member_as_written(conversation: Conversation):
    assert mentions(conversation, "@ann and @Cid") == {"ann": "ann", "Cid": "cid"}


def test_unknown_names_are_no_mentions(conversation: Conversation):
    assert mentions(conversation, "ann, @eve, bob@ann") == {}


def test_authors_in_the_history_can_be_mentioned():
    old = Message("message01", "lobby", "eve", "Eve", "Hello", NOON)
    assert mentions(new_conversation(100, old), "@Eve") == {"Eve": "eve"}


def test_name_means_its_latest_owner(conversation: Conversation):
    conversation.names.remember("ann", "Anna")
    conversation.names.remember("eve", "ANN")
    assert mentions(conversation, "@Ann and @Anna") == {"Ann": "eve", "Anna": "ann"}


def test_name_taken_back_means_its_first_owner_again(conversation: Conversation):
    for member_id, name in [("ann", "Anna"), ("eve", "Ann"), ("ann", "Ann")]:
        conversation.names.remember(member_id, name)
    assert mentions(conversation, "@Ann") == {"Ann": "ann"}


def test_mentioned_member_goes_by_their_current_name(conversation: Conversation):
    post(conversation, BOB, "@Ann", "message02")
    conversation.names.remember("ann", "Anna")
    message = conversation.message("message02")
    assert conversation.names.get(message.mentions["Ann"]) == "Anna"
    assert conversation.mentions.text_with_current_names(message) == "@Anna"


def test_unknown_member_has_no_name(conversation: Conversation):
    assert conversation.names.get("eve") is None
    assert conversation.names.get("all") is None


def test_newest_message_gives_the_name_after_a_restart():
    old = Message("message01", "lobby", "ann", "Ann", "Hello", NOON)
    conversation = Conversation("lobby", History(100, [old, replace(old, id="message02", name="Anna")]))
    assert conversation.names.get("ann") == "Anna"


def test_number_of_remembered_names_is_bounded():
    conversation = new_conversation()
    for number in range(MAX_REMEMBERED):
        conversation.names.remember(f"guest{number}", f"Guest {number}")
    assert conversation.names.get("ann") is None
    assert conversation.names.get("guest0") == "Guest 0"


def test_only_admins_can_mention_everyone(conversation: Conversation):
    assert mentions(conversation, "@all: tea!", ADA) == {"all": "all"}
    assert mentions(conversation, "@all: tea!", ANN) == {}


def test_only_admins_can_mention_everyone_in_an_edit(conversation: Conversation):
    post(conversation, ADA, "Tea!", "message02")
    assert conversation.edit(ADA, "message02", "@all: tea!", NOON).mentions == {"all": "all"}
    assert conversation.edit(ANN, "message01", "@all: tea!", NOON).mentions == {}


# In a chat.


def test_present_member_can_be_mentioned(chat: ChatState):
    assert mentions(chat.lobby.conversation, "@Ann") == {"Ann": "ann"}


def test_member_who_left_can_be_mentioned(chat: ChatState):
    apply(chat, chat.people.leave("ann", NOON))
    assert mentions(chat.lobby.conversation, "@Ann") == {"Ann": "ann"}


def test_name_means_the_member_it_belongs_to_now(chat: ChatState):
    apply(chat, chat.lobby.rename("ann", parse_nickname("Anna"), NOON))
    join(chat, Member("eve", parse_nickname("Ann")))
    assert mentions(chat.lobby.conversation, "@Ann and @Anna") == {"Ann": "eve", "Anna": "ann"}


def test_mention_follows_a_rename(chat: ChatState):
    mentioned = mentions(chat.lobby.conversation, "@Ann")["Ann"]
    apply(chat, chat.lobby.rename("ann", parse_nickname("Anna"), NOON))
    assert chat.people.names.get(mentioned) == "Anna"
