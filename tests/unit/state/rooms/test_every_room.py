"""What moderators do in all rooms, also in those that they may not see."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chat.domain.errors import NotAllowed
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import Banned
from chat.domain.rooms.directory.room_info import LOBBY, RoomKind
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ChangeTopic,
    LockRoom,
    PurgeMessages,
    ResolveReports,
)
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from tests.unit.state.support import ANN, BOB, CID, MODERATOR, OWNER, audit_lines, build_chat, record, refusal, unload


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Bob has written in the lobby, in Tea, in the private room Plans and to Ann. None but the lobby is loaded."""
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, CID, MODERATOR, OWNER)
    for number, room_id in enumerate((LOBBY, *await make_rooms(chat))):
        await chat.messages.post("bob", room_id, f"Spam {number}", f"bobs{number:08}")
        await chat.messages.post("ann", room_id, f"Talk {number}", f"anns{number:08}")
    await unload(chat)
    yield chat
    await chat.close()


async def make_rooms(chat: Chat) -> list[str]:
    tea, plans = await chat.rooms.create("owner", "Tea"), await chat.rooms.create("owner", "Plans", is_private=True)
    for member_id in ("ann", "bob"):
        await chat.rooms.add_member("owner", plans.id, member_id)
    return [tea.id, plans.id, (await chat.direct_rooms.post("bob", ["ann"], "Spam", "bobsfirst000")).id]


async def texts(chat: Chat) -> list[list[str]]:
    """Return what Ann reads in each room."""
    found = []
    for info in chat.directory:
        async with chat.room_access.enter("ann", info.id) as room:
            found.append([message.text for message in room.conversation.history])
    return found


ALL_BUT_BOBS = [["Talk 0"], ["Talk 1"], ["Talk 2"], ["Spam", "Spam 3", "Talk 3"]]


async def test_purge_reaches_every_room_but_direct_ones_and_unloads_those_that_were_not_loaded(chat: Chat):
    assert await chat.moderation.perform("mod", LOBBY, PurgeMessages("bob", 100, is_everywhere=True)) is None
    assert len(chat._loader) == 0
    assert await texts(chat) == ALL_BUT_BOBS


async def test_purge_of_all_rooms_counts_the_newest_of_them(chat: Chat):
    await chat.moderation.perform("mod", LOBBY, PurgeMessages("bob", 2, is_everywhere=True))
    assert await texts(chat) == [["Spam 0", "Talk 0"], ["Talk 1"], ["Talk 2"], ALL_BUT_BOBS[3]]


async def test_ban_deletes_messages_in_every_room(chat: Chat):
    outcome = await chat.moderation.perform("mod", LOBBY, BanMember("bob", purge=50))
    assert isinstance(outcome, Banned)
    assert [room[:1] for room in (await texts(chat))[:3]] == [["Talk 0"], ["Talk 1"], ["Talk 2"]]
    assert await chat.moderation.perform("mod", LOBBY, BanMember("cid")) is not None
    assert len((await texts(chat))[0]) == 1


async def test_moderator_does_not_learn_whether_there_was_anything(chat: Chat, tmp_path: Path):
    events, count = record(chat, MessagesPurged), len(audit_lines(tmp_path))
    assert await chat.moderation.perform("mod", LOBBY, PurgeMessages("cid", 10, is_everywhere=True)) is None
    assert (events, len(audit_lines(tmp_path))) == ([], count)


async def test_purge_of_all_rooms_is_for_moderators_above_the_author(chat: Chat):
    everything = PurgeMessages("bob", 100, is_everywhere=True)
    assert isinstance(await refusal(chat.moderation.perform("ann", LOBBY, everything)), NotAllowed)
    for target_id, count, key in (("owner", 1, "not-above"), ("bob", 0, "purge-range"), ("eve", 1, "nobody")):
        action = PurgeMessages(target_id, count, is_everywhere=True)
        assert (await refusal(chat.moderation.perform("mod", LOBBY, action))).key == key
    assert (await refusal(chat.moderation.perform("mod", LOBBY, BanMember("bob", purge=1000)))).key == "purge-range"
    assert sum(map(len, await texts(chat))) == 9


