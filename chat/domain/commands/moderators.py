"""The slash commands for moderators and admins: each parses its argument into a moderation action."""

from functools import partial

from chat.domain.commands.arguments import parse_duration, parse_member, parse_number
from chat.domain.commands.registry import CommandContext, Outcome, Table, register
from chat.domain.commands.replies import PurgePrompt, WordFilterReply
from chat.domain.permissions import Permission, require
from chat.domain.rooms.moderation.moderation_actions import (
    DEFAULT_PURGE,
    MUTE_DURATION,
    BanMember,
    ChangeRole,
    ChangeWordFilter,
    KickMember,
    LockRoom,
    MuteMember,
    PurgeMessages,
    SetSlowMode,
    UnbanMember,
    UnlockRoom,
    UnmuteMember,
)
from chat.domain.rooms.moderation.sanction_decisions import check_purge
from chat.domain.text.translatable import N_
from chat.domain.users import UserRef

COMMANDS: Table = {}

command = partial(register, COMMANDS)


@command(
    N_("@NAME [MINUTES] [REASON]"),
    N_("Mute someone (10 minutes by default)"),
    Permission.MUTE,
)
def mute(context: CommandContext) -> Outcome:
    target, rest = _parse_target(context, _known(context))
    duration, reason = parse_duration(rest, "m")
    return MuteMember(target.id, MUTE_DURATION if duration is None else duration, reason)


@command(N_("@NAME"), N_("Unmute someone"), Permission.MUTE)
def unmute(context: CommandContext) -> Outcome:
    muted = [sanction.target for sanction in context.room.moderation.mutes.in_force(context.now)]
    target, _ = _parse_target(context, [*_present(context), *muted])
    return UnmuteMember(target.id)


@command(N_("@NAME [REASON]"), N_("Kick someone for a minute"), Permission.KICK)
def kick(context: CommandContext) -> Outcome:
    target, reason = _parse_target(context, _present(context))
    return KickMember(target.id, reason)


@command(N_("@NAME [TIME] [REASON]"), N_("Ban someone, permanently or for 30m, 12h, 7d"), Permission.BAN)
def ban(context: CommandContext) -> Outcome:
    target, rest = _parse_target(context, _known(context))
    duration, reason = parse_duration(rest)
    return BanMember(target.id, duration, reason)


@command(N_("@NAME"), N_("Unban someone"), Permission.BAN)
def unban(context: CommandContext) -> Outcome:
    banned = [sanction.target for sanction in context.room.moderation.bans.in_force(context.now)]
    target, _ = _parse_target(context, banned)
    return UnbanMember(target.id)


@command(
    N_("[SECONDS]"),
    N_("Set slow mode; no number turns it off"),
    Permission.SET_SLOW_MODE,
)
def slow(context: CommandContext) -> Outcome:
    return SetSlowMode(parse_number(context.argument, 0))


@command("", N_("Lock the room"), Permission.LOCK_ROOM)
def lock(context: CommandContext) -> Outcome:
    return LockRoom()


@command("", N_("Unlock the room"), Permission.LOCK_ROOM)
def unlock(context: CommandContext) -> Outcome:
    return UnlockRoom()


@command(N_("@NAME [COUNT]"), N_("Delete someone's last messages (10 by default)"), Permission.DELETE_ANY)
def purge(context: CommandContext) -> Outcome:
    target, rest = _parse_target(context, _known(context))
    action = PurgeMessages(target.id, parse_number(rest, DEFAULT_PURGE))
    require(context.member.role, Permission.DELETE_ANY, is_direct=context.room.is_direct)
    return PurgePrompt(*check_purge(context.room, context.member, action))


@command(
    N_("[WORD…]"),
    N_("Block words (bad* by prefix), -word to allow; alone, lists them"),
    Permission.CHANGE_WORD_FILTER,
)
def filter(context: CommandContext) -> Outcome:
    words = context.argument.split()
    if not words:
        return WordFilterReply(tuple(sorted(context.room.moderation.blocked_words)))
    added = tuple(word for word in words if not word.startswith("-"))
    removed = tuple(word[1:] for word in words if word.startswith("-"))
    return ChangeWordFilter(added, removed)


@command(N_("@NAME ROLE"), N_("Make someone a guest, member, moderator or admin"), Permission.CHANGE_MODERATORS)
def role(context: CommandContext) -> Outcome:
    target, role_name = _parse_target(context, [*_present(context), *_absent(context)])
    return ChangeRole(target.id, role_name.lower())


def _parse_target(context: CommandContext, people: list[UserRef]) -> tuple[UserRef, str]:
    return parse_member(context.argument, people, context.parse_nickname)


def _present(context: CommandContext) -> list[UserRef]:
    return [member.ref for member in context.room.people.roster()]


def _absent(context: CommandContext) -> list[UserRef]:
    return [member.ref for member in context.room.people.absent_members()]


def _known(context: CommandContext) -> list[UserRef]:
    """Return present members, account holders, and authors of messages."""
    authors = [UserRef(message.author, message.name) for message in reversed(context.room.conversation.history)]
    return [*_present(context), *_absent(context), *authors]
