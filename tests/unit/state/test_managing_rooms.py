"""Rooms are created, archived, joined and left, by command and by link; what is announced and recorded of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.domain.audit import AuditEntry
from chat.domain.commands.replies import LeaveRoomPrompt, Prompt, Reply, RoomPrompt
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import DirectoryEvent, MemberAdded, MemberRemoved, RoomCreated, RoomDeleted, RoomRenamed
from chat.domain.rooms.moderation.moderation_actions import ChangeWordFilter, MuteMember
from chat.domain.users import Member, Role
from chat.i18n.audit_entries import describe_entry
from chat.i18n.notices import describe_notice
from chat.i18n.translator import translator
from chat.state import clock
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    ANN,
    BOB,
    MODERATOR,
    OWNER,
    audit_lines,
    build_chat,
    record,
    refusal,
)

CID = Member("cid", parse_nickname("Cid"))
EN = translator("en")


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Ann (with an account), Bob, Cid, Mo (a moderator) and Olga (the owner) are here; members create rooms."""
    chat = build_chat(json_stores(tmp_path, 100), BOB, CID, MODERATOR, OWNER)
    ann = ANN.with_role(Role.MEMBER)
    chat.people.apply(AccountCreated(Account(ann.id, ann.nickname, "", clock.now(), 1)))
    chat.members.connect(ann, "ann's tab")
    chat.rooms.policy = RoomPolicy.MEMBERS
    yield chat
    await chat.close()


@pytest.fixture
async def plans(chat: Chat) -> RoomInfo:
    """Ann's private room, with Bob in it."""
    room = await chat.rooms.create("ann", "Plans", is_private=True)
    await chat.rooms.add_member("ann", room.id, "bob")
    return room


async def type_in(chat: Chat, member_id: str, room_id: str, text: str) -> Reply | Prompt | None:
    return await chat.messages.post(member_id, room_id, text, uuid4().hex[:12])


def room(chat: Chat, room_id: str) -> RoomInfo:
    found = chat.directory.get(room_id)
    assert found
    return found


# By command.


async def test_room_is_created_renamed_described_archived_and_reopened_by_command(chat: Chat):
    created = await type_in(chat, "ann", LOBBY, "/room create Tea")
    assert isinstance(created, RoomPrompt)
    tea = created.room_id
    for text in ("/room rename Coffee", "/room describe With milk"):
        await type_in(chat, "ann", tea, text)
    assert (room(chat, tea).name, room(chat, tea).description) == ("Coffee", "With milk")
    await type_in(chat, "ann", tea, "/room archive")
    assert [info.id for info in chat.directory.visible_to("bob")] == [LOBBY]
    assert (await refusal(type_in(chat, "bob", tea, "Hello?"))).key == "room-archived"
    assert (await refusal(type_in(chat, "bob", LOBBY, "/room reopen Coffee"))).key == "room-gone"
    assert await type_in(chat, "ann", LOBBY, "/room reopen coffee") == RoomPrompt(tea)
    await type_in(chat, "bob", tea, "Hello again")


async def test_private_room_is_joined_and_left_by_command(chat: Chat):
    created = await type_in(chat, "ann", LOBBY, "/room private Plans")
    assert isinstance(created, RoomPrompt)
    plans = created.room_id
    await type_in(chat, "ann", plans, "/room invite @Bob")
    await type_in(chat, "bob", plans, "/room invite Cid")
    assert room(chat, plans).members == {"ann", "bob", "cid"}
    assert (await refusal(type_in(chat, "bob", plans, "/room remove @Cid"))).key == "needs-admin"
    await type_in(chat, "ann", plans, "/room remove @Cid")
    assert await type_in(chat, "bob", plans, "/room leave") == LeaveRoomPrompt()
    assert room(chat, plans).members == {"ann", "bob"}


@pytest.mark.parametrize("text", ["/room create Tea", "/room private Plans"])
async def test_policy_governs_the_commands(chat: Chat, text: str):
    assert (await refusal(type_in(chat, "bob", LOBBY, text))).key == "needs-member"
    chat.rooms.policy = RoomPolicy.OFF
    assert (await refusal(type_in(chat, "owner", LOBBY, text))).key == "rooms-off"


# By link.


async def test_link_leads_into_the_room_until_it_is_revoked(chat: Chat, plans: RoomInfo):
    events = record(chat, MemberAdded)
    token = await chat.room_links.create("bob", plans.id)
    assert (await chat.room_links.follow("cid", token)).id == plans.id
    assert (await chat.room_links.follow("cid", token)).id == plans.id
    assert [event.target.name for event in events] == ["Cid"]  # type: ignore[union-attr]
    await chat.room_links.revoke("ann", plans.id)
    for gone in (token, "wrong", "", None, 7):
        problem = await refusal(chat.room_links.follow("mod", gone))
        assert (problem.key, problem.details) == ("link-over", {})


