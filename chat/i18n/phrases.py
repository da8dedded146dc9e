"""Short phrases of the page: roles, the typing line, reactions, replies to commands, suggested names."""

import random
from collections.abc import Callable

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.commands.parser import allowed_commands
from chat.domain.commands.registry import Command
from chat.domain.commands.replies import (
    AccountOffer,
    HelpReply,
    LostRoomReply,
    Reply,
    ReportReply,
    RoleReply,
    RosterReply,
    TemporaryRoleReply,
    WordFilterReply,
)
from chat.domain.errors import SpeechRefused
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.events import MemberAdded
from chat.domain.text.folding import fold
from chat.domain.text.translatable import N_
from chat.domain.users import Role
from chat.i18n.error_messages import describe_error
from chat.i18n.notices import ROLE_NOTICES
from chat.i18n.translator import Translator

NAMED_REACTORS = 10
NAMED_MEMBERS = 20

ROLES = {
    Role.GUEST: N_("guest"),
    Role.MEMBER: N_("member"),
    Role.MODERATOR: N_("moderator"),
    Role.ADMIN: N_("admin"),
    Role.OWNER: N_("owner"),
}

LEVELS = {
    NotificationLevel.EVERYTHING: N_("All messages"),
    NotificationLevel.MENTIONS: N_("Mentions and replies"),
    NotificationLevel.NOTHING: N_("Nothing"),
}

LOBBY_NAME = N_("Lobby")

NAMES = (
    N_("Amber Fox"),
    N_("Brave Heron"),
    N_("Calm Otter"),
    N_("Clever Magpie"),
    N_("Curious Lynx"),
    N_("Gentle Bear"),
    N_("Happy Finch"),
    N_("Jolly Badger"),
    N_("Kind Robin"),
    N_("Lucky Hedgehog"),
    N_("Merry Seal"),
    N_("Nimble Squirrel"),
    N_("Patient Turtle"),
    N_("Quiet Owl"),
    N_("Sunny Dolphin"),
    N_("Swift Hare"),
)


def room_mode(tr: Translator, slow_mode_seconds: int, is_locked: bool) -> str:
    """Return the line above the composer: the room is locked, or in slow mode."""
    if is_locked:
        return describe_error(tr, SpeechRefused("locked"))
    if not slow_mode_seconds:
        return ""
    return tr("Slow mode: one message every %(time)s", time=tr.duration(slow_mode_seconds))


def typing(tr: Translator, names: list[str]) -> str:
    """Return the typing line, with the first two members by name."""
    if len(names) > 2:
        first, second, others = names[0], names[1], len(names) - 2
        return tr.plural(
            "%(first)s, %(second)s and %(count)s other are typing",
            "%(first)s, %(second)s and %(count)s others are typing",
            others,
            first=first,
            second=second,
        )
    if len(names) == 2:
        return tr("%(first)s and %(second)s are typing", first=names[0], second=names[1])
    return tr("%(name)s is typing", name=names[0]) if names else ""


def direct_name(
    tr: Translator, people: People, room: RoomInfo, viewer_id: str, format_name: Callable[[str], str] = str
) -> str:
    """Return the names of the other people in a direct room, but of guests who are away and long forgotten."""
    others = room.members - {viewer_id}
    named = [member_id for member_id in others if people.name_of(member_id) or member_id in people.accounts.deleted]
    names = [people.name_of(member_id) or tr("Deleted account") for member_id in named or others]
    return tr.join([format_name(name) for name in sorted(names, key=fold)])


def member_names(tr: Translator, people: People, room: RoomInfo) -> str:
    """Return the names of a room's members; of many, the first and how many others there are."""
    names = sorted((people.name_of(member_id) or tr(ROLES[Role.GUEST]) for member_id in room.members), key=fold)
    others = len(names) - NAMED_MEMBERS
    if others > 0:
        return tr.join([*names[:NAMED_MEMBERS], tr.plural("%(count)s other", "%(count)s others", others)])
    return tr.join(names)


def notification_title(tr: Translator, people: People, message: Message, room: RoomInfo, viewer_id: str) -> str:
    """Return the author and, except in the lobby and in direct rooms of two, the room."""
    is_direct, where = room.kind is RoomKind.DIRECT, room.name
    if room.id == LOBBY or (is_direct and len(room.members) == 2):
        return message.name
    if is_direct:
        where = direct_name(tr, people, room, viewer_id)
    return f"{message.name} · {where}"


def describe_invitation(tr: Translator, event: MemberAdded, room: RoomInfo) -> str:
    return tr("%(by)s added you to %(room)s.", by=event.actor.name, room=room.name)


def reactors(tr: Translator, names: list[str]) -> str:
    """Return a list of members who reacted, the first ten by name."""
    shown, others = names[:NAMED_REACTORS], len(names) - NAMED_REACTORS
    if others > 0:
        shown.append(tr.plural("%(count)s other", "%(count)s others", others))
    return tr.join(shown)


def describe_reply(tr: Translator, reply: Reply, format_name: Callable[[str], str] = str) -> list[str]:
    """Return the lines of a reply; `format_name` formats names and commands."""
    match reply:
        case HelpReply(role=role, about_room=about_room):
            return [_help_line(tr, command, format_name) for command in allowed_commands(role, about_room)]
        case RoleReply(name=name, role=role):
            return [tr(ROLE_NOTICES[role], name=format_name(name))]
        case TemporaryRoleReply(name=name):
            return [temporary_role(tr, format_name(name))]
        case AccountOffer():
            return [tr("Your role ends when you leave. An account keeps it.")]
        case ReportReply():
            return [tr("Your report was sent to the moderators.")]
        case LostRoomReply(room=room, text=text):
            end = tr("A guest left, so this conversation has ended.")
            reason = tr("You're no longer a member of %(room)s.", room=format_name(room)) if room else end
            return [reason, format_name(text)] if text.strip() else [reason]
        case WordFilterReply(words=words):
            count = tr.plural("%(count)s blocked word:", "%(count)s blocked words:", len(words))
            return [count, *map(format_name, words)]
        case RosterReply(names=names):
            count = tr.plural("%(count)s person is here:", "%(count)s people are here:", len(names))
            return [count, *map(format_name, names)]


def with_dots(tr: Translator, action: str) -> str:
    """Return the label of a button that opens a dialog."""
    return tr("%(action)s…", action=action)


def temporary_role(tr: Translator, name: str) -> str:
    """Return the hint that a guest's role is temporary."""
    return tr("%(name)s has no account, so the role ends when they leave. They will be asked to create one.", name=name)


def suggest_name(tr: Translator) -> str:
    """Return a random friendly name for a new guest."""
    return tr(random.choice(NAMES))


def _help_line(tr: Translator, command: Command, format_name: Callable[[str], str]) -> str:
    parts = (format_name(f"/{command.name}"), tr(command.usage), "–", tr(command.summary))
    return tr.concat(" ", filter(None, parts))


def room_name(tr: Translator, room: RoomInfo) -> str:
    """Return the name of a room; that of the lobby is translated unless somebody has given it another."""
    return tr(room.name) if room.id == LOBBY and room.name == LOBBY_NAME else room.name
