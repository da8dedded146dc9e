"""What members ask of a chat, each with the permission that governs it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.events import Event
from chat.domain.messages.attachment import Attachment
from chat.domain.permissions import Permission
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.moderation import moderation_actions as actions
from chat.domain.rooms.moderation.moderation_actions import ModerationAction
from chat.domain.users import Member, Role
from chat.state import clock
from chat.state.accounts.avatars import AvatarService
from chat.state.accounts.invitations import InvitationService
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.accounts.passwords import Passwords
from chat.state.chat import Chat
from chat.state.members import MemberService
from chat.state.messages import MessageService
from chat.state.moderation import ModerationService
from chat.state.rooms.direct_rooms import DirectRoomService
from chat.state.rooms.rooms import RoomService
from chat.storage.stores import Stores
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import CHEAP, OWNER, record

GUESTS = [Member(name.lower(), parse_nickname(name)) for name in ("Eve", "Cid", "Dan")]
PICTURE = Attachment("0" * 64, "tea.png", "image/png", 100, width=1, height=1)
ADMIN = Member("adam", parse_nickname("Adam"), Role.ADMIN)


class Scene:
    """A chat with an actor in it, and with something to do for every permission."""

    def __init__(self, chat: Chat, stores: Stores) -> None:
        self.chat = chat
        self.stores = stores
        policy = AccessPolicy(AccessMode.INVITE, SharedPassword("", "room"), stores.invitations.load())
        self.invitations = InvitationService(policy, stores.invitations, chat.pipeline)
        self.resets = PasswordResetService(chat.people, chat.pipeline, Passwords(CHEAP), LoginThrottle())
        self.tea = self.cake = ""
        self.published: list[Event] = []

    async def prepare(self, role: Role, *more: ModerationAction) -> None:
        """Let the actor write a message, and a moderator's work be left to do; what follows is recorded."""
        chat = self.chat
        chat.members.connect(Member("actor", parse_nickname("Actor"), role), "actor's tab")
        await chat.messages.post("actor", LOBBY, "Mine", "ownmessage1")
        actor, conversation = chat.people.member("actor"), chat.lobby.conversation
        await chat.pipeline.submit(conversation.post(actor, "", "ownpicture1", clock.now(), attachments=(PICTURE,)))
        await chat.messages.post("eve", LOBBY, "Hello", "evesmessage1")
        await chat.moderation.report("owner", LOBBY, "evesmessage1")
        for action in (actions.BanMember("cid"), actions.MuteMember("dan"), *more):
            await chat.moderation.perform("mod", LOBBY, action)
        await self.invitations.create(OWNER)
        self.tea = (await chat.rooms.create("owner", "Tea")).id
        self.cake = (await chat.rooms.create("owner", "Cream cake")).id
        await chat.rooms.archive("owner", self.cake)
        name = parse_nickname("Fay")
        await chat.pipeline.decide(lambda: chat.people.accounts.create("fay", name, "a hash", clock.now()))
        self.published = record(chat)

    @property
    def actor(self) -> Member:
        return self.chat.people.member("actor")

    @property
    def invitation_id(self) -> str:
        [invitation] = self.invitations.policy.invitations
        return invitation.id

    async def stored(self) -> list[object]:
        """Return everything that the stores hold."""
        history, moderation = self.stores.messages.load(), self.stores.moderation.load()
        return [
            history.topic,
            *history,
            *moderation.mutes,
            *moderation.kicks,
            *moderation.bans,
            *moderation.reports,
            *((room_id, found.slow_mode.seconds, found.locked) for room_id, found in moderation.restricted_rooms()),
            moderation.blocked_words,
            *self.stores.accounts.load(),
            *self.stores.invitations.load(),
            *await self.stores.audit_log.latest(1000),
        ]


@dataclass(frozen=True)
class UseCase:
    """A use case that one row of the table governs. `refusal` is the error's key, if it isn't `needs-<role>`."""

    permission: Permission
    method: Callable[..., Awaitable[object]]
    run: Callable[[Scene], Awaitable[object]]
    refusal: str = ""
    before: tuple[ModerationAction, ...] = ()

    def key(self, minimum: Role) -> str:
        return self.refusal or f"needs-{minimum}"


def performs(permission: Permission, action: ModerationAction) -> UseCase:
    return UseCase(
        permission, ModerationService.perform, lambda scene: scene.chat.moderation.perform("actor", LOBBY, action)
    )


