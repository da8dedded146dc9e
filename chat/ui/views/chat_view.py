"""The view around all rooms of a chat, in one language: the bar, the people and the public rooms."""

from nicegui import Client

from chat.domain.accounts.events import AccountCreated, AccountDeleted, AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.messages.events import AuthorAnonymized, HistoryCleared, MessageDeleted, MessagesPurged
from chat.domain.moderation.events import Banned, Unbanned
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.events import RoomArchived, RoomCreated, RoomRenamed, RoomReopened
from chat.framework.live_region import LiveRegion, Node
from chat.i18n.translator import translator
from chat.state.chat import Chat
from chat.ui.html import chrome, navigation, roster
from chat.ui.views.live_view import Changes, LiveView, OwnNodes
from chat.ui.views.shared_views import SharedViews

CHANGES: Changes = {
    MemberJoined: {"people", "away", "online"},
    MemberLeft: {"people", "away", "online"},
    MemberRenamed: {"people"},
    RoleChanged: {"people", "away"},
    AccountCreated: {"people"},
    AvatarChanged: {"people", "away"},
    AccountDeleted: {"away"},
    Connected: {"people"},
    Disconnected: {"people"},
    Banned: {"away"},
    Unbanned: {"away"},
    **{event: {"rooms"} for event in (RoomCreated, RoomRenamed, RoomArchived, RoomReopened)},
}

CHANGES_IN_LOBBY: Changes = {
    MessageDeleted: {"away"},
    HistoryCleared: {"away"},
    AuthorAnonymized: {"away"},
    MessagesPurged: {"away"},
}
"""The parts that an event in the lobby changes: its authors may return."""


class ChatView(LiveView):
    """Shows the chat around its rooms."""

    def __init__(self, chat: Chat, language: str) -> None:
        super().__init__(chat, LiveRegion(f"chat:{language}", keeps=lambda name: name in chrome.OF_ROOM))
        self._tr = translator(language)
        self._roster = roster.Roster(self._tr)
        self.region.update({"frame": chrome.nodes(self._tr), "lost": chrome.connection_lost(self._tr)})
        self.show(frozenset({"people", "away", "online", "rooms"}))
        self.follow(CHANGES)
        self.follow(CHANGES_IN_LOBBY, chat.lobby.id)

    def nodes(self, part: str) -> dict[str, Node]:
        match part:
            case "people":
                return self._roster.nodes(self._chat.people)
            case "away":
                return roster.away(self._tr, self._chat.lobby)
            case "rooms":
                return navigation.public_rooms(self._tr, self._chat.directory)
            case _:
                return roster.online(self._tr, self._chat.people)

    async def enter(self, client: Client, own_nodes: OwnNodes = dict) -> None:
        # The count is not gathered for the page that changes it: it sees at least itself.
        await super().enter(client, lambda: {**self.nodes("online"), **own_nodes()})

    def announce_restart(self) -> None:
        """Show on all pages that the server is about to restart."""
        self.region.update({"lost": chrome.connection_lost(self._tr, is_restart=True)})


ChatViews = SharedViews[str, ChatView]
"""Views by language."""
