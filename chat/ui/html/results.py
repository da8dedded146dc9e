"""The results in the quick switcher: rooms, people and messages, as options of one listbox."""

from collections.abc import Iterable

from markupsafe import Markup

from chat.domain.messages.search import Hit, excerpt
from chat.domain.people.people import People
from chat.i18n.translator import Translator
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar, isolated, moment
from chat.ui.html.navigation import PICTURES
from chat.ui.places import Place, Places
from chat.web.paths import room_path

NOTHING = Markup()


def places(tr: Translator, people: People, found: Places) -> Markup:
    """Render rooms and people: links to rooms, buttons where there is none yet or only the search is meant."""
    rooms = concat(_place(tr, people, place, f"place-{number}") for number, place in enumerate(found.rooms))
    persons = concat(_place(tr, people, place, f"person-{number}") for number, place in enumerate(found.people))
    return _group(tr("Rooms"), rooms) + _group(tr("People"), persons)


def messages(tr: Translator, hits: Iterable[tuple[Hit, str, str]]) -> Markup:
    """Render found messages, each with the path and the name of its room, which may be empty."""
    rows = (_message(number, hit, path, room) for number, (hit, path, room) in enumerate(hits))
    return _group(tr("Messages"), concat(rows))


def _group(label: str, rows: Markup) -> Markup:
    return fill('<div role=group aria-label="{label}">{rows}</div>', label=label, rows=rows) if rows else NOTHING


def _place(tr: Translator, people: People, place: Place, key: str) -> Markup:
    attributes = fill('role=option tabindex=-1 id="{key}" aria-selected=false class=place', key=key)
    parts = {"attributes": attributes, "content": _content(tr, people, place)}
    if place.query:
        return fill(
            '<button type=button {attributes} data-query="{query}">{content}</button>', query=place.query, **parts
        )
    if place.room:
        room = {"path": room_path(place.room), "id": place.room.id}
        return fill('<a {attributes} href="{path}" data-room="{id}">{content}</a>', **room, **parts)
    assert place.person
    return fill('<button type=button {attributes} data-person="{id}">{content}</button>', id=place.person.id, **parts)


def _content(tr: Translator, people: People, place: Place) -> Markup:
    if place.person:
        picture = avatar(people.avatar_of(place.person.id), place.name)
        about = _presence(tr, people, place.person.id)
    else:
        assert place.room
        picture = fill('<i class="icon icon-{picture}"></i>', picture=PICTURES[place.room.kind])
        about = place.room.description
    return fill(
        "{picture}<bdi>{name}</bdi><small dir=auto>{about}</small>", picture=picture, name=place.name, about=about
    )


def _presence(tr: Translator, people: People, member_id: str) -> str:
    return "" if member_id in people.members else tr("Away")


def _message(number: int, hit: Hit, path: str, room: str) -> Markup:
    return fill(
        '<a role=option tabindex=-1 id="result-{number}" aria-selected=false href="{path}#m-{id}">'
        "<b>{name}</b> {room}{time}<span dir=auto>{text}</span></a>",
        number=number,
        path=path,
        id=hit.message.id,
        name=isolated(hit.message.name),
        room=fill("<small>{room}</small> ", room=isolated(room)) if room else NOTHING,
        time=moment(hit.message.at),
        text=concat(fill("<mark>{part}</mark>", part=part) if found else part for part, found in excerpt(hit)),
    )