async def test_purge_passes_over_a_room_that_cannot_be_read(chat: Chat, tmp_path: Path):
    tea = next(info for info in chat.directory if info.name == "Tea")
    (tmp_path / "rooms" / f"{tea.id}.json").write_text(json.dumps({"version": 99}))
    await chat.moderation.perform("mod", LOBBY, PurgeMessages("bob", 100, is_everywhere=True))
    for info in chat.directory:
        if info.id != tea.id and info.kind is not RoomKind.DIRECT:
            async with chat.room_access.enter("ann", info.id) as room:
                assert not any(message.author == "bob" for message in room.conversation.history)


async def test_moderators_see_reported_messages_of_every_room_and_no_others(chat: Chat):
    _, tea, plans, talk = chat.directory
    for room in (plans, talk):
        message_id = f"bobs{list(chat.directory).index(room):08}"
        await chat.moderation.report("ann", room.id, message_id, "Spam")
    await unload(chat)
    found = await chat.moderation.reported_messages("mod")
    assert {key: message.text for key, message in found.items()} == {
        (plans.id, "bobs00000002"): "Spam 2",
        (talk.id, "bobs00000003"): "Spam 3",
    }
    assert tea.id not in chat._loader._loaded
    await chat.departures.end(talk.id)
    assert (await chat.moderation.reported_messages("mod")).keys() == {(plans.id, "bobs00000002")}
    for member_id in ("ann", "bob"):
        assert isinstance(await refusal(chat.moderation.reported_messages(member_id)), NotAllowed)


async def test_reports_of_messages_with_the_same_id_are_kept_apart(chat: Chat):
    """A client chooses the ids of its messages, and could hide a report behind a harmless message."""
    _, tea, plans, talk = chat.directory
    for room in (tea, plans, talk):
        await chat.messages.post("bob", room.id, f"In {room.kind}", "twin00000000")
        await chat.moderation.report("ann", room.id, "twin00000000", f"Reported in {room.kind}")
    found = await chat.moderation.reported_messages("mod")
    assert [found[report.key].text for report in chat.people.moderation.reports.open] == [
        report.text for report in chat.people.moderation.reports.open
    ]
    await chat.moderation.perform("mod", LOBBY, ResolveReports("twin00000000", room_id=tea.id))
    await chat.messages.delete_reported("mod", talk.id, "twin00000000")
    assert [report.text for report in chat.people.moderation.reports.open] == ["In private"]
    for room, expected in ((tea, 1), (plans, 1), (talk, 0)):
        async with chat.room_access.enter("ann", room.id) as kept:
            assert [message.id for message in kept.conversation.history].count("twin00000000") == expected


async def test_guest_does_not_learn_what_was_reported(chat: Chat):
    await chat.moderation.report("ann", LOBBY, "bobs00000000")
    for message_id in ("bobs00000000", "anns00000000", "message0none"):
        assert isinstance(await refusal(chat.messages.delete_reported("bob", LOBBY, message_id)), NotAllowed)


async def test_topic_of_a_private_room_is_not_in_the_audit_log(chat: Chat, tmp_path: Path):
    _, tea, plans, _ = chat.directory
    for info in (tea, plans):
        await chat.moderation.perform("owner", info.id, ChangeTopic(f"About {info.name}"))
        await chat.moderation.perform("owner", info.id, LockRoom())
    kinds = {"TopicChanged", "RoomLocked"}
    lines = [(line["kind"], line.get("topic")) for line in audit_lines(tmp_path) if line["kind"] in kinds]
    assert lines == [("TopicChanged", "About Tea"), ("RoomLocked", None), ("RoomLocked", None)]
    assert "Plans" not in (tmp_path / "audit.jsonl").read_text()
