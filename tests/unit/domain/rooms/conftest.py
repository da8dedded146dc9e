"""The conversations, timelines and rooms with which the tests begin."""

import pytest

from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.timeline import Timeline
from tests.unit.domain.rooms.scenes import ANN, BOB, join, new_chat, new_conversation, new_moderated_chat, post


@pytest.fixture
def conversation() -> Conversation:
    """Ann has posted "Hello" (message01)."""
    conversation = new_conversation()
    post(conversation, ANN, "Hello")
    return conversation


@pytest.fixture
def timeline() -> Timeline:
    """An empty timeline for three messages."""
    return Timeline(3)


@pytest.fixture
def chat() -> ChatState:
    """Ann and Bob are present, with a tab each."""
    chat = new_chat()
    join(chat, ANN)
    join(chat, BOB)
    return chat


@pytest.fixture
def moderated_chat() -> ChatState:
    """Mo (a moderator), Ada (an admin), Bob Lee and Bob are present."""
    return new_moderated_chat()
