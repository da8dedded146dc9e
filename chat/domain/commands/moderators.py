"""The slash commands of moderators and admins: one table, added to that of `chat.domain.commands.everyone`."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from chat.domain.commands.arguments import parse_duration, parse_member, parse_number
from chat.domain.commands.registry import N_, Command, CommandContext, Outcome, Reply, register
from chat.domain.errors import CommandRefused
from chat.domain.events import Event, MemberChanged
from chat.domain.moderation.events import UserRef, WordFilterChanged
from chat.domain.permissions import Permission
from chat.domain.rooms import moderation_actions
from chat.domain.rooms.room import Room
from chat.domain.users import Role

MUTED_FOR = timedelta(minutes=10)
PURGED = 10

COMMANDS: dict[str, Command] = {}

command = partial(register, COMMANDS)


@command(
    N_("@NAME [MINUTES] [REASON]"), N_("Let somebody only read, for 10 minutes or as many as you say"), Permission.MUTE
)
def mute(call: CommandContext) -> Outcome:
    whom, rest = _person(call, _known(call))
    time, why = parse_duration(rest, "m")
    return moderation_actions.mute(
        call.room, call.member, whom, call.now, length=MUTED_FOR if time is None else time, why=why
    )


@command(N_("@NAME"), N_("Let somebody speak again"), Permission.MUTE)
def unmute(call: CommandContext) -> Outcome:
    muted = [sanction.whom for sanction in call.room.moderation.mutes.in_force(call.now)]
    whom, _ = _person(call, [*_here(call), *muted])
    return moderation_actions.unmute(call.room, call.member, whom, call.now)


@command(N_("@NAME [REASON]"), N_("Send somebody out for a minute"), Permission.KICK)
def kick(call: CommandContext) -> Outcome:
    whom, why = _person(call, _here(call))
    return moderation_actions.kick(call.room, call.member, whom, call.now, why=why)


@command(N_("@NAME [TIME] [REASON]"), N_("Send somebody out for good, or for 30m, 12h, 7d"), Permission.BAN)
def ban(call: CommandContext) -> Outcome:
    whom, rest = _person(call, _known(call))
    time, why = parse_duration(rest)
    return moderation_actions.ban(call.room, call.member, whom, call.now, length=time, why=why)


@command(N_("@NAME"), N_("Let somebody come back who is banned"), Permission.BAN)
def unban(call: CommandContext) -> Outcome:
    banned = [sanction.whom for sanction in call.room.moderation.bans.in_force(call.now)]
    whom, _ = _person(call, banned)
    return moderation_actions.unban(call.room, call.member, whom.id, call.now)


@command(
    N_("[SECONDS]"),
    N_("Let people wait between two messages; without a number, not any more"),
    Permission.SET_SLOW_MODE,
)
def slow(call: CommandContext) -> Outcome:
    return moderation_actions.set_slow_mode(call.room, call.member, parse_number(call.argument, 0), call.now)


@command("", N_("Make the room one to read only"), Permission.LOCK_ROOM)
def lock(call: CommandContext) -> Outcome:
    return moderation_actions.lock(call.room, call.member, True, call.now)


@command("", N_("Let everybody write again"), Permission.LOCK_ROOM)
def unlock(call: CommandContext) -> Outcome:
    return moderation_actions.lock(call.room, call.member, False, call.now)


@command(N_("@NAME [COUNT]"), N_("Delete somebody's last 10 messages, or as many as you say"), Permission.DELETE_ANY)
def purge(call: CommandContext) -> Outcome:
    whom, rest = _person(call, _known(call))
    return moderation_actions.purge(call.room, call.member, whom, parse_number(rest, PURGED), call.now)


@command(
    N_("[WORD…]"),
    N_("Refuse words (bad* for all that begin so), -word no more; list them"),
    Permission.CHANGE_WORD_FILTER,
)
def filter(call: CommandContext) -> Outcome:
    words = call.argument.split()
    if not words:
        return Reply("filter", tuple(sorted(call.room.moderation.words)))
    added = [word for word in words if not word.startswith("-")]
    removed = [word[1:] for word in words if word.startswith("-")]
    return moderation_actions.change_filter(call.room, call.member, added, removed, call.now)


@command(
    N_("@NAME ROLE"), N_("Make somebody a guest, member, moderator or admin"), Permission.CHANGE_MODERATORS
)  # fmt: skip
def role(call: CommandContext) -> Outcome:
    whom, wanted = _person(call, [*_here(call), *_absent(call)])
    try:
        return moderation_actions.change_role(call.room, call.member, whom.id, Role(wanted.lower()), call.now)
    except ValueError:
        raise CommandRefused("role-unknown", name=wanted[:20]) from None


def confirmation(room: Room, event: Event) -> Reply | None:
    """What tells those who ran a command that it is done, where nobody else is told."""
    match event:
        case WordFilterChanged():
            return Reply("filter", tuple(sorted(room.moderation.words)))
        case MemberChanged(member=member) if member.id not in room.members:
            return Reply("appointed", (member.name, member.role))
    return None


def _person(call: CommandContext, people: Iterable[UserRef]) -> tuple[UserRef, str]:
    return parse_member(call.argument, people, call.nickname)


def _here(call: CommandContext) -> list[UserRef]:
    return [moderation_actions.user_ref(member) for member in call.room.roster()]


def _known(call: CommandContext) -> list[UserRef]:
    """Who is here, who has an account, and who said something and has left."""
    authors = [UserRef(message.author, message.name) for message in reversed(call.room.conversation.history)]
    return [*_here(call), *_absent(call), *authors]


def _absent(call: CommandContext) -> list[UserRef]:
    return [moderation_actions.user_ref(member) for member in call.room.absent_members()]
