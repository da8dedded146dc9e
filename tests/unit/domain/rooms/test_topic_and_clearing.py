"""The topic, and clearing the history."""

import pytest

from chat.domain.errors import NotAllowed, TextRefused
from chat.domain.messages.events import TopicChanged
from chat.domain.rooms.conversation import TOPIC_LIMIT, Conversation
from chat.domain.rooms.notices import HistoryClearedNotice, TopicChangedNotice
from tests.unit.domain.rooms.scenes import ADA, ANN, NOON, after, refusal, timeline_items

# The topic.


def test_admin_sets_the_topic(conversation: Conversation):
    event = conversation.change_topic(ADA, "Tea", after(1))
    assert event == TopicChanged("lobby", ADA.ref, after(1), "Tea")
    assert conversation.apply(event)
    assert conversation.history.topic == "Tea"
    assert timeline_items(conversation)[-1] == TopicChangedNotice(after(1), "Ada", "Tea")


def test_only_admins_can_set_the_topic(conversation: Conversation):
    problem = refusal(lambda: conversation.change_topic(ANN, "Tea", NOON))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


def test_same_topic_again_adds_no_notice(conversation: Conversation):
    conversation.apply(conversation.change_topic(ADA, "Tea", after(1)))
    assert not conversation.apply(conversation.change_topic(ADA, " Tea ", after(2)))
    assert len(timeline_items(conversation)) == 2


def test_dash_removes_the_topic(conversation: Conversation):
    conversation.apply(conversation.change_topic(ADA, "Tea", after(1)))
    conversation.apply(conversation.change_topic(ADA, "-", after(2)))
    assert conversation.history.topic == ""
    assert timeline_items(conversation)[-1] == TopicChangedNotice(after(2), "Ada", "")


def test_topic_is_one_line(conversation: Conversation):
    assert conversation.change_topic(ADA, "Tea,\n\n  and\tcake\x00", NOON).topic == "Tea, and cake"


def test_topic_has_up_to_120_characters(conversation: Conversation):
    assert conversation.change_topic(ADA, "ä" * TOPIC_LIMIT, NOON).topic == "ä" * 120
    problem = refusal(lambda: conversation.change_topic(ADA, "ä" * 121, NOON))
    assert isinstance(problem, TextRefused)
    assert (problem.key, problem.details) == ("topic-too-long", {"limit": 120})


@pytest.mark.parametrize("topic", ["", " \n", "\u200b", None, 5, {}, ["Tea"]], ids=repr)
def test_invisible_topic_is_refused(conversation: Conversation, topic: object):
    assert refusal(lambda: conversation.change_topic(ADA, topic, NOON)).key == "text-empty"  # type: ignore[arg-type]


# Clearing.


def test_only_admins_can_clear(conversation: Conversation):
    problem = refusal(lambda: conversation.clear(ANN, NOON))
    assert isinstance(problem, NotAllowed)
    assert problem.key == "needs-admin"


def test_clearing_leaves_the_topic_and_one_notice(conversation: Conversation):
    conversation.apply(conversation.change_topic(ADA, "Tea", NOON))
    assert conversation.apply(conversation.clear(ADA, after(1)))
    assert list(conversation.history) == []
    assert conversation.history.topic == "Tea"
    assert timeline_items(conversation) == [HistoryClearedNotice(after(1), "Ada")]


def test_clearing_again_replaces_the_notice(conversation: Conversation):
    first = conversation.clear(ADA, after(1))
    assert conversation.apply(first)
    assert not conversation.apply(first)
    assert conversation.apply(conversation.clear(ADA, after(2)))
    assert timeline_items(conversation) == [HistoryClearedNotice(after(2), "Ada")]
