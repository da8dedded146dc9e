"""The links to one member's direct rooms, and the title of one."""

from markupsafe import Markup

from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.buttons import icon, invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar, isolated
from chat.web.paths import room_path


def section(tr: Translator, people: People, rooms: list[RoomInfo], viewer_id: str) -> Markup:
    """Render the list of these rooms, each named by the other people in it; nothing without rooms."""
    if not rooms:
        return Markup()
    return fill(
        "<div><h2>{heading}</h2>{button}</div><ul>{rows}</ul>",
        heading=tr("Direct messages"),
        button=icon("plus", tr("New message"), invoke("--new-message")),
        rows=concat(_row(tr, people, room, viewer_id) for room in rooms),
    )


def title(tr: Translator, people: People, room: RoomInfo) -> Markup:
    """Render the name of a room for each of its people: the style sheet shows everyone theirs."""
    return concat(
        fill(
            '<span data-viewer="{id}">{name}</span>',
            id=member_id,
            name=_name(tr, people, room, member_id),
        )
        for member_id in sorted(room.members)
    )


def _row(tr: Translator, people: People, room: RoomInfo, viewer_id: str) -> Markup:
    others = room.members - {viewer_id}
    is_here = any(people.presence.is_connected(member_id) for member_id in others)
    return fill(
        '<li><a class="room-link direct {presence}" href="{path}" data-room="{id}" title="{title}">'
        "{picture}<bdi dir={direction}>{name}</bdi></a>{close}</li>",
        presence="here" if is_here else "away",
        path=room_path(room),
        id=room.id,
        title=tr("Here now") if is_here else tr("Away"),
        picture=_picture(people, others),
        direction=tr.direction,
        name=_name(tr, people, room, viewer_id),
        close=icon(
            "x",
            tr("Close conversation"),
            fill("{run} value={id}", run=invoke("--close-direct"), id=room.id),
        ),
    )


def _name(tr: Translator, people: People, room: RoomInfo, viewer_id: str) -> str:
    return phrases.direct_name(tr.html, people, room, viewer_id, isolated)


def _picture(people: People, others: frozenset[str]) -> Markup:
    if len(others) > 1:
        return fill('<i class="avatar group" data-is={count}></i>', count=len(others))
    return concat(avatar(people.avatar_of(member_id), people.name_of(member_id) or "") for member_id in others)
