"""The conversations, timelines and rooms with which the tests begin."""

import pytest

from chat.domain.rooms.conversation import Conversation
from chat.domain.rooms.room import Room
from chat.domain.rooms.timeline import Timeline
from tests.unit.domain.rooms.scenes import ANN, BOB, join, new_conversation, new_moderated_room, new_room, post


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
def room() -> Room:
    """Ann and Bob are present, with a tab each."""
    room = new_room()
    join(room, ANN)
    join(room, BOB)
    return room


@pytest.fixture
def moderated_room() -> Room:
    """Mo (a moderator), Ada (an admin), Bob Lee and Bob are present."""
    return new_moderated_room()
