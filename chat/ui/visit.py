"""A visit: one open tab of one person. The only user of NiceGUI's storage."""

from typing import Any
from uuid import uuid4

from nicegui import Client, app, ui

from chat.errors import NameRefused
from chat.events import Fact, MemberChanged, MemberLeft
from chat.i18n import Translator, choose, translator
from chat.members import Member
from chat.state import Chat
from chat.ui import browser
from chat.ui.board import Board, Boards
from chat.ui.theme import Scheme, mine


class Visit:
    """What the components of a page need: the chat, the person, the language, and what the person may do.

    The person is known by the session cookie; who they are is kept on the server, with a copy in the cookie for
    hosts that lose their files (that copy counts only where the server knows nothing).
    """

    def __init__(self, chat: Chat, boards: Boards, client: Client) -> None:
        self.chat = chat
        self.client = client
        self._: Translator = translator(choose(client.request.headers.get("accept-language", "")))
        self._boards = boards
        self._kept: dict[str, Any] = app.storage.user
        if "member" not in self._kept:
            self._kept["member"] = app.storage.browser.get("member")
        app.storage.browser["member"] = self._kept["member"]
        self._reconnecting = False
        self.refused: NameRefused | None = None
        self.member = self._recall()

    @property
    def board(self) -> Board:
        """The room in this visit's language."""
        return self._boards.get(self._.code)

    @property
    def scheme(self) -> Scheme:
        """Light, dark or system, as chosen by the person."""
        return Scheme(self._kept.get("scheme", Scheme.SYSTEM))

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._kept["scheme"] = str(scheme)

    @property
    def css(self) -> str:
        """The style sheet that is this person's own."""
        return self.scheme.css + (mine(self.member.id) if self.member else "")

    @property
    def last_name(self) -> str | None:
        """What the person was called here before, if they were."""
        return (self._kept["member"] or {}).get("name")

    def join(self, name: object) -> None:
        """Become a member and enter the room; raises `NameRefused`."""
        member_id = (self._kept["member"] or {}).get("id") or uuid4().hex[:12]
        self._remember(Member(member_id, self.chat.check_name(member_id, name)))
        ui.navigate.to("/")

    def leave(self) -> None:
        """Leave the room, in every tab, and be a stranger again."""
        browser.forget(self.client)
        self._kept["member"] = None
        if self.member:
            self.chat.leave(self.member.id)

    def attend(self) -> None:
        """Be present in the room while the page is connected."""
        unsubscribe = self.chat.subscribe(self._on_fact, MemberChanged, MemberLeft)
        self.client.on_connect(self._connected)
        self.client.on_disconnect(self._disconnected)
        self.client.on_delete(self._disconnected)
        self.client.on_delete(unsubscribe)

    async def _connected(self) -> None:
        assert self.member
        try:
            self.chat.connect(self.member, self.client.id)
        except NameRefused:
            ui.navigate.to("/")
            return
        await self.board.enter(self.client)
        if self._reconnecting:
            browser.resend(self.client)
        self._reconnecting = True

    def _disconnected(self) -> None:
        # A new socket may be here before the old one is given up.
        if self.member and not self.client.has_socket_connection:
            self.chat.disconnect(self.member.id, self.client.id)

    def _on_fact(self, fact: Fact) -> None:
        match fact:
            case MemberChanged(member=member) if self.member and member.id == self.member.id:
                self._remember(member)
            case MemberLeft(member=member) if self.member and member.id == self.member.id:
                if self.client.has_socket_connection:
                    self.client.open("/")

    def _remember(self, member: Member) -> None:
        self.member = member
        self._kept["member"] = {"id": member.id, "name": member.name}

    def _recall(self) -> Member | None:
        kept = self._kept["member"]
        if not kept:
            return None
        here = self.chat.room.members.get(kept["id"])
        try:
            return here or Member(kept["id"], self.chat.check_name(kept["id"], kept["name"]))
        except NameRefused as problem:
            self.refused = problem
        return None


def has_joined() -> bool:
    """Whether whoever makes the current request has joined the chat."""
    return bool(app.storage.user.get("member"))
