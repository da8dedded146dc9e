"""Steps of members in a chat, for the replay tests: each becomes the events that the room decides."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.link_preview import LinkPreview
from chat.domain.messages.message import Kind
from chat.domain.moderation.events import RestrictionsLifted
from chat.domain.people.avatars import change_picture
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.direct_rooms import close_direct, new_direct, open_direct
from chat.domain.rooms.directory.room_decisions import (
    add_member,
    archive_room,
    create_room,
    describe_room,
    remove_member,
    rename_room,
    reopen_room,
)
from chat.domain.rooms.directory.room_info import LOBBY, direct_id
from chat.domain.rooms.directory.room_links import create_link, revoke_link
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import RoomDeleted
from chat.domain.rooms.moderation import moderation_actions as actions
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.users import Member, Role, UserRef
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import PASSWORD, after, event_of

Step = tuple[str, str, int]
"""An actor, what they do, and a number that varies it."""

LINK = "https://site.example/tea"
IDS = ["ann", "bob", "cid"]
START: list[Step] = [("ann", "connect", 0), ("bob", "connect", 1), ("cid", "connect", 2), ("ann", "admin", 0)]
WHOLE_SCENE: list[Step] = [
    *START,
    ("ann", "type", 1), ("ann", "type", 0), ("ann", "look", 0), ("bob", "sign up", 0), ("bob", "change password", 1),
    ("ann", "create reset", 1), ("bob", "use reset", 1), ("bob", "picture", 1), ("ann", "remove picture", 1),
    ("bob", "rename", 1), ("bob", "post", 0), ("cid", "report", 0), ("ann", "resolve", 0), ("ann", "reply", 0),
    ("bob", "edit", 1), ("ann", "react", 1), ("ann", "react", 1), ("ann", "react", 1), ("bob", "react", 1),
    ("cid", "link", 0), ("cid", "add preview", 0), ("cid", "remove preview", 0),
    ("ann", "topic", 1), ("ann", "mute", 2), ("ann", "unmute", 2), ("ann", "kick", 2), ("ann", "ban", 2),
    ("ann", "unban", 2), ("ann", "lock", 0), ("ann", "unlock", 0), ("ann", "filter", 0),
    ("cid", "share", 0), ("cid", "describe", 0), ("cid", "remove files", 0),
    ("cid", "post", 0), ("cid", "wave", 0), ("ann", "purge", 2), ("ann", "delete", 1), ("bob", "react", 0),
    ("ann", "change role", 1), ("ann", "anonymize", 0), ("ann", "clear", 0), ("bob", "disconnect", 1),
    ("ann", "create room", 0), ("ann", "rename room", 0), ("ann", "describe room", 0), ("ann", "add member", 1),
    ("ann", "remove member", 1), ("ann", "create link", 0), ("ann", "revoke link", 0), ("ann", "archive room", 0),
    ("ann", "reopen room", 0), ("ann", "open direct", 1), ("bob", "open direct", 0), ("bob", "close direct", 0),
    ("ann", "end direct", 1), ("ann", "slow mode", 1), ("ann", "lift restrictions", 0),
    ("ann", "expire", 0), ("bob", "leave", 0), ("bob", "delete account", 0),
]  # fmt: skip


def play(chat: ChatState, steps: list[Step]) -> list[Event]:
    """Let members execute, two seconds apart. Return the events that changed something."""
    published: list[Event] = []
    for turn, step in enumerate(steps):
        try:
            events = events_of(chat, step, f"message{turn:03}", after(turn * 2))
        except ChatError:
            continue
        published += [event for event in events if chat.apply(event)]
    return published


def events_of(chat: ChatState, step: Step, message_id: str, now: datetime) -> Iterable[Event]:
    actor, what, number = step
    match what:
        case "connect":
            account = chat.people.accounts.get(actor)
            member = account.member if account else Member(actor, parse_nickname(f"{actor} {number}"))
            return chat.people.connect(
                member, f"tab {number}", now, ClientIdentity(f"session {number}", "192.0.2.1", actor)
            )
        case "disconnect":
            return [chat.people.disconnect(actor, f"tab {number}", now)]
        case "look":
            return chat.people.set_viewing_latest(actor, "tab 0", LOBBY, number < 3)
        case "leave":
            return chat.people.leave(actor, now)
        case "type":
            return chat.lobby.type(actor, number > 0, now)
        case "expire":
            return chat.expire(now)
        case "rename":
            return [chat.lobby.rename(actor, parse_nickname(f"name {number}"), now)]
        case "picture":
            return [change_picture(chat.moderation, chat.people.member(actor), ["", "a" * 64, "b" * 64][number], now)]
        case "anonymize":
            return [chat.lobby.conversation.anonymize(actor, f"{actor} anonymous", now)]
        case "sign up":
            return [chat.people.accounts.create(actor, chat.people.member(actor).nickname, "hash", now)]
        case "change password":
            return [chat.people.accounts.change_password(actor, f"hash {number}", now)]
        case "create reset":
            return [
                chat.people.accounts.create_reset(chat.people.member(actor).ref, IDS[number], f"token {number}", now)
            ]
        case "use reset":
            return [chat.people.accounts.use_reset(f"token {number}", f"reset hash {number}", now)]
        case "delete account":
            return [chat.people.accounts.delete(actor)]
        case "create room":
            actor_member = chat.people.member(actor)
            return [
                create_room(chat.directory, actor_member, "Tea", "tea", now, policy=RoomPolicy.ADMINS, is_private=True)
            ]
        case "rename room":
            return [rename_room(chat.directory, chat.people.member(actor), "tea", "Cake", now)]
        case "describe room":
            return [describe_room(chat.directory, chat.people.member(actor), "tea", "With cake", now)]
        case "create link":
            return [create_link(chat.directory, chat.people.member(actor), "tea", f"digest {number}", now)]
        case "revoke link":
            return [revoke_link(chat.directory, chat.people.member(actor), "tea", now)]
        case "reopen room":
            return [reopen_room(chat.directory, chat.people.member(actor), "tea", now)]
        case "archive room":
            return [archive_room(chat.directory, chat.people.member(actor), "tea", now)]
        case "add member":
            return [add_member(chat.directory, chat.people.member(actor), "tea", UserRef(IDS[number], "Name"), now)]
        case "remove member":
            return [remove_member(chat.directory, chat.people.member(actor), "tea", UserRef(IDS[number], "Name"), now)]
        case "open direct":
            new = new_direct(chat.people.member(actor), [IDS[number]], now)
            opened = open_direct(chat.directory.get(new.id), new, chat.people.member(actor), now)
            return [opened] if chat.directory.copy().apply(opened) else []
        case "close direct":
            room = chat.directory.room_for(actor, direct_id(frozenset({actor, IDS[number]})))
            closed = close_direct(room, actor, chat.directory.last.get(room.id, 0), now)
            return [closed] if chat.directory.copy().apply(closed) else []
        case "end direct":
            return [RoomDeleted(direct_id(frozenset({actor, IDS[number]})), now)]
        case "lift restrictions":
            return [RestrictionsLifted(LOBBY, now)]
        case "admin":
            return [event_of(chat, f"/admin {PASSWORD}", chat.people.member(actor), now)]
    if what in {
        "post",
        "share",
        "describe",
        "remove files",
        "link",
        "add preview",
        "remove preview",
        "wave",
        "reply",
        "edit",
        "delete",
        "react",
        "topic",
        "clear",
    }:
        return [message_event(chat, step, message_id, now)]
    return [decide(chat.lobby, chat.people.member(actor), moderation_action(chat, step), now)]


def message_event(chat: ChatState, step: Step, message_id: str, now: datetime) -> MessageEvent:
    actor, what, number = step
    conversation, member = chat.lobby.conversation, chat.people.member(actor)
    target = recent_message(chat, number)
    match what:
        case "post":
            return conversation.post(member, f"Message {number}, @name {number} and @all", message_id, now)
        case "share":
            file = Attachment(f"{number}" * 64, "tea.png", "image/png", 3, 40, 30, "UklGRg==", alt="A cup")
            return conversation.post(member, "", message_id, now, attachments=(file,))
        case "describe":
            return conversation.describe_picture(member, target, 0, f"Cup {number}", now)
        case "remove files":
            return conversation.remove_files(conversation.history, now)
        case "link":
            event = conversation.post(member, f"See {LINK}", message_id, now)
            return replace(event, message=replace(event.message, link=LINK))
        case "add preview":
            return conversation.add_preview(target, LINK, LinkPreview(f"Tea {number}"), now)
        case "remove preview":
            return conversation.remove_preview(member, target, now)
        case "wave":
            return conversation.post(member, "waves", message_id, now, kind=Kind.ACTION)
        case "reply":
            return conversation.post(member, "Hi", message_id, now, reply_to=target or "message999")
        case "edit":
            return conversation.edit(member, target, f"Message {number}, better", now)
        case "delete":
            return conversation.delete(member, target, now)
        case "react":
            return conversation.react(member, target, "🎉👍😂"[number])
        case "topic":
            return conversation.change_topic(member, ["-", "Tea", "Cake"][number], now)
    return conversation.clear(member, now)


def moderation_action(chat: ChatState, step: Step) -> actions.ModerationAction:
    _, what, number = step
    target = IDS[number]
    match what:
        case "mute":
            return actions.MuteMember(target, timedelta(seconds=10))
        case "unmute":
            return actions.UnmuteMember(target)
        case "kick":
            return actions.KickMember(target)
        case "ban":
            return actions.BanMember(target, timedelta(seconds=20))
        case "unban":
            return actions.UnbanMember(target)
        case "slow mode":
            return actions.SetSlowMode(number * 30)
        case "lock":
            return actions.LockRoom()
        case "unlock":
            return actions.UnlockRoom()
        case "filter":
            return [
                actions.ChangeWordFilter(("waves",)),
                actions.ChangeWordFilter((), ("waves",)),
                actions.ChangeWordFilter(("tea*",)),
            ][number]
        case "purge":
            return actions.PurgeMessages(target, 2)
        case "change role":
            return actions.ChangeRole(target, Role.MODERATOR)
        case "remove picture":
            return actions.RemovePicture(target)
        case "report":
            return actions.ReportMessage(recent_message(chat, number))
        case "resolve":
            return actions.ResolveReports(recent_message(chat, number))
    raise AssertionError(what)


def recent_message(chat: ChatState, number: int) -> str:
    """Return the id of the message with this number, counted from the latest; empty if there are fewer."""
    return next(
        (message.id for at, message in enumerate(reversed(chat.lobby.conversation.history)) if at == number), ""
    )
