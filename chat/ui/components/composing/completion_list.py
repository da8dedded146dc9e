"""Suggestions while typing: members after `@`, rooms after `#`, commands after `/`, emoji after `:`."""

from functools import cached_property

from markupsafe import Markup

from chat.domain.commands.completion import Option, complete
from chat.domain.commands.parser import COMMANDS, allowed_commands
from chat.domain.messages.mentions import ALL
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.room import Room
from chat.domain.users import Member, UserRef
from chat.framework.elements import HtmlElement, RawElement
from chat.i18n import phrases
from chat.text import emoji
from chat.ui import browser
from chat.ui.browser.composing.completing import choose, point
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar, isolated
from chat.ui.page_context import PageContext


class CompletionList:
    """The list above the field, built when there is something to suggest for the first time."""

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self._is_open = False

    def suggest(self, before: object, start: object) -> None:
        """Suggest completions for the end of the text before the caret; `start` is its offset (UTF-16)."""
        member, room = self._page.member, self._page.room
        if not (isinstance(before, str) and isinstance(start, int) and member):
            return
        is_anyone = start == 0 and _is_about_people(before)
        people = _everyone(room) if is_anyone else _everyone_inside(room)
        word, options = complete(
            before,
            sorted(people, key=lambda user: user.id == member.id),  # others first
            allowed_commands(member.role, self._page.chat.room_commands.applicable(member, room.id)),
            emoji.suggest,
            rooms=self._linked_rooms(),
            can_mention_everyone=has_permission(member.role, Permission.MENTION_EVERYONE),
            limit=len(COMMANDS),
        )
        if word.startswith(("/", "／")) and start:
            options = []
        self._show(word, options, start + _utf16_length(before) - _utf16_length(word))

    def _linked_rooms(self) -> list[RoomInfo]:
        """Return the rooms that everyone may see, unless the lobby is the only one: a message shows links to these."""
        rooms = self._page.chat.directory.public()
        return rooms if len(rooms) > 1 else []

    def close(self) -> None:
        self._show("", [], 0)

    def _show(self, word: str, options: list[Option], start: int) -> None:
        if not options and not self._is_open:
            return
        self._is_open = bool(options)
        target = fill('data-start={start} data-word="{word}"', start=start, word=word)
        # A word that is already complete is not selected, so Enter sends it; its sign may be a full-width one.
        selected = None if options and options[0].typed[1:].casefold() == word[1:].casefold() else 0
        rows = (self._row(i, option, i == selected, target) for i, option in enumerate(options))
        self._list.set("innerHTML", concat(rows))
        browser.call(self._page.client, point)

    @cached_property
    def _list(self) -> HtmlElement:
        attributes = {
            "id": "completion",
            "role": "listbox",
            "aria-label": self._page.tr("Suggestions"),
            "tabindex": 0,
        }
        with self._parent:
            listbox = HtmlElement("ul", attributes)
        browser.on(listbox, "click", choose)
        return listbox

    def _row(self, number: int, option: Option, is_selected: bool, target: Markup) -> Markup:
        return fill(
            "<li id=option-{number} role=option aria-selected={selected} {target} "
            'data-text="{text}" data-typed="{typed}">{label}</li>',
            number=number,
            selected="true" if is_selected else "false",
            target=target,
            text=option.text,
            typed=option.typed,
            label=self._label(option),
        )

    def _label(self, option: Option) -> Markup:
        tr = self._page.tr
        match option.kind:
            case "command":
                command = COMMANDS[option.key]
                return fill(
                    "<b>{name} {usage}</b><small>{summary}</small>",
                    name=isolated(f"/{command.name}"),
                    usage=tr(command.usage),
                    summary=tr(command.summary),
                )
            case "member" if option.key == ALL:
                everyone = tr("Everyone in the room")
                return fill("<b>{name}</b><small>{everyone}</small>", name=isolated(option.label), everyone=everyone)
            case "member":
                return self._member_label(option.key, option.label.removeprefix("@"))
            case "room":
                room = self._page.chat.directory.room_for(self._page.member_id, option.key)
                return fill(
                    "<b>{slug}</b><small>{name}</small>",
                    slug=isolated(option.label),
                    name=isolated(phrases.room_name(tr, room)),
                )
            case _:
                return fill("<b>{label}</b>", label=isolated(option.label))

    def _member_label(self, member_id: str, name: str) -> Markup:
        room = self._page.room
        return fill(
            "{avatar}<b>{name}</b><small>{presence}</small>",
            avatar=avatar(room.people.avatar_of(member_id), name),
            name=isolated(name),
            presence="" if member_id in room.people.members else self._page.tr("Away"),
        )


def _is_about_people(text: str) -> bool:
    """Tell whether a text is a command that takes a person, who need not be in the room."""
    command = COMMANDS.get(text.split(" ", 1)[0].removeprefix("/"))
    return command is not None and text.startswith("/") and command.usage.startswith("@")


def _everyone(room: Room) -> list[Member | UserRef]:
    return [*room.people.roster(), *room.people.away(room.conversation.history.authors)]


def _everyone_inside(room: Room) -> list[Member | UserRef]:
    return [*room.present(), *room.away()]


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
