"""The steps of the moderation dialog: the details of each action against a member."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chat.domain.commands.arguments import parse_number, parse_whole_duration
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.moderation.moderation_actions import (
    DEFAULT_PURGE,
    MUTE_DURATION,
    BanMember,
    ChangeRole,
    KickMember,
    ModerationAction,
    MuteMember,
    PurgeMessages,
    RemovePicture,
    UnmuteMember,
)
from chat.domain.rooms.moderation.role_decisions import assignable_roles
from chat.domain.rooms.room import Room
from chat.domain.users import Member, UserRef
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.state import clock
from chat.ui.dialogs.forms import Field

MUTE_TIMES = ("10m", "1h", "1d", "7d")
BAN_TIMES = ("1h", "1d", "7d", "30d")
PURGE_COUNTS = (1, DEFAULT_PURGE, 50, 100)


@dataclass(frozen=True, slots=True)
class Step:
    """One action: what happens, the details to ask for, and the action that the values of the fields make.

    `act` may raise a `ChatError`. Without text and fields, there is nothing to ask.
    """

    name: str
    label: str
    text: str
    fields: tuple[Field, ...]
    act: Callable[..., ModerationAction]
    is_dangerous: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.text or self.fields)


def steps(tr: Translator, room: Room, moderator: Member, target: UserRef) -> Iterator[Step]:
    """Return the steps for the actions that the moderator may take."""
    target_role = room.people.role_of(target.id)

    def may(permission: Permission) -> bool:
        return has_permission(moderator.role, permission, target_role, is_direct=room.is_direct)

    if may(Permission.MUTE):
        mute = room.moderation.mutes.get(target.id)
        yield _unmute(tr, target) if mute and mute in room.moderation.mutes.in_force(clock.now()) else _mute(tr, target)
    if may(Permission.KICK) and target.id in room.people.members:
        yield _kick(tr, target)
    if may(Permission.BAN):
        yield _ban(tr, target)
    if may(Permission.DELETE_ANY):
        yield purge(tr, target)
    if may(Permission.REMOVE_PICTURES) and room.people.avatar_of(target.id).picture:
        yield _remove_picture(tr, target)
    if assignable_roles(room, moderator, target.id):
        yield _change_role(tr, room, moderator, target)


def _mute(tr: Translator, target: UserRef) -> Step:
    def act(time: object, reason: object) -> MuteMember:
        return MuteMember(target.id, parse_whole_duration(time) if time else MUTE_DURATION, reason)

    text = tr("%(name)s will only be able to read.", name=target.name)
    times = _times(tr, MUTE_TIMES)
    return Step("mute", tr("Mute"), text, (Field("time", tr("Duration"), options=times), _reason(tr)), act)


def _unmute(tr: Translator, target: UserRef) -> Step:
    return Step("unmute", tr("Unmute"), "", (), lambda: UnmuteMember(target.id))


def _kick(tr: Translator, target: UserRef) -> Step:
    text = tr("%(name)s will have to leave and can rejoin in a minute.", name=target.name)
    return Step("kick", tr("Kick"), text, (_reason(tr),), lambda reason: KickMember(target.id, reason))


def _ban(tr: Translator, target: UserRef) -> Step:
    def act(time: object, purge: object, reason: object) -> BanMember:
        duration = parse_whole_duration(time) if time else None
        return BanMember(target.id, duration, reason, parse_number(str(purge), 0))

    text = tr(
        "%(name)s will have to leave and can't return while banned, not even under another name.", name=target.name
    )
    duration = Field("time", tr("Duration"), options={"": tr("permanently"), **_times(tr, BAN_TIMES)})
    purge = Field("purge", tr("Delete recent messages"), value="0", options={"0": tr("No"), **_counts(tr)})
    return Step("ban", tr("Ban"), text, (duration, purge, _reason(tr)), act, is_dangerous=True)


def purge(tr: Translator, target: UserRef, number: int = DEFAULT_PURGE) -> Step:
    def act(count: object, rooms: object) -> PurgeMessages:
        return PurgeMessages(target.id, parse_number(str(count), DEFAULT_PURGE), is_everywhere=rooms == "all")

    text = tr("The newest messages by %(name)s will be deleted for everyone. This can't be undone.", name=target.name)
    count = Field("count", tr("Number of messages"), value=str(number), options=_counts(tr, number))
    rooms = Field("rooms", tr("Rooms"), options={"": tr("This room"), "all": tr("All rooms")})
    return Step("purge", tr("Delete recent messages"), text, (count, rooms), act, is_dangerous=True)


def _remove_picture(tr: Translator, target: UserRef) -> Step:
    text = tr("Everyone will see the initials of %(name)s instead.", name=target.name)
    return Step("picture", tr("Remove picture"), text, (), lambda: RemovePicture(target.id), is_dangerous=True)


def _change_role(tr: Translator, room: Room, moderator: Member, target: UserRef) -> Step:
    text = "" if room.people.accounts.get(target.id) else phrases.temporary_role(tr, target.name)
    roles = {str(role): tr(phrases.ROLES[role]) for role in assignable_roles(room, moderator, target.id)}
    field = Field("role", tr("Role"), value=room.people.role_of(target.id), options=roles)
    return Step("role", tr("Change role"), text, (field,), lambda role: ChangeRole(target.id, role))


def _times(tr: Translator, times: Iterable[str]) -> dict[str, str]:
    return {time: tr.duration(int(parse_whole_duration(time).total_seconds())) for time in times}


def _counts(tr: Translator, *others: int) -> dict[str, str]:
    return {str(count): tr.number(count) for count in sorted({*PURGE_COUNTS, *others})}


def _reason(tr: Translator) -> Field:
    return Field("reason", tr("Reason"))
