"""Invitations: their secrets, expiry, uses and limits."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.events import InvitationUsed
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import MAX_HOURS, MAX_INVITATIONS, Invitation
from chat.domain.errors import AccountRefused
from chat.domain.users import UserRef

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = UserRef("ann", "Ann")
TOKEN = "a secret of an invitation"


@pytest.fixture
def invitations() -> Invitations:
    return Invitations()


def invite(invitations: Invitations, token: str = TOKEN, hours: int = 1) -> Invitation:
    event = invitations.create(ANN, token, hours, NOON)
    assert invitations.apply(event)
    return event.invitation


def refusal(invitations: Invitations, token: object = TOKEN, now: datetime = NOON) -> str:
    with pytest.raises(AccountRefused) as refused:
        invitations.find(token, now)
    return refused.value.key


def test_secret_finds_invitation(invitations: Invitations):
    created = invite(invitations)
    assert invitations.find(TOKEN, NOON) == created
    assert created.created_by == ANN


def test_secret_is_not_kept(invitations: Invitations):
    assert TOKEN not in repr(invite(invitations))


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", None, 7, "\ud800"], ids=ascii)
def test_other_secret_finds_nothing(invitations: Invitations, token: object):
    invite(invitations)
    assert refusal(invitations, token) == "invitation-over"


def test_invitation_expires(invitations: Invitations):
    invite(invitations, hours=1)
    assert invitations.find(TOKEN, NOON + timedelta(minutes=59))
    assert refusal(invitations, now=NOON + timedelta(hours=1)) == "invitation-over"


def test_invitation_can_be_revoked(invitations: Invitations):
    created = invite(invitations)
    invitations.apply(invitations.revoke(ANN, created.id, NOON))
    assert refusal(invitations) == "invitation-over"


@pytest.mark.parametrize("unknown", ["", "12345678", None, 7])
def test_unknown_invitation_cannot_be_revoked(invitations: Invitations, unknown: object):
    invite(invitations)
    with pytest.raises(AccountRefused):
        invitations.revoke(ANN, unknown, NOON)


def test_uses_are_counted(invitations: Invitations):
    created = invite(invitations)
    for _ in range(2):
        invitations.apply(InvitationUsed(created.id, NOON))
    assert [found.uses for found in invitations] == [2]


@pytest.mark.parametrize("hours", [0, -1, MAX_HOURS + 1])
def test_hours_have_limits(invitations: Invitations, hours: int):
    with pytest.raises(AccountRefused, match="invitation-hours"):
        invitations.create(ANN, TOKEN, hours, NOON)


def test_open_invitations_have_a_limit(invitations: Invitations):
    for number in range(MAX_INVITATIONS):
        invite(invitations, f"secret {number}")
    with pytest.raises(AccountRefused, match="invitations-full"):
        invite(invitations, "one more")


def test_new_invitation_drops_expired_ones(invitations: Invitations):
    invite(invitations)
    invitations.apply(invitations.create(ANN, "another", 1, NOON + timedelta(hours=2)))
    assert len(invitations) == 1


def test_repeated_event_changes_nothing(invitations: Invitations):
    created = invitations.create(ANN, TOKEN, 1, NOON)
    assert invitations.apply(created)
    assert not invitations.apply(created)
    revoked = invitations.revoke(ANN, created.invitation.id, NOON)
    assert invitations.apply(revoked)
    assert not invitations.apply(revoked)
    assert not invitations.apply(InvitationUsed(created.invitation.id, NOON))


def test_copy_is_independent(invitations: Invitations):
    created = invite(invitations)
    copy = invitations.copy()
    copy.apply(copy.revoke(ANN, created.id, NOON))
    assert (len(copy), len(invitations)) == (0, 1)
