"""Avatars: a person's picture, or their initials on their colour."""

from datetime import datetime
from typing import NamedTuple

from chat.domain.accounts.events import AvatarChanged
from chat.domain.moderation.state import Moderation
from chat.domain.people.avatar_colors import AvatarColor
from chat.domain.permissions import Permission, require
from chat.domain.users import Member


class Avatar(NamedTuple):
    """A person's colour and, unless it is empty, the SHA-256 of their picture."""

    member_id: str
    color: AvatarColor
    picture: str = ""


def change_picture(moderation: Moderation, member: Member, picture: str, now: datetime) -> AvatarChanged:
    """Choose a picture of oneself, or remove it if `picture` is empty; raises `NotAllowed`, `SpeechRefused`."""
    require(member.role, Permission.CHANGE_PICTURE)
    if picture:
        moderation.check_not_muted(member.id, now)
    return AvatarChanged(member.ref, member.ref, now, picture)


def remove_picture(actor: Member, target: Member, now: datetime) -> AvatarChanged:
    """Remove the picture of another person; raises `NotAllowed`."""
    require(actor.role, Permission.REMOVE_PICTURES, target.role)
    return AvatarChanged(actor.ref, target.ref, now)
