"""`invitations.json` contains no secrets, has no backups and is readable by its owner only."""

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


async def test_file_is_readable_by_its_owner_only_and_has_no_backup(path: Path):
    store = invitation_store(path)
    await store.append([CREATED])
    await store.append([OTHER])
    await store.append([InvitationRevoked(ANN, NOON, CREATED.invitation.id)])
    store.load()
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in path.parent.iterdir()] == [(path.name, 0o600)]
    assert CREATED.invitation.digest not in path.read_text()


async def test_failed_write_leaves_the_invitations_unchanged(path: Path):
    store = invitation_store(path)
    await store.append([CREATED])
    path.with_name("invitations.json.tmp").mkdir()
    with pytest.raises(AccountsUnwritable):
        await store.append([OTHER])
    path.with_name("invitations.json.tmp").rmdir()
    assert list(invitation_store(path).load()) == [CREATED.invitation]


BROKEN = {
    "empty": "",
    "no invitations": '{"version": 2}',
    "half an invitation": '{"version": 2, "invitations": [{"id": "x"}]}',
    "half an invitation of version 1": '{"version": 1, "invitations": [{"id": "x"}]}',
    "a number": '{"version": 1, "invitations": [7]}',
    "something else": '{"version": 2, "invitations": [], "people": []}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_broken_file_is_quarantined_untouched(path: Path, content: str):
    path.write_text(content)
    store = invitation_store(path)
    assert list(store.load()) == []
    [quarantined] = path.parent.glob("*.corrupt-*")
    assert quarantined.read_text() == content
    assert (await store.check()).quarantined == quarantined.name


def test_newer_version_is_rejected_in_one_line_and_left_untouched(path: Path):
    path.write_text('{"version": 3}')
    with pytest.raises(StartupError, match="version 3 is newer than this program") as refused:
        invitation_store(path).load()
    assert "\n" not in str(refused.value)
    assert path.read_text() == '{"version": 3}'
