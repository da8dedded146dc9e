"""A room in one language, shared by all pages that show it."""

from collections.abc import Set
from typing import NamedTuple, get_args

from chat.config.branding import Brand
from chat.domain.accounts.events import AccountCreated, AccountDeleted, AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.events import Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    FilesRemoved,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesPurged,
    PictureDescribed,
    PreviewAdded,
    PreviewRemoved,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
)
from chat.domain.moderation.events import Muted, RoomLocked, RoomUnlocked, SlowModeChanged
from chat.domain.people.events import Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.events import MemberRemoved, TypingStarted, TypingStopped
from chat.domain.rooms.notices import DirectoryNotice, PublicModerationEvent
from chat.domain.rooms.reloads import HistoryReloaded
from chat.domain.rooms.room import Room
from chat.framework.live_region import LiveRegion, Node
from chat.i18n.translator import translator
from chat.state.chat import Chat
from chat.ui.components.messages.message_nodes import MessageNodes
from chat.ui.html import chrome, direct_rooms, roster
from chat.ui.views.live_view import Changes, LiveView
from chat.ui.views.shared_views import SharedViews

OF_LOG = {"end", "message"}
SMALL = 20  # members; in a larger room, joins and leaves are hidden by default

MessageChanged = MessageEdited | ReactionAdded | ReactionRemoved | PictureDescribed | PreviewAdded | PreviewRemoved
"""The events that change one message, and what replies to it quote."""

CHANGES: Changes = {
    MessagePosted: {"end", "typing"},
    MessageDeleted: {"log", "earlier"},
    **{event: {"message", "earlier"} for event in get_args(MessageChanged)},
    TopicChanged: {"log", "brand"},
    HistoryCleared: {"log", "earlier"},
    AuthorAnonymized: {"log", "earlier"},
    HistoryReloaded: {"log", "earlier", "brand"},
    FilesRemoved: {"log", "earlier"},
    **{event: {"log"} for event in get_args(PublicModerationEvent)},
    SlowModeChanged: {"log", "mode"},
    RoomLocked: {"log", "typing", "mode"},
    RoomUnlocked: {"log", "mode"},
    MessagesPurged: {"log", "earlier"},
    TypingStarted: {"typing"},
    TypingStopped: {"typing"},
    **{event: {"log", "brand"} for event in get_args(DirectoryNotice)},
    MemberRemoved: {"log", "brand", "typing"},
}
"""The parts that an event in the room changes; of the log only the `end` or one `message`, if nothing else."""

CHANGES_EVERYWHERE: Changes = {
    MemberJoined: {"log", "earlier"},
    MemberLeft: {"log", "earlier", "typing", "brand"},
    MemberRenamed: {"log", "earlier", "typing", "brand"},
    RoleChanged: {"log", "earlier", "typing"},
    AccountCreated: {"log", "earlier", "typing"},
    AccountDeleted: {"log", "earlier"},
    AvatarChanged: {"log", "earlier"},
    Disconnected: {"typing"},
    Muted: {"typing"},
}
"""The parts that an event changes wherever it happens."""


class RoomKey(NamedTuple):
    """A room, which is loaded as long as a page shows it, in a language."""

    room: Room
    language: str


class RoomView(LiveView):
    """Shows a room: its messages, who is typing, its name and topic."""

    def __init__(self, chat: Chat, brand: Brand, key: RoomKey) -> None:
        self._room, language = key
        self._tr = translator(language)
        self._brand = brand
        self.message_nodes = MessageNodes(self._tr, self._room, chat.directory)
        super().__init__(chat, LiveRegion(f"{self._room.id}:{language}", self.message_nodes.keeps))
        self.show(frozenset({"log", "brand", "mode", "typing"}))
        self.follow(CHANGES, self._room.id)
        self.follow(CHANGES_EVERYWHERE)

    def _on_event(self, changes: Changes, event: Event) -> None:
        if isinstance(event, MessageChanged):
            self.message_nodes.forget(event.message_id)
        super()._on_event(changes, event)

    def show(self, parts: Set[str]) -> None:
        if "log" in parts:
            self.message_nodes.forget_newest()
        super().show({"log" if part in OF_LOG else part for part in parts} - {"earlier"})
        if "earlier" in parts:
            self.region.broadcast(self.message_nodes.changed_earlier())

    def nodes(self, part: str) -> dict[str, Node]:
        match part:
            case "log":
                return self.message_nodes.newest(is_large_room=len(self._room.people.members) > SMALL)
            case "brand":
                info = self._chat.directory.get(self._room.id)
                if info and self._room.is_direct:
                    title = direct_rooms.title(self._tr, self._room.people, info)
                    return {"brand": chrome.heading(self._tr, self._brand, title, room=info)}
                return chrome.brand(
                    self._tr, self._brand, self._room.people, info, self._room.conversation.history.topic
                )
            case "mode":
                return roster.mode(self._tr, self._room)
            case _:
                return roster.typing(self._tr, self._room)


RoomViews = SharedViews[RoomKey, RoomView]
