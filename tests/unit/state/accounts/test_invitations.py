"""Invitations: created, used and revoked through the pipeline, and stored."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import InvitationCreated, InvitationRevoked, InvitationUsed
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import AccountRefused, AccountsUnwritable
from chat.domain.users import Role
from chat.state.accounts.invitations import InvitationService
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from tests.unit.state.support import OWNER, record, refusal, unwritable


def invitation_service(chat: Chat, stores: Stores) -> InvitationService:
    policy = AccessPolicy(AccessMode.INVITE, SharedPassword("", "room"), stores.invitations.load())
    return InvitationService(policy, stores.invitations, chat.pipeline)


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return json_stores(tmp_path, 100)


@pytest.fixture
def chat(make_chat: Callable[..., Chat], stores: Stores) -> Chat:
    return make_chat(stores, members=(OWNER,))


@pytest.fixture
def invitations(chat: Chat, stores: Stores) -> InvitationService:
    return invitation_service(chat, stores)


async def use(invitations: InvitationService, token: str) -> Role:
    async with invitations.using(token) as role:
        await asyncio.sleep(0)
    return role


async def test_invitation_is_created_used_and_revoked(chat: Chat, invitations: InvitationService):
    published = record(chat)
    token = await invitations.create(OWNER)
    assert await use(invitations, token) is Role.MEMBER
    [invitation] = invitations.policy.invitations
    assert (invitation.uses, invitation.created_by) == (1, OWNER.ref)
    await invitations.revoke(OWNER, invitation.id)
    assert [type(event) for event in published] == [InvitationCreated, InvitationUsed, InvitationRevoked]
    assert (await refusal(use(invitations, token))).key == "invitation-over"


async def test_invitations_survive_a_restart(
    chat: Chat, invitations: InvitationService, make_chat: Callable[..., Chat], tmp_path: Path
):
    token = await invitations.create(OWNER)
    await use(invitations, token)
    await chat.close()
    stores = json_stores(tmp_path, 100)
    later = invitation_service(make_chat(stores, members=(OWNER,)), stores)
    assert list(later.policy.invitations) == list(invitations.policy.invitations)
    assert await use(later, token) is Role.MEMBER


async def test_failed_use_does_not_count(invitations: InvitationService):
    token = await invitations.create(OWNER)
    with pytest.raises(RuntimeError):
        async with invitations.using(token):
            raise RuntimeError
    assert [invitation.uses for invitation in invitations.policy.invitations] == [0]


async def test_owners_invitation_is_used_once_and_never_stored(invitations: InvitationService, tmp_path: Path):
    invitations.create_for_owner(token := "a token")
    await invitations.create(OWNER)
    results = await asyncio.gather(*(use(invitations, token) for _ in range(2)), return_exceptions=True)
    assert results[0] is Role.OWNER
    assert isinstance(results[1], AccountRefused)
    stored = json.loads((tmp_path / "invitations.json").read_bytes())["invitations"]
    assert [invitation["role"] for invitation in stored] == ["member"]


async def test_owners_invitation_is_restored_if_its_use_fails(invitations: InvitationService):
    invitations.create_for_owner(token := "a token")
    with pytest.raises(RuntimeError):
        async with invitations.using(token):
            raise RuntimeError
    assert await use(invitations, token) is Role.OWNER


async def test_unstored_invitation_does_not_exist(invitations: InvitationService, tmp_path: Path):
    with unwritable(tmp_path / "invitations.json"):
        assert isinstance(await refusal(invitations.create(OWNER)), AccountsUnwritable)
    assert len(invitations.policy.invitations) == 0
    await invitations.create(OWNER)
    assert len(invitations.policy.invitations) == 1


@pytest.mark.parametrize("secret", [None, 5, {}, ["token"], b"token", "", "token"], ids=repr)
async def test_wrong_secret_is_refused(invitations: InvitationService, secret: object):
    await invitations.create(OWNER)
    with pytest.raises(AccountRefused) as refused:
        invitations.check_sign_up(ClientIdentity("session"), secret)
    assert refused.value.key == "invitation-over"
    with pytest.raises(AccountRefused, match="account-needed"):
        invitations.check_guest(ClientIdentity("session"), secret)


async def test_token_allows_signing_up(invitations: InvitationService):
    token = await invitations.create(OWNER)
    invitations.check_sign_up(ClientIdentity("session"), token)
