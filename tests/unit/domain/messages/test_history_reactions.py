"""Reactions in the history."""

from chat.domain.messages.message import REACTIONS_LIMIT
from tests.unit.domain.messages.samples import (
    deleted,
    edited,
    get,
    history_of,
    message,
    posted,
    reaction_added,
    reaction_removed,
)


def test_reaction_keeps_its_member():
    history = history_of(posted(0))
    assert history.apply(reaction_added(0)) == {"message00"}
    assert get(history, 0).reactions == {"🎉": {"bob": "Bob"}}


def test_reactions_stay_in_the_order_of_their_first_use():
    added = reaction_added(0, "🎉", "bob"), reaction_added(0, "👍", "bob"), reaction_added(0, "🎉", "cid")
    history = history_of(posted(0), *added)
    assert list(get(history, 0).reactions) == ["🎉", "👍"]
    assert list(get(history, 0).reactions["🎉"].values()) == ["Bob", "Cid"]


def test_removed_reaction_returns_at_the_end():
    history = history_of(posted(0), reaction_added(0, "🎉"), reaction_added(0, "👍"), reaction_removed(0, "🎉"))
    assert list(get(history, 0).reactions) == ["👍"]
    history.apply(reaction_added(0, "🎉"))
    assert list(get(history, 0).reactions) == ["👍", "🎉"]


def test_removing_own_reaction_leaves_those_by_others():
    added = reaction_added(0, member="bob"), reaction_added(0, member="cid")
    history = history_of(posted(0), *added, reaction_removed(0, member="bob"))
    assert get(history, 0).reactions == {"🎉": {"cid": "Cid"}}


def test_reaction_beyond_the_limit_changes_nothing():
    added = (reaction_added(0, chr(0x1F600 + number)) for number in range(REACTIONS_LIMIT))
    history = history_of(posted(0), *added)
    assert history.apply(reaction_added(0, "🎉")) is None
    assert len(get(history, 0).reactions) == REACTIONS_LIMIT


def test_messages_already_read_do_not_change():
    history = history_of(posted(0), posted(1, message(0).quote), reaction_added(0))
    before = list(history)
    kept = [(m.text, m.reply, {emoji: dict(names) for emoji, names in m.reactions.items()}) for m in before]
    for event in (
        reaction_added(0, member="cid"),
        reaction_removed(0),
        reaction_added(0, "👍"),
        edited(0, "New"),
        deleted(0),
    ):
        history.apply(event)
    assert [(m.text, m.reply, m.reactions) for m in before] == kept
