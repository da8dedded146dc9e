"""The slash commands for everyone and for admins. To add one, write a function with `@command`."""

from functools import partial

from chat.domain.client_identity import shared_identifiers
from chat.domain.commands.arguments import parse_members
from chat.domain.commands.registry import CommandContext, Outcome, Table, register
from chat.domain.commands.replies import ClearPrompt, HelpReply, RosterReply, SearchPrompt
from chat.domain.messages.message import Kind
from chat.domain.permissions import Permission
from chat.domain.rooms.directory.direct_rooms import WriteDirect
from chat.domain.rooms.moderation.moderation_actions import ChangeTopic
from chat.domain.text.translatable import N_

SHRUG = r"¯\_(ツ)_/¯"

COMMANDS: Table = {}

command = partial(register, COMMANDS)


@command("", N_("List the commands"))
def help(context: CommandContext) -> Outcome:
    return HelpReply(context.member.role, context.about_room)


@command(N_("NAME"), N_("Change your name"))
def nick(context: CommandContext) -> Outcome:
    return context.room.rename(context.member.id, context.parse_nickname(context.argument), context.now)


@command(N_("ACTION"), N_("Describe an action"))
def me(context: CommandContext) -> Outcome:
    return context.say(context.argument, Kind.ACTION)


@command(N_("[TEXT]"), N_("Add a shrug to your message"))
def shrug(context: CommandContext) -> Outcome:
    return context.say(f"{context.argument} {SHRUG}".lstrip())


@command(N_("@NAME… [TEXT]"), N_("Write privately to one person or a few"))
def msg(context: CommandContext) -> Outcome:
    people = context.room.people
    reachable = [member.ref for member in (*people.roster(), *people.absent_members())]
    targets, text = parse_members(context.argument, reachable, context.parse_nickname)
    return WriteDirect(tuple(target.id for target in targets), text)


@command(N_("[WORDS]"), N_("Search the history"))
def search(context: CommandContext) -> Outcome:
    return SearchPrompt(context.argument)


@command("", N_("List the people here"))
def who(context: CommandContext) -> Outcome:
    return RosterReply(tuple(member.name for member in context.room.present()))


@command(N_("PASSWORD"), N_("Become an admin"))
def admin(context: CommandContext) -> Outcome:
    room, member = context.room, context.member
    shared = shared_identifiers(room.moderation.identifiers_of(member.id))
    context.admin_password.verify(member.id, context.argument, context.now, shared)
    return room.people.promote_by_password(member.id, room.id, context.now)


@command(N_("TEXT"), N_("Set the topic; - clears it"), Permission.CHANGE_TOPIC)
def topic(context: CommandContext) -> Outcome:
    return ChangeTopic(context.argument)


@command("", N_("Clear the history for everyone"), Permission.CLEAR_HISTORY)
def clear(context: CommandContext) -> Outcome:
    return ClearPrompt()
