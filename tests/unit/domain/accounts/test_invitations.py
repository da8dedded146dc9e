"""Invitations: a link opens the door until it expires or is revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.invitations import (
    HOURS_LIMIT,
    INVITATIONS_LIMIT,
    Invitation,
    InvitationRevoked,
    Invitations,
    InvitationUsed,
)
from chat.domain.errors import AccountRefused
from chat.domain.users import Member, Nickname, Role

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", Nickname("Ann", "ann"), Role.ADMIN)
TOKEN = "a secret that nobody guesses"


@pytest.fixture
def invitations() -> Invitations:
    return Invitations()


def invite(invitations: Invitations, token: str = TOKEN, hours: int = 1) -> Invitation:
    event = invitations.invite(ANN, token, hours, NOON)
    assert invitations.apply(event)
    return event.invitation


def refusal(invitations: Invitations, token: object = TOKEN, now: datetime = NOON) -> str:
    with pytest.raises(AccountRefused) as refused:
        invitations.find(token, now)
    return refused.value.key


def test_who_has_the_link_finds_the_invitation(invitations: Invitations):
    made = invite(invitations)
    assert invitations.find(TOKEN, NOON) == made
    assert (made.by, made.name) == ("ann", "Ann")


def test_the_secret_is_not_kept(invitations: Invitations):
    assert TOKEN not in repr(invite(invitations))


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", None, 7, "\ud800"], ids=ascii)
def test_another_secret_opens_nothing(invitations: Invitations, token: object):
    invite(invitations)
    assert refusal(invitations, token) == "invitation-over"


def test_it_expires(invitations: Invitations):
    invite(invitations, hours=1)
    assert invitations.find(TOKEN, NOON + timedelta(minutes=59))
    assert refusal(invitations, now=NOON + timedelta(hours=1)) == "invitation-over"


def test_it_is_revoked(invitations: Invitations):
    made = invite(invitations)
    invitations.apply(invitations.revoke(made.id))
    assert refusal(invitations) == "invitation-over"


@pytest.mark.parametrize("unknown", ["", "12345678", None, 7])
def test_what_is_not_there_is_not_revoked(invitations: Invitations, unknown: object):
    invite(invitations)
    with pytest.raises(AccountRefused):
        invitations.revoke(unknown)


def test_uses_are_counted(invitations: Invitations):
    made = invite(invitations)
    for _ in range(2):
        invitations.apply(InvitationUsed(made.id))
    assert [found.uses for found in invitations] == [2]


@pytest.mark.parametrize("hours", [0, -1, HOURS_LIMIT + 1])
def test_it_lasts_for_hours_or_weeks(invitations: Invitations, hours: int):
    with pytest.raises(AccountRefused, match="invitation-hours"):
        invitations.invite(ANN, TOKEN, hours, NOON)


def test_there_is_an_end_to_inviting(invitations: Invitations):
    for number in range(INVITATIONS_LIMIT):
        invite(invitations, f"secret {number}")
    with pytest.raises(AccountRefused, match="invitations-full"):
        invite(invitations, "one more")


def test_what_is_over_is_forgotten_when_somebody_invites(invitations: Invitations):
    invite(invitations)
    invitations.apply(invitations.invite(ANN, "another", 1, NOON + timedelta(hours=2)))
    assert len(invitations) == 1


def test_the_same_fact_again_changes_nothing(invitations: Invitations):
    event = invitations.invite(ANN, TOKEN, 1, NOON)
    assert invitations.apply(event)
    assert not invitations.apply(event)
    revoked = InvitationRevoked(event.invitation.id)
    assert invitations.apply(revoked)
    assert not invitations.apply(revoked)
    assert not invitations.apply(InvitationUsed(event.invitation.id))