async def test_secret_of_a_link_is_nowhere_in_the_files(chat: Chat, plans: RoomInfo, tmp_path: Path):
    token = await chat.room_links.create("ann", plans.id)
    assert b'"digest"' in (tmp_path / "rooms.json").read_bytes()
    assert not any(token.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_link_survives_a_restart_and_a_revoked_one_does_not_return(chat: Chat, plans: RoomInfo, tmp_path: Path):
    tokens = [await chat.room_links.create("ann", plans.id) for _ in range(2)]
    await chat.close()
    again = build_chat(json_stores(tmp_path, 100), CID)
    assert (await refusal(again.room_links.follow("cid", tokens[0]))).key == "link-over"
    assert (await again.room_links.follow("cid", tokens[1])).id == plans.id
    await again.close()
    assert len([path for path in tmp_path.glob("rooms.json*") if b"cid" in path.read_bytes()]) >= 1


async def test_expired_link_lets_nobody_in(chat: Chat, plans: RoomInfo, monkeypatch: pytest.MonkeyPatch):
    token, now = await chat.room_links.create("ann", plans.id), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, seconds=1))
    assert (await refusal(chat.room_links.follow("cid", token))).key == "link-over"


# Leaving.


async def test_room_that_everybody_left_is_deleted_with_its_messages(chat: Chat, plans: RoomInfo, tmp_path: Path):
    await type_in(chat, "ann", plans.id, "Top secret")
    await chat.rooms.remove_member("ann", plans.id, "ann")
    assert room(chat, plans.id).members == {"bob"}
    ended = record(chat, RoomDeleted)
    await chat.rooms.remove_member("bob", plans.id, "bob")
    assert chat.directory.get(plans.id) is None
    assert len(ended) == 1
    assert not any(b"Top secret" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_guest_who_leaves_the_chat_leaves_private_rooms_and_returns_by_link(chat: Chat, plans: RoomInfo):
    token = await chat.room_links.create("ann", plans.id)
    left = record(chat, MemberRemoved)
    chat.pipeline.apply_and_publish(*chat.people.leave("bob", clock.now()))  # their tab was closed
    chat.members.connect(BOB, "bob's new tab")
    chat.members.leave("ann")  # signed out
    await chat.pipeline.close()
    assert (room(chat, plans.id).members, left) == ({"ann", "bob"}, [])
    chat.members.leave("bob")
    await chat.pipeline.close()
    assert (room(chat, plans.id).members, [event.target.name for event in left]) == ({"ann"}, ["Bob"])  # type: ignore[union-attr]
    chat.members.connect(BOB, "bob's new tab")
    assert (await refusal(type_in(chat, "bob", plans.id, "Hi"))).key == "room-gone"
    await chat.room_links.follow("bob", token)
    assert room(chat, plans.id).members == {"ann", "bob"}


async def test_private_room_ends_with_its_last_guest(chat: Chat, plans: RoomInfo):
    await chat.rooms.remove_member("ann", plans.id, "ann")
    chat.members.leave("bob")
    await chat.pipeline.close()
    assert [info.id for info in chat.directory] == [LOBBY]


async def test_deleted_account_leaves_its_private_rooms_only(chat: Chat, plans: RoomInfo):
    alone = await chat.rooms.create("ann", "Diary", is_private=True)
    tea = await chat.rooms.create("ann", "Tea")
    direct = await chat.direct_rooms.post("ann", ["owner"], "For the record", "message01")
    await chat.pipeline.decide(lambda: chat.people.accounts.delete("ann"))
    await chat.pipeline.close()
    assert room(chat, plans.id).members == {"bob"}
    assert chat.directory.get(alone.id) is None
    assert room(chat, tea.id).kind is RoomKind.PUBLIC
    assert room(chat, direct.id).members == {"ann", "owner"}


# What is announced and recorded.


async def test_room_shows_what_happened_to_it(chat: Chat, plans: RoomInfo):
    token = await chat.room_links.create("ann", plans.id)
    async with chat.room_access.enter("ann", plans.id) as entered:
        for text in ("/room rename Ideas", "/room describe For *all*", "/room describe -", "/room remove @Bob"):
            await type_in(chat, "ann", plans.id, text)
        await chat.rooms.add_member("ann", plans.id, "cid")
        await chat.rooms.remove_member("cid", plans.id, "cid")
        token = await chat.room_links.create("ann", plans.id)
        await chat.room_links.follow("bob", token)
        await chat.rooms.archive("ann", plans.id)
        await chat.rooms.reopen("ann", plans.id)
        shown = [describe_notice(EN, item, str) for _, item in entered.conversation.timeline]  # type: ignore[arg-type]
    assert shown == [
        "Ann renamed the room: Ideas",
        "Ann changed the description: For *all*",
        "Ann removed the description",
        "Ann removed Bob",
        "Ann added Cid",
        "Cid left",
        "Bob joined",
        "Ann archived the room",
        "Ann reopened the room",
    ]


async def test_audit_log_records_rooms_and_names_no_private_one(chat: Chat, plans: RoomInfo, tmp_path: Path):
    tea = await chat.rooms.create("ann", "Tea")
    await chat.rooms.rename("ann", tea.id, "Coffee")
    for info in (tea, plans):
        await chat.rooms.archive("ann", info.id)
        await chat.rooms.reopen("ann", info.id)
    await chat.rooms.rename("ann", plans.id, "Ideas")
    await chat.rooms.remove_member("ann", plans.id, "bob")
    await chat.room_links.follow("cid", await chat.room_links.create("ann", plans.id))
    await chat.rooms.remove_member("cid", plans.id, "cid")
    await chat.direct_rooms.post("ann", ["bob"], "Psst", "message01")
    entries: list[AuditEntry] = await chat.moderation.recent_audit_entries("owner")
    assert [describe_entry(EN, entry, str) for entry in reversed(entries)] == [
        "Ann created a private room",
        "Ann added Bob to a private room",
        "Ann created the room Tea",
        "Ann renamed the room Tea to Coffee",
        "Ann archived the room Coffee",
        "Ann reopened the room Coffee",
        "Ann archived a private room",
        "Ann reopened a private room",
        "Ann renamed a private room",
        "Ann removed Bob from a private room",
    ]
    recorded = (tmp_path / "audit.jsonl").read_text().lower()
    assert not any(name in recorded for name in ("plans", "ideas", "cid"))


async def test_room_that_cannot_be_stored_is_recorded_as_failed(chat: Chat, tmp_path: Path):
    (tmp_path / "rooms.json.tmp").mkdir()
    assert (await refusal(chat.rooms.create("ann", "Tea"))).key == "rooms-unwritable"
    assert [line["kind"] for line in audit_lines(tmp_path)] == ["RoomCreated", "ActionFailed"]
    assert [info.id for info in chat.directory] == [LOBBY]


async def test_changes_of_rooms_are_published(chat: Chat):
    events: list[DirectoryEvent] = record(chat, RoomCreated, RoomRenamed, MemberAdded, MemberRemoved)  # type: ignore[assignment]
    plans = await chat.rooms.create("ann", "Plans", is_private=True)
    await chat.rooms.add_member("ann", plans.id, "bob")
    await chat.rooms.rename("ann", plans.id, "Ideas")
    await chat.rooms.remove_member("ann", plans.id, "bob")
    assert [(type(event), event.room_id) for event in events] == [
        (kind, plans.id) for kind in (RoomCreated, MemberAdded, RoomRenamed, MemberRemoved)
    ]


# Limits.


WRITES = {
    "create": lambda chat, text: chat.rooms.create("ann", text),
    "rename": lambda chat, text: chat.rooms.rename("ann", chat.directory.find_by_slug("ann", "tea").id, text),
    "describe": lambda chat, text: chat.rooms.describe("ann", chat.directory.find_by_slug("ann", "tea").id, text),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_names_and_descriptions_keep_to_the_rules_of_messages(
    chat: Chat, write: Callable[[Chat, str], Awaitable[object]]
):
    await chat.rooms.create("ann", "Tea")
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("darn",)))
    assert (await refusal(write(chat, "A Dárn thing"))).key == "word-filtered"
    assert (await refusal(write(chat, f"It's {ADMIN_PASSWORD}"))).key == "text-has-password"
    await chat.moderation.perform("mod", LOBBY, MuteMember("ann"))
    assert (await refusal(write(chat, "Nice"))).key == "muted"


