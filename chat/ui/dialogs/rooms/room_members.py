"""In the settings of a private room: its members and, unless it is archived, a form to add others by name."""

from functools import partial
from itertools import islice
from weakref import finalize

from chat.domain.commands.arguments import parse_member
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.rooms.directory.room_policy import may_manage
from chat.domain.rooms.events import MemberAdded, MemberRemoved
from chat.domain.text.folding import fold
from chat.domain.users import Role, UserRef
from chat.framework.elements import HtmlElement, spare_numbers
from chat.i18n import phrases
from chat.text.nicknames import parse_nickname
from chat.ui import browser
from chat.ui.browser.dialogs.asking import continue_in, empty_field
from chat.ui.dialogs.forms import Field, Form
from chat.ui.page_context import PageContext
from chat.ui.weakly import weakly

MAX_SUGGESTIONS = 200


class RoomMembers:
    """Builds the list and the form in the current slot, and keeps the list up to date."""

    def __init__(self, page: PageContext, room_id: str) -> None:
        self._page = page
        self._people = page.chat.people
        self._room_id = room_id
        tr = page.tr
        HtmlElement("h3", text=tr("Members"))
        self._list = HtmlElement("ul", {"class": "rows"})
        self._show_members()
        finalize(self, page.shown.subscribe(weakly(self._on_change), MemberAdded, MemberRemoved))
        names = tuple(user.name for user in islice(self._others(), MAX_SUGGESTIONS))
        with HtmlElement("div", {"class": "adding"}):
            self._form = Form(page, [Field("person", tr("Add someone"), suggestions=names)], tr("Add"), self._add)
        self._field_id = str(self._form.fields[0].props["id"])
        if page.room_info.is_archived:
            self._form.set_visible(0, False)
            self._form.buttons.set("hidden", True)

    def _on_change(self, _event: Event) -> None:
        if not self._list.is_deleted:
            self._show_members()

    def _show_members(self) -> None:
        self._list.clear()
        with self._list, spare_numbers(self._page.client):
            for user in self._members():
                self._build_row(user)

    def _build_row(self, user: UserRef) -> None:
        tr, member, room = self._page.tr, self._page.member, self._page.chat.directory.get(self._room_id)
        with HtmlElement("li"):
            HtmlElement("bdi", text=user.name)
            if member and room and user.id != member.id and may_manage(member, room):
                label = {"type": "button", "aria-label": tr("Remove %(name)s", name=user.name)}
                HtmlElement("button", label, tr("Remove")).on("click", partial(self._remove, user.id))

    def _members(self) -> list[UserRef]:
        """Return the members by name. The names of guests who left before the last start are unknown."""
        room, unknown = self._page.chat.directory.get(self._room_id), self._page.tr(phrases.ROLES[Role.GUEST])
        ids = room.members if room else ()
        users = (UserRef(member_id, self._people.name_of(member_id) or unknown) for member_id in ids)
        return sorted(users, key=lambda user: (fold(user.name), user.id))

    def _others(self) -> list[UserRef]:
        """Return the people who may be added: present ones, then absent account holders."""
        inside = {user.id for user in self._members()}
        known = (*self._people.roster(), *self._people.absent_members())
        return [member.ref for member in known if member.id not in inside]

    async def _add(self, name: object) -> None:
        if member := self._page.member:
            text = name if isinstance(name, str) else ""
            target, _ = parse_member(text, [*self._others(), *self._members()], parse_nickname)
            await self._page.chat.rooms.add_member(member.id, self._room_id, target.id)
            browser.call(self._page.client, empty_field, self._field_id, text)

    async def _remove(self, target_id: str) -> None:
        if member := self._page.member:
            try:
                await self._page.chat.rooms.remove_member(member.id, self._room_id, target_id)
            except ChatError as problem:
                self._form.show_refusal(problem)
            browser.call(self._page.client, continue_in, self._field_id, False)  # the button is gone
