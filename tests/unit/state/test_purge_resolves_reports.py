"""A purge resolves the reports of the messages that it deletes."""

from datetime import timedelta

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.moderation.events import ReportResolved
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import PurgeMessages, ReportMessage
from chat.domain.users import Member, Role
from chat.state.chat import Chat
from chat.storage.memory import memory_stores
from chat.text.nicknames import parse_nickname

MO = Member("mo", parse_nickname("Mo"), Role.MODERATOR)
BOB = Member("bob", parse_nickname("Bob"))


async def test_purge_resolves_the_reports_of_deleted_messages():
    chat = Chat(memory_stores(), SharedPassword(""), grace=timedelta(seconds=10), message_rate="100/second")
    for member in (MO, BOB):
        chat.members.connect(member, f"{member.id}'s tab")
    for message_id in ("message01", "message02"):
        await chat.messages.post("bob", LOBBY, "Spam", message_id)
        await chat.moderation.perform("mo", LOBBY, ReportMessage(message_id))
    resolved: list[object] = []
    chat.subscribe(resolved.append, ReportResolved)
    await chat.moderation.perform("mo", LOBBY, PurgeMessages("bob", 1))
    assert [report.message_id for report in chat.lobby.moderation.reports.open] == ["message01"]
    assert [type(event) for event in resolved] == [ReportResolved]
    await chat.close()
