"""Only those who may see a room are asked whether they want to be notified of what is said there."""

from collections.abc import Sequence
from unittest.mock import Mock

import pytest

from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.storage.memory import memory_stores
from chat.ui.notifications import Notifications
from tests.unit.state.support import ANN, BOB, CID, OWNER, build_chat, tab


@pytest.mark.parametrize("is_private", [True, False])
async def test_mention_in_a_private_room_notifies_its_members(is_private: bool):
    chat = build_chat(memory_stores(), ANN, BOB, OWNER)
    notifications = Notifications(chat)
    told = {member_id: listen(notifications, member_id) for member_id in ("ann", "bob")}
    room = await chat.rooms.create("owner", "Plans", is_private=is_private)
    if is_private:
        await chat.rooms.add_member("owner", room.id, "ann")
    await chat.messages.post("owner", room.id, "@Ann and @Bob: it is tomorrow", "message01")
    assert told == {"ann": ["message01"], "bob": [] if is_private else ["message01"]}
    await chat.messages.post("owner", LOBBY, "@Ann and @Bob: hello", "message02")
    assert [messages[-1] for messages in told.values()] == ["message02"] * 2
    await chat.close()


async def test_member_wanting_all_messages_gets_none_of_hidden_rooms():
    chat = build_chat(memory_stores(), ANN, BOB, CID, OWNER)
    notifications = Notifications(chat)
    told = listen(notifications, "cid", wants_everything=True)
    plans = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", plans.id, "cid")
    await chat.messages.post("owner", plans.id, "One", "message01")
    await chat.rooms.remove_member("owner", plans.id, "cid")
    await chat.messages.post("owner", plans.id, "Two, @Cid", "message02")
    await chat.direct_rooms.post("ann", ["bob"], "Three", "message03")
    await chat.direct_rooms.post("ann", ["cid"], "Four", "message04")
    await chat.messages.post("ann", LOBBY, "Five", "message05")
    assert told == ["message01", "message04", "message05"]
    await chat.close()


async def test_wish_for_all_messages_of_one_room_holds_for_that_room():
    chat = build_chat(memory_stores(), ANN, BOB, OWNER)
    notifications, tea = Notifications(chat), await chat.rooms.create("owner", "Tea")
    notifier, told = make_notifier("ann", rooms_wanted=[tea.id])
    notifications.add(notifier)
    await chat.messages.post("bob", tea.id, "Green", "message01")
    await chat.messages.post("bob", LOBBY, "Hello", "message02")
    chat.members.set_viewing_latest("ann", tab(ANN), tea.id, True)
    await chat.messages.post("bob", tea.id, "Black", "message03")
    chat.members.set_viewing_latest("ann", tab(ANN), LOBBY, True)
    await chat.messages.post("bob", tea.id, "White", "message04")
    notifier.rooms_wanted = []
    notifications.refresh(notifier)
    await chat.messages.post("bob", tea.id, "Red", "message05")
    assert told == ["message01", "message04"]
    notifications.remove(notifier)
    assert not (notifications._for_room or notifications._rooms or notifications._by_member)
    await chat.close()


async def test_message_asks_only_those_who_may_want_it():
    chat = build_chat(memory_stores(), ANN, BOB, OWNER)
    notifications = Notifications(chat)
    asked = [make_notifier(f"guest{number}") for number in range(50)]
    for notifier, _ in asked:
        notifications.add(notifier)
    wanting = listen(notifications, "ann", wants_everything=True)
    await chat.messages.post("bob", LOBBY, "Hello", "message01")
    assert (wanting, [told for _, told in asked if told]) == (["message01"], [])
    await chat.close()


def listen(notifications: Notifications, member_id: str, **wishes: object) -> list[str]:
    """Return the ids of the messages of which the member's only page is notified."""
    notifier, told = make_notifier(member_id, **wishes)
    notifications.add(notifier)
    return told


def make_notifier(
    member_id: str, *, wants_everything: bool = False, rooms_wanted: Sequence[str] = ()
) -> tuple[Mock, list[str]]:
    told: list[str] = []

    def notify(message: Message) -> None:
        told.append(message.id)

    notifier = Mock(
        member_id=member_id, session=member_id, wants_everything=wants_everything, rooms_wanted=rooms_wanted
    )
    notifier.notify = notify
    return notifier, told
