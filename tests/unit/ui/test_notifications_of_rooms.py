"""Only those who may see a room are notified of what is said there."""

from unittest.mock import Mock

import pytest

from chat.domain.messages.message import Message
from chat.domain.rooms.room_info import LOBBY
from chat.state.chat import Chat
from chat.storage.memory import memory_stores
from chat.ui.notifications import Notifications
from tests.unit.state.support import ANN, BOB, OWNER, build_chat


@pytest.mark.parametrize("is_private", [True, False])
async def test_mention_in_a_private_room_notifies_its_members(is_private: bool):
    chat = build_chat(memory_stores(), ANN, BOB, OWNER)
    notifications = Notifications(chat)
    told = {member_id: listen(notifications, chat, member_id) for member_id in ("ann", "bob")}
    room = await chat.rooms.create("owner", "Plans", is_private=is_private)
    if is_private:
        await chat.rooms.add_member("owner", room.id, "ann")
    await chat.post("owner", room.id, "@Ann and @Bob: it is tomorrow", "message01")
    assert told == {"ann": ["message01"], "bob": [] if is_private else ["message01"]}
    await chat.post("owner", LOBBY, "@Ann and @Bob: hello", "message02")
    assert [messages[-1] for messages in told.values()] == ["message02"] * 2


def listen(notifications: Notifications, chat: Chat, member_id: str) -> list[str]:
    """Return the ids of the messages of which the member's only page is notified."""
    chat.members.set_viewing_latest(member_id, f"{member_id}'s tab", False)
    told: list[str] = []

    def notify(message: Message) -> None:
        told.append(message.id)

    notifier = Mock(member_id=member_id, session=member_id, wants_everything=False)
    notifier.notify = notify
    notifications.add(notifier)
    return told
