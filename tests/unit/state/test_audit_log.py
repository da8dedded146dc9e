"""The audit log: moderation is recorded before it happens, without addresses, texts or secrets."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import InvitationCreated, InvitationRevoked
from chat.domain.accounts.invitations import digest_of
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import AccountRefused, HistoryUnwritable, NotAllowed
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared
from chat.domain.moderation.events import Kicked
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ResolveReports
from chat.state.accounts.invitations import InvitationService
from chat.state.chat import Chat
from chat.storage.json_files.audit_log import JsonAuditLog
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from tests.unit.state.support import (
    BOB,
    BOBS_CLIENT,
    MODERATOR,
    OWNER,
    audit_lines,
    post_and_confirm,
    refusal,
    tab,
    texts,
)

Post = Callable[[str, str], Awaitable[object]]


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return json_stores(tmp_path, 100)


@pytest.fixture
def chat(make_chat: Callable[..., Chat], stores: Stores) -> Chat:
    """A chat on files, with Olga, Mo and Bob in it."""
    chat = make_chat(stores, members=(OWNER, MODERATOR))
    chat.members.connect(BOB, tab(BOB), BOBS_CLIENT)
    return chat


@pytest.fixture
def invitations(chat: Chat, stores: Stores) -> InvitationService:
    policy = AccessPolicy(AccessMode.INVITE, SharedPassword("", "room"), stores.invitations.load())
    return InvitationService(policy, stores.invitations, chat.pipeline)


@pytest.fixture
def post(chat: Chat) -> Post:
    """Post a text as a member, under an id of its own, and confirm it if asked."""
    numbers = iter(range(1000))
    return lambda member_id, text: post_and_confirm(chat, member_id, text, f"message{next(numbers):03}")


def summary(folder: Path) -> list[str]:
    """Return actor, kind and target of each line."""
    return [
        " ".join((line["actor"]["name"], line["kind"], line.get("target", {}).get("name", ""))).strip()
        for line in audit_lines(folder)
    ]


async def test_every_act_is_recorded(chat: Chat, post: Post, tmp_path: Path):
    await post("bob", "Hello")
    [message] = chat.lobby.conversation.history
    await chat.moderation.report("mod", LOBBY, message.id, "spam")
    await chat.moderation.perform("mod", LOBBY, ResolveReports(message.id))
    await chat.messages.delete("mod", LOBBY, message.id)
    await post("owner", "/topic Tea")
    await post("owner", "/role Bob moderator")
    await post("owner", "/role Bob guest")
    await chat.messages.clear("owner", LOBBY)
    await post("mod", "/kick Bob")
    assert summary(tmp_path) == [
        "Mo MessageReported Bob",
        "Mo ReportResolved Bob",
        "Mo MessageDeleted Bob",
        "Olga TopicChanged",
        "Olga RoleChanged Bob",
        "Olga RoleChanged Bob",
        "Olga HistoryCleared",
        "Mo Kicked Bob",
    ]
    assert (await chat.moderation.audit_log("owner")).count(b"\n") == 8
    found = await chat.moderation.recent_audit_entries("owner", 2)
    assert [type(entry) for entry in found] == [Kicked, HistoryCleared]


async def test_line_holds_the_fields_of_its_event(chat: Chat, post: Post, tmp_path: Path):
    await post("bob", "Hello")
    [message] = chat.lobby.conversation.history
    for member_id, text in (
        ("mod", "/mute Bob 5 loud"),
        ("mod", "/slow 30"),
        ("mod", "/lock"),
        ("mod", "/purge Bob 1"),
        ("owner", "/filter darn"),
        ("owner", "/topic Tea"),
        ("owner", "/role Bob member"),
    ):
        await post(member_id, text)
    muted, slowed, locked, purged, filtered, topic, role = audit_lines(tmp_path)
    mo, olga, bob = ({"id": who.id, "name": who.name} for who in (MODERATOR.ref, OWNER.ref, BOB.ref))
    common = {"version": 2, "room_id": "lobby"}
    assert muted.pop("until") > muted["at"]
    assert muted == {**common, "kind": "Muted", "actor": mo, "target": bob, "at": muted["at"], "reason": "loud"}
    assert slowed == {**common, "kind": "SlowModeChanged", "actor": mo, "at": slowed["at"], "seconds": 30}
    assert locked == {**common, "kind": "RoomLocked", "actor": mo, "at": locked["at"]}
    assert (purged["kind"], purged["target"], purged["message_ids"]) == ("MessagesPurged", bob, [message.id])
    assert (filtered["kind"], filtered["added"], filtered["removed"]) == ("WordFilterChanged", ["darn"], [])
    assert topic == {**common, "kind": "TopicChanged", "actor": olga, "at": topic["at"], "topic": "Tea"}
    assert (role["kind"], role["before"], role["role"]) == ("RoleChanged", "guest", "member")


async def test_lines_hold_no_addresses_sessions_texts_or_secrets(
    chat: Chat, post: Post, invitations: InvitationService, tmp_path: Path
):
    await post("bob", "some private words")
    [message] = chat.lobby.conversation.history
    await chat.moderation.report("mod", LOBBY, message.id, "rude")
    await post("mod", "/mute Bob")
    await post("mod", "/kick Bob")
    await post("mod", "/ban Bob")
    await chat.messages.delete("mod", LOBBY, message.id)
    token = await invitations.create(OWNER)
    assert len(audit_lines(tmp_path)) == 7
    log = (tmp_path / "audit.jsonl").read_text()
    for secret in (
        BOBS_CLIENT.address, BOBS_CLIENT.session, "identifiers", "private words", token, digest_of(token),
    ):  # fmt: skip
        assert secret not in log
    assert b"private words" not in await chat.moderation.audit_log("owner")


async def test_own_edits_deletions_and_renames_are_not_recorded(chat: Chat, post: Post, tmp_path: Path):
    await post("bob", "Hello")
    [message] = chat.lobby.conversation.history
    await chat.messages.edit("bob", LOBBY, message.id, "Hi")
    await chat.messages.delete("bob", LOBBY, message.id)
    await post("bob", "/nick Robert")
    assert not (tmp_path / "audit.jsonl").exists()


@pytest.mark.parametrize("text", ["/mute Bob", "/kick Bob", "/purge Bob", "/lock", "/topic Tea", "/role Bob moderator"])
async def test_unrecorded_act_does_not_happen(
    chat: Chat, post: Post, published: list[Event], monkeypatch: pytest.MonkeyPatch, text: str
):
    await post("bob", "Hello")
    del published[:]
    monkeypatch.setattr(JsonAuditLog, "_append", _full)
    assert isinstance(await refusal(post("owner", text)), HistoryUnwritable)
    assert published == []
    assert texts(chat) == ["Hello"]
    assert chat.people.roster() == [BOB, MODERATOR, OWNER]


def _full(*args: object) -> None:
    raise OSError(28, "No space left on device")


async def test_second_report_of_a_message_is_not_recorded(chat: Chat, post: Post, tmp_path: Path):
    await post("mod", "Quiet, please")
    [message] = chat.lobby.conversation.history
    await chat.moderation.report("bob", LOBBY, message.id)
    assert (await refusal(chat.moderation.report("bob", LOBBY, message.id))).key == "report-again"
    assert summary(tmp_path) == ["Bob MessageReported Mo"]


async def test_invitations_are_recorded(chat: Chat, invitations: InvitationService, tmp_path: Path):
    await invitations.create(OWNER, 24)
    [invitation] = invitations.policy.invitations
    await invitations.revoke(OWNER, invitation.id)
    assert isinstance(await refusal(invitations.revoke(OWNER, invitation.id)), AccountRefused)
    assert isinstance(await refusal(invitations.create(MODERATOR, 24)), NotAllowed)
    assert summary(tmp_path) == ["Olga InvitationCreated", "Olga InvitationRevoked"]
    revoked, created = await chat.moderation.recent_audit_entries("owner", 2)
    assert isinstance(created, InvitationCreated)
    assert isinstance(revoked, InvitationRevoked)
    assert (created.invitation.id, created.invitation.until) == (invitation.id, invitation.until)
    assert revoked.invitation_id == invitation.id


async def test_downloaded_log_is_json_lines(chat: Chat, post: Post):
    await post("mod", "/lock")
    await post("mod", "/unlock")
    lines = (await chat.moderation.audit_log("owner")).splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["RoomLocked", "RoomUnlocked"]
