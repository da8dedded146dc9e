"""A visit: one open tab of one person."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from nicegui import Client, ui

from chat import words
from chat.accounts import Account, AccountCreated, AccountFact
from chat.doors import Door
from chat.edge.addresses import network
from chat.errors import AccountRefused, ChatError, EntryRefused, NameRefused
from chat.events import Fact, MemberChanged, MemberLeft
from chat.i18n import Translator, choose, languages, translator
from chat.invitations import Invitation
from chat.members import Member
from chat.preferences import Preferences
from chat.sanctions import Whereabouts
from chat.ui import browser
from chat.ui.alerts import Bell
from chat.ui.board import Board
from chat.ui.house import House
from chat.ui.live import Node
from chat.ui.session import Identity
from chat.ui.theme import Tag, looks, mine, unread_line


class Visit:
    """What the components of a page need: the chat, the person, the language, and what the person may do."""

    def __init__(self, house: House, client: Client) -> None:
        self.chat = house.chat
        self.registrar = house.registrar
        self.client = client
        self.brand = house.brand
        self._house = house
        self._session = house.sessions.current()
        self._: Translator = translator(self._language)
        account = self.account.id if self.account else ""
        self.where = Whereabouts(self._session.id, network(client.ip or ""), account)
        self._style: Tag | None = None
        self.alerts = house.alerts
        self.bell: Bell | None = None
        self._noted: datetime | None = None
        self.line: str | None = None
        self.refused: ChatError | None = None
        self._entering = False
        self.member = self._recall()
        if problem := self._session.problem:
            self.refused = AccountRefused(problem)
        self.had_socket = False
        client.on_connect(self._note_socket)
        house.visits.add(self)
        client.on_delete(lambda: house.visits.discard(self))

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
        for visit in self._house.visits:
            if visit._session.id == self._session.id:
                visit.restyle()
                if visit.bell:
                    self.alerts.renew(visit.bell)

    @property
    def board(self) -> Board:
        """The room in this visit's language."""
        return self._house.boards.get(self._.code)

    @property
    def preferences(self) -> Preferences:
        """What the person chose, in any tab."""
        return self._session.preferences

    def build_style(self) -> None:
        """The style sheet that is this person's own."""
        self._style = Tag("style", text=self._css)

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
    def is_watching(self) -> bool:
        """Whether the newest message is before this person's eyes, in any tab."""
        return self.member is not None and self.chat.room.presence.is_watching(self.member.id)

    def note_seen(self, every: timedelta = timedelta()) -> None:
        """Remember that all there is has been seen, unless that was done less than `every` ago."""
        newest = next(reversed(self.chat.room.conversation.history), None)
        at = newest.at if newest else datetime.min.replace(tzinfo=UTC)
        if not self._noted or at - self._noted > every:
            self._noted = at
            self._session.seen = at

    @property
    def account(self) -> Account | None:
        """The person's account, if they signed in."""
        identity = self._session.identity
        return self.registrar.account(identity.id) if identity and identity.is_account else None

    @property
    def last_name(self) -> str | None:
        """What the person was called here before, if they were."""
        return self._session.identity.name if self._session.identity else None

    @property
    def door(self) -> Door:
        """What is asked of those who come in."""
        return self._house.doorkeeper.door

    @property
    def is_admitted(self) -> bool:
        """Whether the door is open for this person as a guest."""
        return self._house.is_admitted(self._session)

    @property
    def invitation(self) -> Invitation | None:
        """By which invitation the person came."""
        try:
            return self.door.invitations.find(self._session.invitation, datetime.now(UTC))
        except AccountRefused:
            return None

    def join(self, name: object, secret: object = "") -> None:
        """Become a guest, with the password of the room if it has one.

        Raises `NameRefused`, `CommandRefused`, `EntryRefused`.
        """
        self._admit(secret)
        identity = self._session.identity
        member_id = identity.id if identity and not self.registrar.account(identity.id) else uuid4().hex[:12]
        self.chat.check_entry(member_id, self.where)
        shown = self.chat.check_name(member_id, name).shown
        self._session.identity = Identity(member_id, shown)
        ui.navigate.to("/")

    async def sign_up(self, name: object, password: object, secret: object = "") -> None:
        """Make an account, of this guest if there is one, and be signed in; raises `NameRefused`, `AccountRefused`."""
        keeper, token = self._house.doorkeeper, self._session.invitation or ""
        if self.door.admits_guests:
            self._admit(secret)
        else:
            keeper.check_sign_up(self.where, token)
        member_id = self.member.id if self.member and not self.account else uuid4().hex[:12]
        account = await self.registrar.sign_up(member_id, name, password, self.where.address)
        if not self.door.admits_guests and (role := await keeper.use(token)) is not account.role:
            account = await self.registrar.set_role(account.id, role)
        self._enter_as(account)

    def _admit(self, secret: object) -> None:
        if not self.is_admitted:
            self._house.doorkeeper.check_guest(self.where, secret)
            self._session.admission = self.door.admission(self._session.id)

    async def sign_in(self, name: object, password: object) -> None:
        """Be the holder of an account; raises `AccountRefused`."""
        self._enter_as(await self.registrar.sign_in(name, password, self.where.address))

    async def change_password(self, old: object, new: object) -> None:
        """Take another password, and be signed out everywhere else; raises `AccountRefused`."""
        if self.account:
            self._enter_as(await self.registrar.change_password(self.account.id, old, new))

    async def sign_out_everywhere(self) -> None:
        """End every session of the account, this one too; raises `AccountRefused`."""
        if self.account:
            await self.registrar.sign_out_everywhere(self.account.id)

    async def delete_account(self, password: object, anonymise: object = "") -> None:
        """Delete the account, and take its name off its messages if that is asked for; raises `AccountRefused`."""
        if self.account:
            await self.registrar.delete(self.account.id, password, anonymise=anonymise == "on")

    async def rename(self, name: object) -> None:
        """Take another name; raises `NameRefused`."""
        if self.member:
            await self.chat.rename(self.member.id, name)

    def leave(self) -> None:
        """Leave the room, in every tab, or sign out, and be a stranger again."""
        self._session.clear()
        if self.member:
            browser.forget(self.client, self.member.id)
            self.chat.leave(self.member.id)

    def _enter_as(self, account: Account) -> None:
        self._entering = True
        ui.navigate.to(
            self._house.sessions.ticket(self._session, Identity(account.id, account.name, account.generation))
        )

    def _note_socket(self) -> None:
        self.had_socket = True

    def note_seen_if_watching(self) -> None:
        """Remember what has been seen before the page or the server goes."""
        if self.is_watching:
            self.note_seen()

    def attend(self, own_nodes: Callable[[], dict[str, Node]], attended: Callable[[], Awaitable[None]]) -> None:
        """Be present in the room while the page is connected.

        `own_nodes` tells what only this page shows, `attended` is called when it has been sent.
        """
        self._own_nodes, self._attended = own_nodes, attended
        unsubscribe = self.chat.subscribe(self._on_fact, MemberChanged, MemberLeft)
        self.client.on_delete(self.registrar.subscribe(self._on_account))
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
            ui.navigate.to("/")
            return
        self._renew_tabs()
        await self.board.enter(self.client, self._own_nodes)
        await self._attended()
        browser.resend(self.client)

    def _renew_tabs(self) -> None:
        # Only now is the new cookie surely in the browser.
        follows, self._session.follows = self._session.follows, None
        for other in self._house.visits:
            if follows and other._session.id == follows:
                other.client.open("/")

    def _disconnected(self) -> None:
        # A new socket may be here before the old one is given up.
        if self.member and not self.client.has_socket_connection:
            self.note_seen_if_watching()
            self.chat.disconnect(self.member.id, self.client.id)

    def _on_fact(self, fact: Fact) -> None:
        match fact:
            case MemberChanged(member=member) if self.member and member.id == self.member.id:
                self._remember(member)
                self.restyle()
            case MemberLeft(member=member) if self.member and member.id == self.member.id:
                if self.client.has_socket_connection and not self._entering:
                    self.client.open("/")

    def _on_account(self, fact: AccountFact) -> None:
        """The account of this page's person is gone, or was signed out of elsewhere: load the page again."""
        if isinstance(fact, AccountCreated):
            return  # this browser's pages are renewed when its new session is here
        if self.member and fact.account.id == self.member.id and not self._entering:
            identity = self._session.identity
            if identity is None or not self._house.is_current(self._session, identity):
                self.client.open("/")

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
