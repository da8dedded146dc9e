"""Moderation, accounts and invitations of earlier versions, and the rules that apply to every file."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import AccountDeleted, InvitationCreated
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import AccountRefused, StartupError
from chat.domain.moderation.events import RoomUnlocked
from chat.domain.moderation.reports import Report, Reporter
from chat.domain.moderation.sanctions import Sanction
from chat.domain.users import Role, UserRef
from chat.state import clock
from chat.state.accounts.invitations import InvitationService
from chat.state.accounts.passwords import Passwords
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from tests.storage.samples import NOON, posted
from tests.storage.version_2 import ADA, BEN, CID, DAN, EVE, MO, OLGA, SAM, TRUDY, VERSION_2, at


def version_of(path: Path) -> int:
    return json.loads(path.read_bytes())["version"]


def quarantined_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.corrupt-*"))


# Moderation.


def identifiers(name: str, last_byte: int) -> frozenset[str]:
    return frozenset({f"member:{name}", f"session:session-of-{name}", f"address:192.0.2.{last_byte}"})


def test_moderation_of_version_1_is_in_force(stores: Stores):
    moderation = stores.moderation.load()
    trudys, eves, dans = identifiers("trudy", 8), identifiers("eve", 7), identifiers("dan", 9)
    assert list(moderation.mutes) == [Sanction(TRUDY, MO, at(72), at(72) + timedelta(hours=12), trudys, "rude")]
    assert list(moderation.kicks) == [Sanction(TRUDY, MO, at(89), at(149), trudys, "cool down")]
    assert list(moderation.bans) == [
        Sanction(EVE, ADA, at(75), None, eves, "spam"),
        Sanction(DAN, ADA, at(77), at(77) + timedelta(days=7), dans, "flood"),
    ]
    lobby = moderation.restrictions("lobby")
    assert (lobby.slow_mode.seconds, lobby.locked) == (30, True)
    assert moderation.blocked_words == {"heck", "spam*", "zlut"}
    assert list(moderation.reports) == [
        Report("lobby", "evemessage11", EVE, (Reporter(BEN, at(66), "spam"),), "", MO, at(71)),
        Report("lobby", "trudymessage", TRUDY, (Reporter(CID, at(67), "wrong"),), "", MO, at(68)),
        Report(
            "lobby",
            "trudymessag2",
            TRUDY,
            (Reporter(BEN, at(64), "rude"), Reporter(SAM, at(65))),
            "Nobody likes you, @Ben",
        ),
    ]


def test_moderation_without_a_version_is_read_as_version_1(data_folder: Path, stores: Stores):
    """Such a ban may have been written by hand, without a time zone."""
    ban = {
        "whom": {"id": "bob", "name": "Bob"},
        "by": {"id": "", "name": ""},
        "at": "2026-05-01T12:00:00",
        "until": "2026-05-02T12:00:00",
        "marks": ["member:bob"],
    }
    (data_folder / "moderation.json").write_text(json.dumps({"bans": [ban]}))
    assert stores.moderation.load().bans.find({"member:bob"}, NOON)


# Accounts.


async def test_accounts_are_loaded_with_their_roles_and_passwords(stores: Stores):
    directory = stores.accounts.load()
    names_and_roles = {account.id: (account.name, account.role) for account in directory}
    assert names_and_roles == {
        "olga": ("Ольга", Role.OWNER),
        "ada": ("Ada", Role.ADMIN),
        "mo": ("Mo", Role.MODERATOR),
        "ben": ("Ben", Role.MEMBER),
        "gil": ("Gil", Role.GUEST),
        "sso-5f2c91": ("Sam Sso", Role.MEMBER),
    }
    ben, sam = directory.get("ben"), directory.get("sso-5f2c91")
    assert ben
    assert sam
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert await passwords.verify(ben.password, "another password of ben")
    assert not await passwords.verify(ben.password, "the password of ben")
    assert (ben.created, ben.generation) == (at(10), 1777636895123)
    assert (sam.has_password, sam.generation) == (False, int(at(15).timestamp() * 1000))


# Invitations.


def token(number: int) -> str:
    return f"invitation-number-{number}-abcdefgh"


INVITATIONS = {
    1: Invitation("30b9b075", "", UserRef("", ""), at(32), at(32) + timedelta(days=7), 0, Role.OWNER),
    2: Invitation("51128c6b", "", ADA, at(33), at(33) + timedelta(days=1), 2, Role.MEMBER),
    4: Invitation("91e49a7f", "", OLGA, at(37), at(37) + timedelta(days=7), 0, Role.MEMBER),
}


def test_invitations_of_version_1_are_found_by_their_secret(stores: Stores):
    invitations = stores.invitations.load()
    found = {number: replace(invitations.find(token(number), NOON), digest="") for number in INVITATIONS}
    assert found == INVITATIONS
    assert len(invitations) == 3
    with pytest.raises(AccountRefused):
        invitations.find(token(3), NOON)  # revoked


async def test_stored_owner_invitation_is_removed_once_used(
    data_folder: Path, stores: Stores, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    policy = AccessPolicy(AccessMode.INVITE, SharedPassword(""), stores.invitations.load())
    service = InvitationService(policy, stores.invitations, EventPipeline(EventBus(), stores.audit_log))
    async with service.using(token(1)) as role:
        assert role is Role.OWNER
    async with service.using(token(4)) as role:
        assert role is Role.MEMBER
    again = json_stores(data_folder, 100).invitations.load()
    assert [(invitation.created_by, invitation.uses) for invitation in again] == [(ADA, 2), (OLGA, 1)]


def test_invitations_without_a_version_are_read_as_version_1(data_folder: Path, stores: Stores):
    content = json.loads((data_folder / "invitations.json").read_bytes())
    del content["version"]
    (data_folder / "invitations.json").write_text(json.dumps(content))
    assert len(stores.invitations.load()) == 3


# Every file.


def add_invitation(stores: Stores) -> InvitationCreated:
    return Invitations().create(ADA, token(5), 24, NOON)


def delete_gil(stores: Stores) -> AccountDeleted:
    return stores.accounts.load().delete("gil")


FILES: dict[str, tuple[str, int, Callable[[Stores], Any], Callable[[Any], object]]] = {
    "messages": ("chat_log.json", 6, lambda _: posted(1), lambda history: (list(history), history.topic)),
    "moderation": (
        "moderation.json", 7, lambda _: RoomUnlocked("lobby", ADA, at(90)),
        lambda state: (
            list(state.mutes), list(state.bans), list(state.reports), state.blocked_words,
            state.restrictions("lobby").locked,
        ),
    ),
    "accounts": ("accounts.json", 3, delete_gil, list),
    "invitations": ("invitations.json", 2, add_invitation, list),
}  # fmt: skip
every_file = pytest.mark.parametrize(("name", "file"), [(name, row[0]) for name, row in FILES.items()], ids=FILES)


@every_file
async def test_file_is_unchanged_until_the_next_write(data_folder: Path, stores: Stores, name: str, file: str):
    store = getattr(stores, name)
    store.load()
    await store.close()
    assert (data_folder / file).read_bytes() == (VERSION_2 / "data_folder" / file).read_bytes()


@every_file
async def test_next_write_has_the_new_version_and_a_restart_reads_it(
    data_folder: Path, stores: Stores, name: str, file: str
):
    _, version, make_event, content = FILES[name]
    store, event = getattr(stores, name), make_event(stores)
    state = store.load()
    await store.append([event])
    await store.close()
    state.apply(event)
    assert version_of(data_folder / file) == version
    again = getattr(json_stores(data_folder, 100), name)
    assert content(again.load()) == content(state)
    await again.close()
    assert quarantined_in(data_folder) == []


@pytest.mark.parametrize("name", ["messages", "moderation"])
async def test_file_of_the_earlier_version_is_kept_until_a_start_has_read_the_new_one(
    data_folder: Path, stores: Stores, name: str
):
    file, version, make_event, content = FILES[name]
    store = getattr(stores, name)
    before = content(store.load())
    await store.append([make_event(stores)])
    await store.close()
    kept = shutil.copytree(data_folder, data_folder.with_name("kept"))
    broken = (data_folder / file).read_bytes()[:-100]
    for bad in (data_folder / file, data_folder / f"{file}.backup-1"):
        bad.write_bytes(broken)
    again = getattr(json_stores(data_folder, 100), name)
    assert content(again.load()) == before
    assert (await again.check()).restored_from == f"{file}.backup-2"
    assert version_of(data_folder / file) == version
    assert [quarantined.read_bytes() for quarantined in quarantined_in(data_folder)] == [broken, broken]
    assert version_of(kept / f"{file}.backup-2") < version
    getattr(json_stores(kept, 100), name).load()
    assert version_of(kept / f"{file}.backup-2") == version


@every_file
def test_broken_file_of_earlier_version_is_kept(data_folder: Path, stores: Stores, name: str, file: str):
    broken = (data_folder / file).read_bytes()[:-100]
    (data_folder / file).write_bytes(broken)
    if name == "messages":
        assert list(getattr(stores, name).load()) == []
    else:
        with pytest.raises(StartupError, match="is broken"):
            getattr(stores, name).load()
    assert broken in [kept.read_bytes() for kept in data_folder.glob(f"{file}*")]


@pytest.mark.parametrize(
    ("name", "file"), [*((name, row[0]) for name, row in FILES.items()), ("messages", "chat_log.json.journal")]
)
def test_newer_version_is_rejected_in_one_line_and_left_untouched(
    data_folder: Path, stores: Stores, name: str, file: str
):
    content = b'{"version":99,"something":"new"}\n'
    (data_folder / file).write_bytes(content)
    before = {found: found.read_bytes() for found in data_folder.iterdir()}
    with pytest.raises(StartupError, match="version 99 is newer than this program, which knows up to") as refused:
        getattr(stores, name).load()
    assert str(data_folder / file).removesuffix(".journal") in str(refused.value)
    assert "\n" not in str(refused.value)
    assert {found: found.read_bytes() for found in data_folder.iterdir() if found.suffix != ".lock"} == before
