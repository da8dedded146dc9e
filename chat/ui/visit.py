"""A visit: one open tab of one person. The only user of NiceGUI's storage."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from nicegui import Client, app, ui

from chat.errors import ChatError, EntryRefused, NameRefused
from chat.events import Fact, MemberChanged, MemberLeft
from chat.i18n import Translator, choose, translator
from chat.members import Member, Role
from chat.sanctions import Whereabouts
from chat.state import Chat
from chat.ui import browser
from chat.ui.board import Board, Boards
from chat.ui.live import Node
from chat.ui.theme import Scheme, Tag, mine, unread_line


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
        self.where = Whereabouts(session=str(app.storage.browser["id"]))
        self._style: Tag | None = None
        self._noted: datetime | None = None
        self.line: str | None = None
        self.refused: ChatError | None = None
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

    def build_style(self) -> None:
        """The style sheet that is this person's own."""
        self._style = Tag("style", text=self._css)

    def restyle(self) -> None:
        """Renew it: the scheme, the role or the unread line is another one."""
        if self._style:
            self._style.show(self._css)

    @property
    def _css(self) -> str:
        line = unread_line(self.line, self._("New messages")) if self.line else ""
        return self.scheme.css + (mine(self.member) if self.member else "") + line

    def show_title(self, prefix: str) -> None:
        """Put something before the title of the browser's tab."""
        with self.client:
            ui.page_title(f"{prefix}{self._boards.title}")

    @property
    def seen(self) -> datetime | None:
        """When the newest message was written that this person has seen, in any tab; None for newcomers."""
        kept = self._kept.get("seen")
        return datetime.fromisoformat(kept) if kept else None

    @property
    def is_watching(self) -> bool:
        """Whether the newest message is before this person's eyes, in any tab."""
        return self.member is not None and self.chat.room.presence.is_watching(self.member.id)

    def note_seen(self, every: timedelta = timedelta()) -> None:
        """Remember that all there is has been seen, unless that was done less than `every` ago."""
        newest = next(reversed(self.chat.room.conversation.history), None)
        at = newest.at if newest else datetime.min.replace(tzinfo=UTC)
        if not self._kept["member"] or (self._noted and at - self._noted <= every):
            return  # those who have left are strangers
        self._noted = at
        if self._kept.get("seen") != at.isoformat():
            self._kept["seen"] = at.isoformat()

    @property
    def last_name(self) -> str | None:
        """What the person was called here before, if they were."""
        return (self._kept["member"] or {}).get("name")

    def join(self, name: object) -> None:
        """Become a member and enter the room; raises `NameRefused`, `EntryRefused`."""
        member_id = (self._kept["member"] or {}).get("id") or uuid4().hex[:12]
        self.chat.check_entry(member_id, self.where)
        self._remember(Member(member_id, self.chat.check_name(member_id, name)))
        ui.navigate.to("/")

    def leave(self) -> None:
        """Leave the room, in every tab, and be a stranger again."""
        self._kept["member"] = None
        self._kept.pop("seen", None)
        if self.member:
            browser.forget(self.client, self.member.id)
            self.chat.leave(self.member.id)

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
        self.client.on_connect(self._connected)
        self.client.on_disconnect(self._disconnected)
        self.client.on_delete(self._disconnected)
        self.client.on_delete(unsubscribe)

    async def _connected(self) -> None:
        assert self.member
        try:
            self.chat.connect(self.member, self.client.id, self.where)
        except (EntryRefused, NameRefused):
            ui.navigate.to("/")
            return
        await self.board.enter(self.client, self._own_nodes)
        await self._attended()
        browser.resend(self.client)

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
            self.chat.check_entry(kept["id"], self.where, here.role if here else Role.GUEST)
            return here or Member(kept["id"], self.chat.check_name(kept["id"], kept["name"]))
        except (EntryRefused, NameRefused) as problem:
            self.refused = problem
        return None


def has_joined() -> bool:
    """Whether whoever makes the current request has joined the chat."""
    return bool(app.storage.user.get("member"))
