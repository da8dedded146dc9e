"""The access policy: joining as a guest, and signing up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import ChatError
from chat.domain.users import UserRef

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TOKEN = "a secret of an invitation"
PASSWORD = "open sesame"


def policy(mode: AccessMode) -> AccessPolicy:
    invitations = Invitations()
    invitations.apply(invitations.create(UserRef("ann", "Ann"), TOKEN, 1, NOON))
    return AccessPolicy(mode, SharedPassword(PASSWORD, "room"), invitations)


def refusal(check: Callable[[ClientIdentity, str, datetime], None], secret: str) -> str | None:
    try:
        check(ClientIdentity("bob"), secret, NOON)
    except ChatError as problem:
        return problem.key
    return None


@pytest.mark.parametrize(
    ("mode", "secret", "reason"),
    [
        (AccessMode.OPEN, "", None),
        (AccessMode.PASSWORD, PASSWORD, None),
        (AccessMode.PASSWORD, "", "room-wrong"),
        (AccessMode.PASSWORD, TOKEN, "room-wrong"),
        (AccessMode.INVITE, "", "account-needed"),
        (AccessMode.INVITE, TOKEN, "account-needed"),
        (AccessMode.SSO, "", "account-needed"),
    ],
)
def test_guests_join_as_the_mode_allows(mode: AccessMode, secret: str, reason: str | None):
    assert refusal(policy(mode).check_guest, secret) == reason


@pytest.mark.parametrize(
    ("mode", "secret", "reason"),
    [
        (AccessMode.OPEN, "", None),
        (AccessMode.PASSWORD, PASSWORD, None),
        (AccessMode.PASSWORD, "", "room-wrong"),
        (AccessMode.INVITE, TOKEN, None),
        (AccessMode.INVITE, "", "invitation-over"),
        (AccessMode.INVITE, PASSWORD, "invitation-over"),
    ],
)
def test_members_sign_up_as_the_mode_allows(mode: AccessMode, secret: str, reason: str | None):
    assert refusal(policy(mode).check_sign_up, secret) == reason


def test_wrong_passwords_lock_out_only_their_client():
    closed = policy(AccessMode.PASSWORD)
    for _ in range(5):
        assert refusal(closed.check_guest, "wrong") == "room-wrong"
    assert refusal(closed.check_guest, PASSWORD) == "room-locked"
    closed.check_guest(ClientIdentity("cid"), PASSWORD, NOON)


@pytest.mark.parametrize(
    ("mode", "age", "left"),
    [
        (AccessMode.OPEN, None, None),
        (AccessMode.INVITE, timedelta(days=9), None),
        (AccessMode.SSO, None, timedelta()),
        (AccessMode.SSO, timedelta(hours=11), timedelta(hours=1)),
        (AccessMode.SSO, timedelta(hours=12), timedelta()),
        (AccessMode.SSO, timedelta(hours=13), timedelta(hours=-1)),
    ],
)
def test_single_sign_on_is_asked_again(mode: AccessMode, age: timedelta | None, left: timedelta | None):
    policy = AccessPolicy(mode, SharedPassword("", "room"), Invitations(), sso_max_age=timedelta(hours=12))
    assert policy.sso_time_left(age and NOON - age, NOON) == left


def test_single_sign_on_without_a_maximum_age_is_never_asked_again():
    assert policy(AccessMode.SSO).sso_time_left(NOON - timedelta(days=9), NOON) == timedelta.max - timedelta(days=9)