def posts(permission: Permission, text: str) -> UseCase:
    return UseCase(
        permission, MessageService.post, lambda scene: scene.chat.messages.post("actor", LOBBY, text, "newmessage1")
    )


async def create_as_member(scene: Scene) -> None:
    scene.chat.rooms.policy = RoomPolicy.MEMBERS
    await scene.chat.rooms.create("actor", "Cake")


ACTIONS = {
    actions.MuteMember("eve"): Permission.MUTE,
    actions.UnmuteMember("dan"): Permission.MUTE,
    actions.KickMember("eve"): Permission.KICK,
    actions.BanMember("eve"): Permission.BAN,
    actions.UnbanMember("cid"): Permission.BAN,
    actions.ChangeTopic("Tea"): Permission.CHANGE_TOPIC,
    actions.SetSlowMode(5): Permission.SET_SLOW_MODE,
    actions.LockRoom(): Permission.LOCK_ROOM,
    actions.UnlockRoom(): Permission.LOCK_ROOM,
    actions.PurgeMessages("eve"): Permission.DELETE_ANY,
    actions.PurgeMessages("eve", is_everywhere=True): Permission.DELETE_ANY,
    actions.ChangeWordFilter(("darn",)): Permission.CHANGE_WORD_FILTER,
    actions.ChangeRole("eve", "moderator"): Permission.CHANGE_MODERATORS,
    actions.ChangeRole("adam", "guest"): Permission.CHANGE_ADMINS,
    actions.RemovePicture("eve"): Permission.REMOVE_PICTURES,
    actions.ReportMessage("evesmessage1"): Permission.REPORT,
    actions.ResolveReports("evesmessage1"): Permission.HANDLE_REPORTS,
}

TEXTS = {
    "Hello": Permission.POST,
    "/me waves": Permission.POST,
    "/shrug": Permission.POST,
    "/nick Anna": Permission.RENAME,
    "/msg @Eve": Permission.WRITE_DIRECT,
    "/msg @Eve Psst": Permission.WRITE_DIRECT,
    "/mute Eve": Permission.MUTE,
    "/unmute Dan": Permission.MUTE,
    "/kick Eve": Permission.KICK,
    "/ban Eve": Permission.BAN,
    "/unban Cid": Permission.BAN,
    "/slow 5": Permission.SET_SLOW_MODE,
    "/lock": Permission.LOCK_ROOM,
    "/unlock": Permission.LOCK_ROOM,
    "/purge Eve": Permission.DELETE_ANY,
    "/filter darn": Permission.CHANGE_WORD_FILTER,
    "/filter": Permission.CHANGE_WORD_FILTER,
    "/role Eve moderator": Permission.CHANGE_MODERATORS,
    "/topic Tea": Permission.CHANGE_TOPIC,
    "/clear": Permission.CLEAR_HISTORY,
    "/room create Cake": Permission.MANAGE_ROOMS,
    "/room rename Cake": Permission.MANAGE_ROOMS,
    "/room describe Cake for all": Permission.MANAGE_ROOMS,
}

