"""A visit: one open tab of one person."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nicegui import Client, ui

from chat.domain.accounts.directory import AccountCreated, AccountEvent
from chat.domain.accounts.preferences import Preferences
from chat.domain.errors import AccountRefused, ChatError, EntryRefused, NameRefused
from chat.domain.events import Event, MemberChanged, MemberLeft
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.framework.live_region import Node
from chat.framework.patches import forget_on_disconnect
from chat.i18n import phrases as words
from chat.i18n.translator import Translator, choose, languages, translator
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.components.notifier import PageNotifier
from chat.ui.personal_css import looks, mine, unread_line
from chat.ui.room_view import RoomView
from chat.ui.sign_in_flow import SignInFlow
from chat.web.security.client_address import network


class PageContext:
    """What the components of a page need: the chat, the person, the language, and what the person may do."""

    def __init__(self, house: AppContext, client: Client) -> None:
        self.chat = house.chat
        self.accounts = house.accounts
        self.client = client
        self.brand = house.brand
        self._house = house
        self._session = house.sessions.current()
        self._: Translator = translator(self._language)
        self.entrance = SignInFlow(house, self._session, network(client.ip or ""))
        self.where = self.entrance.where
        self._style: HtmlElement | None = None
        self.alerts = house.alerts
        self.bell: PageNotifier | None = None
        self._noted: datetime | None = None
        self.line: str | None = None
        self.refused: ChatError | None = None
        self.member = self._recall()
        if problem := house.sessions.problem(self._session):
            self.refused = AccountRefused(problem)
        self.had_socket = False
        client.on_connect(self._note_socket)
        house.pages.add(self)
        client.on_delete(lambda: house.pages.discard(self))

    def explain(self, problem: ChatError) -> str:
        """Why something was refused, in the person's language."""
        return words.error(self._, problem)

    @property
    def _language(self) -> str:
        chosen = self._session.language
        return chosen if chosen in languages() else choose(self.client.request.headers.get("accept-language", ""))

    def prefer(self, choice: object) -> None:
        """Choose a name and a value: a language, after which the page is loaded again, or one of `Preferences`.

        What is being written stays. Nothing happens for what there is not.
        """
        match choice:
            case ["language", str() as language] if language in languages():
                self._session.language = language
                browser.reload(self.client)
            case [name, value]:
                with suppress(ValueError):
                    self._session.preferences = self.preferences.choose(name, value)
                    self._renew_looks()

    def _renew_looks(self) -> None:
        for visit in self._house.pages:
            if visit._session.id == self._session.id:
                visit.restyle()
                if visit.bell:
                    self.alerts.renew(visit.bell)

    @property
    def me(self) -> str:
        """The person's id; nothing for who is not in the room (and may have been, when the page was loaded)."""
        return self.member.id if self.member else ""

    @property
    def board(self) -> RoomView:
        """The room in this visit's language."""
        return self._house.boards.get(self._.code)

    @property
    def preferences(self) -> Preferences:
        """What the person chose, in any tab."""
        return self._session.preferences

    def build_style(self) -> None:
        """The style sheet that is this person's own."""
        self._style = HtmlElement("style", text=self._css)

    def restyle(self) -> None:
        """Renew it: what was chosen, the role or the unread line is another one."""
        if self._style:
            self._style.show(self._css)

    @property
    def _css(self) -> str:
        line = unread_line(self.line, self._("New messages")) if self.line else ""
        return looks(self.preferences) + (mine(self.member) if self.member else "") + line

    def show_title(self, prefix: str) -> None:
        """Put something before the title of the browser's tab."""
        with self.client:
            ui.page_title(f"{prefix}{self.brand.title}")

    @property
    def seen(self) -> datetime | None:
        """When the newest message was written that this person has seen, in any tab; None for newcomers."""
        return self._session.seen

    @property
    def is_viewing_latest(self) -> bool:
        """Whether the newest message is before this person's eyes, in any tab."""
        return self.member is not None and self.chat.room.presence.is_viewing_latest(self.member.id)

    def note_seen(self, every: timedelta = timedelta()) -> None:
        """Remember that all there is has been seen, unless that was done less than `every` ago."""
        newest = next(reversed(self.chat.room.conversation.history), None)
        at = newest.at if newest else datetime.min.replace(tzinfo=UTC)
        if not self._noted or at - self._noted > every:
            self._noted = at
            self._session.seen = at

    async def rename(self, name: object) -> None:
        """Take another name; raises `NameRefused`."""
        if self.member:
            await self.chat.rename(self.member.id, name)

    def leave(self) -> None:
        """Leave the room, in every tab, or sign out, and be a stranger again."""
        self._session.clear()
        if self.member:
            browser.forget(self.client, self.member.id)
            # NiceGUI sends a script in the loop's next turn: only after it may the page be told to reload.
            asyncio.get_running_loop().call_soon(self.chat.leave, self.member.id)

    def _note_socket(self) -> None:
        self.had_socket = True

    def note_seen_if_watching(self) -> None:
        """Remember what has been seen before the page or the server goes."""
        if self.is_viewing_latest:
            self.note_seen()

    def attend(self, own_nodes: Callable[[], dict[str, Node]], attended: Callable[[], Awaitable[None]]) -> None:
        """Be present in the room while the page is connected.

        `own_nodes` tells what only this page shows, `attended` is called when it has been sent.
        """
        self._own_nodes, self._attended = own_nodes, attended
        unsubscribe = self.chat.subscribe(self._on_event, MemberChanged, MemberLeft)
        self.client.on_delete(self.accounts.subscribe(self._on_account))
        self.client.on_connect(self._connected)
        self.client.on_disconnect(self._disconnected)
        self.client.on_delete(self._disconnected)
        self.client.on_delete(unsubscribe)

    async def _connected(self) -> None:
        try:
            self.member = self._recall()  # the page may be older than what was decided since
            if self.member:
                self.chat.connect(self.member, self.client.id, self.where)
        except (EntryRefused, NameRefused):
            self.member = None
        if not self.member:
            self._shut_out()
            return
        self._renew_tabs()
        await self.board.enter(self.client, self._own_nodes)
        await self._attended()
        browser.resend(self.client)

    def _renew_tabs(self) -> None:
        # Only now is the new cookie surely in the browser.
        follows, self._session.follows = self._session.follows, None
        for other in self._house.pages:
            if follows and other._session.id == follows:
                other._shut_out()

    def _disconnected(self) -> None:
        # A new socket may be here before the old one is given up.
        if self.member and not self.client.has_socket_connection:
            self.note_seen_if_watching()
            self.chat.disconnect(self.member.id, self.client.id)

    def _on_event(self, event: Event) -> None:
        match event:
            case MemberChanged(member=member) if self.member and member.id == self.member.id:
                self._remember(member)
                self.restyle()
            case MemberLeft(member=member) if self.member and member.id == self.member.id:
                if self.client.has_socket_connection:
                    self._shut_out()

    def _on_account(self, event: AccountEvent) -> None:
        """The account of this page's person is gone, or was signed out of elsewhere."""
        if isinstance(event, AccountCreated):
            return  # this browser's pages are renewed when its new session is here
        if self.member and event.account.id == self.member.id:
            identity = self._session.identity
            if identity is None or not self._house.is_current(self._session, identity):
                self._shut_out()

    def _shut_out(self) -> None:
        """Let the page load again, and do and see nothing from now on, also where it is a program that doesn't."""
        member, self.member = self.member, None
        if not self.entrance.is_entering:  # then it is on its way already
            self.client.open("/")
            forget_on_disconnect(self.client)
        if self.bell:
            self.alerts.remove(self.bell)
        self.board.region.cut(self.client)
        if member:
            self.chat.disconnect(member.id, self.client.id)

    def _remember(self, member: Member) -> None:
        self.member = member
        if self._session.identity:
            self._session.identity = replace(self._session.identity, name=member.name)

    def _recall(self) -> Member | None:
        try:
            return self._house.recall(self._session, self.where)
        except (EntryRefused, NameRefused) as problem:
            self.refused = problem
            return None
