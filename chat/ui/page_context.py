"""One open page: the member it belongs to, its language and preferences."""

from collections.abc import Iterable
from functools import cached_property, partial

from nicegui import Client, ui

from chat.domain.accounts.preferences import Preferences
from chat.domain.errors import ChatError
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind, may_see
from chat.domain.rooms.room import Room
from chat.domain.users import Member
from chat.framework.clients import heard_at
from chat.framework.page_record import PageRecord
from chat.i18n.error_messages import describe_error
from chat.i18n.translator import Translator, choose, translator
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.browser.messages.acting import focus_room
from chat.ui.notifications import Notifier
from chat.ui.page_access import PageAccess
from chat.ui.page_push import PagePush
from chat.ui.page_style import PageStyle
from chat.ui.room_switcher import RoomSwitcher
from chat.ui.sign_in_flow import SignInFlow
from chat.ui.views.chat_view import ChatView
from chat.ui.views.shown_room import ShownRoom
from chat.web.paths import path_of
from chat.web.read_marks import ReadMarks
from chat.web.security.client_address import network
from chat.web.security.public_url import public_url


class PageContext:
    """The context that the components of a page share: the chat, the member, the language and the preferences."""

    def __init__(self, app: AppContext, client: Client, record: PageRecord) -> None:
        self.app = app
        self.record = record
        self.chat = app.chat
        self.accounts = app.accounts
        self.notifications = app.notifications
        self.brand = app.brand
        self.client = client
        self._public_url = public_url(client.request.scope)
        self._session = app.sessions.current()
        self.tr: Translator = translator(self._language)
        self.sign_in_flow = SignInFlow(app, self._session, network(client.ip or ""))
        self.path = path_of(client.request.scope)
        record.keep(language=self.tr.code)
        self._show(app.chat.lobby)
        self.notifier: Notifier | None = None
        self.switcher: RoomSwitcher | None = None
        self.access = PageAccess(app, client, record.life, self._session, self.sign_in_flow)
        self.push = PagePush(app, self._session, self._public_url, self.tr.code)
        self.style = PageStyle(self.tr, self.preferences, self.member, self.chat.rooms.policy)
        self.late_ids: set[str] = set()  # of messages being posted that were written while the page was offline
        self.visited: list[str] = []  # ids of the rooms that the page showed before, the last one first
        self.is_visible = True
        self.title_prefix = ""  # the number of unread messages, while the page is hidden
        app.pages.add(self)
        client.on_connect(lambda: app.pages.note_connected(self))
        client.on_delete(lambda: app.pages.discard(self))
        client.on_delete(self._close)

    @property
    def member(self) -> Member | None:
        return self.access.member

    @property
    def connection_id(self) -> str:
        return self.access.connection_id

    @property
    def member_id(self) -> str:
        """The member's id; empty if the member is not in the room, or was revoked since the page was loaded."""
        return self.member.id if self.member else ""

    @cached_property
    def chat_view(self) -> ChatView:
        self.client.on_delete(partial(self.app.chat_views.close, self.tr.code))
        return self.app.chat_views.open(self.tr.code)

    @property
    def room_info(self) -> RoomInfo:
        """The shown room as the directory lists it, or listed it before the member lost it a moment ago."""
        return self.shown.info(self.member_id)

    @property
    def room(self) -> Room:
        return self.shown.room

    @property
    def may_see_room(self) -> bool:
        """Whether the member may still see the shown room."""
        room = self.chat.directory.get(self.room.id)
        return room is not None and may_see(room, self.member_id)

    @property
    def path(self) -> str:
        """The path of the page, which changes with the room it shows."""
        return self.sign_in_flow.path

    @path.setter
    def path(self, path: str) -> None:
        self.sign_in_flow.path = path
        self.record.keep(path=path)

    @property
    def preferences(self) -> Preferences:
        return self._session.preferences

    @property
    def read_marks(self) -> ReadMarks:
        return self._session.read_marks

    def preferences_in(self, room: RoomInfo) -> Preferences:
        """Return the preferences that apply in a room."""
        return self.preferences.in_room(room.id, is_direct=room.kind is RoomKind.DIRECT)

    @property
    def is_viewing_latest(self) -> bool:
        """Whether the member is viewing the newest message of the shown room, in any tab."""
        presence = self.chat.people.presence
        return self.member is not None and presence.is_viewing_latest(self.member.id, self.room.id)

    def error_message(self, problem: ChatError) -> str:
        return describe_error(self.tr, problem)

    def url(self, path: str) -> str:
        """Return the public URL of a path."""
        return f"{self._public_url}{path}"

    async def open_direct(self, member_ids: Iterable[object]) -> None:
        """Show the direct room of the member and these people. Raises a `ChatError`."""
        room = await self.chat.direct_rooms.open(self.member_id, member_ids)
        await self.open_room(room.id)

    def show_room(self, room: Room) -> None:
        """Note that the page shows another room. What was built for the one before must be gone."""
        self.visited = [self.room.id, *(room_id for room_id in self.visited if room_id != self.room.id)]
        self.shown.close()
        self._show(room)

    async def open_room(self, room_id: object, message_id: str = "") -> None:
        """Show a room in this page, at a message if one is given, and give it the focus. Raises `RoomRefused`."""
        if self.switcher:
            await self.switcher.open(room_id, message_id)
            if not message_id:
                browser.call(self.client, focus_room)

    def change_language(self, language: str) -> None:
        """Load the page again in another language; drafts survive that."""
        with self.client:
            ui.navigate.to(self.app.sessions.language_link(self._session, language, self.path))

    def change_preferences(self, preferences: Preferences) -> None:
        """Keep the preferences of the member, and show them in all their pages. Visitors have none."""
        if self.member:
            self._session.preferences = preferences
            self.app.pages.show_preferences(self)

    def apply_preferences(self) -> None:
        self.style.show_preferences(self.preferences)
        self.push.follow(self.preferences)
        if self.switcher:
            self.switcher.show_preferences()
        if self.notifier:
            self.notifications.refresh(self.notifier)

    def set_visible(self, is_visible: bool) -> None:
        """Note whether the member can see the page, whatever it shows of the messages."""
        self.is_visible = is_visible
        if self.notifier:
            self.notifications.note_visibility(self.notifier.member_id)

    async def leave(self) -> None:
        """Sign out in every tab of the browser, and leave the chat."""
        self.save_last_seen_if_viewing()
        await self.access.sign_out()

    def tidy(self) -> None:
        """Called every minute: a message alone changes nothing in a page that shows it at once."""
        self.save_last_seen_if_viewing()
        if self.switcher:
            self.switcher.unload_earlier()

    def save_last_seen_if_viewing(self) -> None:
        """Save how far the member has read; what was sent since the page was last heard may not have arrived."""
        if self.is_viewing_latest and self.may_see_room:
            self.shown.last_seen.save(until=heard_at(self.client))

    @property
    def _language(self) -> str:
        kept: str | None = self.record.former.get("language")
        return kept or choose(self.client.request.headers.get("accept-language", ""), self._session.language)

    def _show(self, room: Room) -> None:
        self.shown = ShownRoom(self.app, self._session, room, self.tr.code)

    def _close(self) -> None:
        self.shown.close()
        self.access.close()
        self.switcher = self.notifier = None  # they refer to the page
