"""The door: who may come in as a guest, and who may sign up."""

from datetime import UTC, datetime

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.invitations import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import ChatError
from chat.domain.moderation.sanctions import ClientIdentity
from chat.domain.users import Member, Nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", Nickname("Ann", "ann"))
TOKEN = "a secret that nobody guesses"
PASSWORD = "open sesame"


def door(access: AccessMode) -> AccessPolicy:
    invitations = Invitations()
    invitations.apply(invitations.invite(ANN, TOKEN, 1, NOON))
    return AccessPolicy(access, SharedPassword(PASSWORD, "room"), invitations)


@pytest.mark.parametrize(
    ("access", "secret", "reason"),
    [
        (AccessMode.OPEN, "", None),
        (AccessMode.PASSWORD, PASSWORD, None),
        (AccessMode.PASSWORD, "", "room-wrong"),
        (AccessMode.PASSWORD, TOKEN, "room-wrong"),
        (AccessMode.INVITE, "", "account-needed"),
        (AccessMode.INVITE, TOKEN, "account-needed"),
    ],
)
def test_who_may_come_in_as_a_guest(access: AccessMode, secret: str, reason: str | None):
    assert refusal(door(access).check_guest, secret) == reason


@pytest.mark.parametrize(
    ("access", "secret", "reason"),
    [
        (AccessMode.OPEN, "", None),
        (AccessMode.PASSWORD, PASSWORD, None),
        (AccessMode.PASSWORD, "", "room-wrong"),
        (AccessMode.INVITE, TOKEN, None),
        (AccessMode.INVITE, "", "invitation-over"),
        (AccessMode.INVITE, PASSWORD, "invitation-over"),
    ],
)
def test_who_may_sign_up(access: AccessMode, secret: str, reason: str | None):
    assert refusal(door(access).check_sign_up, secret) == reason


def refusal(check, secret: str) -> str | None:
    try:
        check(ClientIdentity("bob"), secret, NOON)
    except ChatError as problem:
        return problem.key
    return None


def test_too_many_wrong_passwords_cost_a_minute_for_who_tried():
    closed = door(AccessMode.PASSWORD)
    for _ in range(5):
        assert refusal(closed.check_guest, "wrong") == "room-wrong"
    assert refusal(closed.check_guest, PASSWORD) == "room-locked"
    closed.check_guest(ClientIdentity("cid"), PASSWORD, NOON)