async def test_muted_member_still_leaves(chat: Chat, plans: RoomInfo):
    await chat.moderation.perform("mod", LOBBY, MuteMember("bob"))
    await chat.rooms.remove_member("bob", plans.id, "bob")
    assert room(chat, plans.id).members == {"ann"}


async def test_too_many_changes_are_refused(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), BOB, OWNER, message_rate="3 per minute")
    plans = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", plans.id, "bob")
    for _ in range(3):
        await chat.room_links.create("bob", plans.id)
    for attempt in (chat.room_links.create("bob", plans.id), chat.rooms.add_member("bob", plans.id, "owner")):
        assert (await refusal(attempt)).key == "too-fast"
    await chat.close()


async def test_nobody_is_added_to_an_archived_room(chat: Chat):
    plans = await chat.rooms.create("owner", "Plans", is_private=True)
    token = await chat.room_links.create("owner", plans.id)
    await chat.rooms.archive("owner", plans.id)
    for attempt in (
        chat.rooms.add_member("owner", plans.id, "bob"),
        chat.room_links.create("owner", plans.id),
    ):
        assert (await refusal(attempt)).key == "room-archived"
    assert (await refusal(chat.room_links.follow("bob", token))).key == "link-over"
    await chat.rooms.reopen("owner", plans.id)
    await chat.room_links.follow("bob", token)
    assert "bob" in chat.directory.room_for("bob", plans.id).members