USE_CASES: dict[str, UseCase] = {
    **{repr(action): performs(permission, action) for action, permission in ACTIONS.items()},
    **{text: posts(permission, text) for text, permission in TEXTS.items()},
    "post in a locked room": UseCase(
        Permission.BYPASS_RESTRICTIONS,
        MessageService.post,
        lambda scene: scene.chat.messages.post("actor", LOBBY, "Hello", "newmessage1"),
        refusal="locked",
        before=(actions.LockRoom(),),
    ),
    "edit": UseCase(
        Permission.EDIT_OWN,
        MessageService.edit,
        lambda scene: scene.chat.messages.edit("actor", LOBBY, "ownmessage1", "New"),
    ),
    "describe a picture": UseCase(
        Permission.EDIT_OWN,
        MessageService.describe_picture,
        lambda scene: scene.chat.messages.describe_picture("actor", LOBBY, "ownpicture1", 0, "A pot"),
    ),
    "delete": UseCase(
        Permission.DELETE_OWN,
        MessageService.delete,
        lambda scene: scene.chat.messages.delete("actor", LOBBY, "ownmessage1"),
    ),
    "delete another's": UseCase(
        Permission.DELETE_ANY,
        MessageService.delete,
        lambda scene: scene.chat.messages.delete("actor", LOBBY, "evesmessage1"),
        refusal="message-foreign",
    ),
    "react": UseCase(
        Permission.REACT,
        MessageService.react,
        lambda scene: scene.chat.messages.react("actor", LOBBY, "evesmessage1", "🎉"),
    ),
    "rename": UseCase(
        Permission.RENAME, MemberService.rename, lambda scene: scene.chat.members.rename("actor", "Anna")
    ),
    "remove one's picture": UseCase(
        Permission.CHANGE_PICTURE, AvatarService.remove, lambda scene: scene.chat.avatars.remove("actor")
    ),
    "report": UseCase(
        Permission.REPORT,
        ModerationService.report,
        lambda scene: scene.chat.moderation.report("actor", LOBBY, "evesmessage1"),
    ),
    "clear": UseCase(
        Permission.CLEAR_HISTORY, MessageService.clear, lambda scene: scene.chat.messages.clear("actor", LOBBY)
    ),
    "download the audit log": UseCase(
        Permission.SEE_AUDIT,
        ModerationService.audit_log,
        lambda scene: scene.chat.moderation.audit_log("actor"),
    ),
    "see the audit log": UseCase(
        Permission.SEE_AUDIT,
        ModerationService.recent_audit_entries,
        lambda scene: scene.chat.moderation.recent_audit_entries("actor"),
    ),
    "see reported messages": UseCase(
        Permission.HANDLE_REPORTS,
        ModerationService.reported_messages,
        lambda scene: scene.chat.moderation.reported_messages("actor"),
    ),
    "remove the preview": UseCase(
        Permission.DELETE_OWN,
        MessageService.remove_preview,
        lambda scene: scene.chat.messages.remove_preview("actor", LOBBY, "ownmessage1"),
    ),
    "remove another's preview": UseCase(
        Permission.DELETE_ANY,
        MessageService.remove_preview,
        lambda scene: scene.chat.messages.remove_preview("actor", LOBBY, "evesmessage1"),
        refusal="message-foreign",
    ),
    "delete a reported message": UseCase(
        Permission.HANDLE_REPORTS,
        MessageService.delete_reported,
        lambda scene: scene.chat.messages.delete_reported("actor", LOBBY, "evesmessage1"),
    ),
    "read reported messages": UseCase(
        Permission.HANDLE_REPORTS,
        ModerationService.reported_messages,
        lambda scene: scene.chat.moderation.reported_messages("actor"),
    ),
    "create a room": UseCase(
        Permission.MANAGE_ROOMS, RoomService.create, lambda scene: scene.chat.rooms.create("actor", "Cake")
    ),
    "create a room as a member": UseCase(Permission.CREATE_ROOMS, RoomService.create, create_as_member),
    "rename a room": UseCase(
        Permission.MANAGE_ROOMS, RoomService.rename, lambda scene: scene.chat.rooms.rename("actor", scene.tea, "Cake")
    ),
    "describe a room": UseCase(
        Permission.MANAGE_ROOMS,
        RoomService.describe,
        lambda scene: scene.chat.rooms.describe("actor", scene.tea, "Hot"),
    ),
    "archive a room": UseCase(
        Permission.MANAGE_ROOMS, RoomService.archive, lambda scene: scene.chat.rooms.archive("actor", scene.tea)
    ),
    "reopen a room": UseCase(
        Permission.MANAGE_ROOMS, RoomService.reopen, lambda scene: scene.chat.rooms.reopen("actor", scene.cake)
    ),
    "open a direct room": UseCase(
        Permission.WRITE_DIRECT, DirectRoomService.open, lambda scene: scene.chat.direct_rooms.open("actor", ["eve"])
    ),
    "write to one person": UseCase(
        Permission.WRITE_DIRECT,
        DirectRoomService.post,
        lambda scene: scene.chat.direct_rooms.post("actor", ["eve"], "Psst", "newmessage1"),
    ),
    "invite": UseCase(Permission.INVITE, InvitationService.create, lambda scene: scene.invitations.create(scene.actor)),
    "reset a password": UseCase(
        Permission.RESET_PASSWORDS, PasswordResetService.create, lambda scene: scene.resets.create("actor", "fay")
    ),
    "revoke an invitation": UseCase(
        Permission.INVITE,
        InvitationService.revoke,
        lambda scene: scene.invitations.revoke(scene.actor, scene.invitation_id),
    ),
}
