"""How events about a member change their account."""

from dataclasses import replace

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import (
    AvatarChanged,
    MemberRenamed,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)

MemberUpdate = MemberRenamed | RoleChanged | AvatarChanged | PasswordResetCreated | PasswordResetUsed


def updated_member(event: MemberUpdate) -> str:
    """Return the id of the member whom the event is about."""
    match event:
        case MemberRenamed(member_id=member_id) | RoleChanged(member_id=member_id):
            return member_id
        case AvatarChanged(target=member) | PasswordResetCreated(target=member) | PasswordResetUsed(actor=member):
            return member.id


def updated(account: Account, event: MemberUpdate) -> Account:
    """Return the account after the event; an equal one if the event was applied before."""
    match event:
        case MemberRenamed(nickname=nickname):
            return replace(account, nickname=nickname)
        case RoleChanged(before=before, role=role) if role not in (before, account.role):
            # The admin who created a link must not use it to take over somebody who now outranks them.
            return replace(account, role=role, reset=None)
        case AvatarChanged(picture=picture):
            return replace(account, picture=picture)
        case PasswordResetCreated(reset=reset):
            return replace(account, reset=reset)
        case PasswordResetUsed(password=password, at=at) if password != account.password:
            return replace(account, password=password, generation=account.next_generation(at), reset=None)
    return account
