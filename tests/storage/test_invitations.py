"""`invitations.json` contains no secrets, is readable by its owner only, and no backup keeps what was revoked."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.domain.accounts.events import InvitationRevoked
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.errors import AccountsUnwritable, StartupError
from chat.domain.users import UserRef
from chat.storage.json_files.invitations import invitation_store

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = UserRef("ann", "Ann")
TOKEN = "a secret of at least 128 bits"
CREATED = Invitations().create(ANN, TOKEN, 24, NOON)
OTHER = Invitations().create(ANN, "another secret", 24, NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "invitations.json"


async def test_file_is_readable_json_without_the_secret(path: Path):
    await invitation_store(path).append([CREATED])
    content = json.loads(path.read_bytes())
    assert (content["version"], len(content["invitations"])) == (2, 1)
    assert content["invitations"][0]["created_by"] == {"id": "ann", "name": "Ann"}
    assert TOKEN not in path.read_text()
    assert invitation_store(path).load().find(TOKEN, NOON) == CREATED.invitation


async def test_files_are_readable_by_their_owner_only_and_keep_no_revoked_invitation(path: Path):
    store = invitation_store(path)
    await store.append([CREATED])
    await store.append([OTHER])
    await store.append([InvitationRevoked(ANN, NOON, CREATED.invitation.id)])
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [path.name, f"{path.name}.backup-1"]
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert CREATED.invitation.digest not in file.read_text()


async def test_failed_write_leaves_the_invitations_unchanged(path: Path):
    store = invitation_store(path)
    await store.append([CREATED])
    path.with_name("invitations.json.tmp").mkdir()
    with pytest.raises(AccountsUnwritable):
        await store.append([OTHER])
    path.with_name("invitations.json.tmp").rmdir()
    assert list(invitation_store(path).load()) == [CREATED.invitation]


INVITED = (
    '{"version": 2, "invitations": [{"id": "x", "digest": "y", "created_by": {"id": "ann", "name": "Ann"},'
    ' "created": "2026-05-01T12:00:00Z", "until": "2026-05-02T12:00:00Z"}]}'
)
BROKEN = {
    "empty": "",
    "no invitations": '{"version": 2}',
    "half an invitation": '{"version": 2, "invitations": [{"id": "x"}]}',
    "half an invitation of version 1": '{"version": 1, "invitations": [{"id": "x"}]}',
    "a number": '{"version": 1, "invitations": [7]}',
    "a time without a year that exists": INVITED.replace("2026", "9999"),
    "the same id twice": INVITED.replace("[{", "[" + INVITED[INVITED.index("{", 1) : -2] + ", {"),
    "something else": '{"version": 2, "invitations": [], "people": []}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_file_stops_the_start_and_is_left_untouched(path: Path, content: str):
    path.write_text(content)
    with pytest.raises(StartupError, match="is broken"):
        invitation_store(path).load()
    assert [(file.name, file.read_text()) for file in path.parent.iterdir()] == [(path.name, content)]


def test_times_written_by_hand_may_omit_the_zone(path: Path):
    path.write_text(INVITED.replace("00Z", "00"))
    [invitation] = invitation_store(path).load()
    assert invitation.created == NOON


def test_newer_version_is_rejected_in_one_line_and_left_untouched(path: Path):
    path.write_text('{"version": 3}')
    with pytest.raises(StartupError, match="version 3 is newer than this program") as refused:
        invitation_store(path).load()
    assert "\n" not in str(refused.value)
    assert path.read_text() == '{"version": 3}'
