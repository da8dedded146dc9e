"""The card of one person as HTML."""

from markupsafe import Markup

from chat.domain.people.people import People
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, UserRef
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.ui.html.buttons import icon, item
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import avatar, isolated

CARD = "person"
HEADING = "person-name"
DOT = Markup("<i class=dot></i>")


def card(tr: Translator, people: People, viewer: Member, user: UserRef, *, can_write: bool) -> Markup:
    """Render the person's name and role, and the actions that this viewer may take."""
    is_lost = user.id in people.members and not people.presence.is_connected(user.id)
    return fill(
        "{close}<div class=head>{avatar}{dot}<div><h2 id={heading}>{name} {you}</h2> <p>{about}</p></div></div>{items}",
        close=icon("x", tr("Close"), fill("popovertarget={card} popovertargetaction=hide", card=CARD)),
        avatar=avatar(people.avatar_of(user.id), user.name),
        dot=DOT if is_lost else "",
        heading=HEADING,
        name=isolated(user.name),
        you=fill("<small>{you}</small>", you=tr("you")) if user.id == viewer.id else "",
        about=_about(tr, people, user, is_lost=is_lost),
        items=concat(_items(tr, people, viewer, user, can_write)),
    )


def _about(tr: Translator, people: People, user: UserRef, *, is_lost: bool) -> str:
    """Return the role and whether the person is here."""
    presence = tr("Here now") if user.id in people.members else tr("Away")
    return f"{tr(phrases.ROLES[people.role_of(user.id)])} · {tr('reconnecting…') if is_lost else presence}"


def _items(tr: Translator, people: People, viewer: Member, user: UserRef, can_write: bool) -> list[Markup]:
    items = [item("message", tr("Show messages"), "--messages-by", user.id)]
    if user.id == viewer.id:
        own = [item("pencil", tr("Change name…"), "--rename")]
        if people.shows_pictures:
            own.append(item("user", phrases.with_dots(tr, tr("Change picture")), "--settings"))
        return [*own, *items]
    items.insert(0, item("mention", tr("Mention"), "--mention", user.id))
    if can_write:
        items.insert(0, item("send", tr("Message"), "--direct", user.id))
    if has_permission(viewer.role, Permission.MUTE, people.role_of(user.id)):
        items.append(item("shield", tr("Moderate %(name)s", name=user.name), "--person", user.id))
    return items


def chip(tr: Translator, user: UserRef) -> Markup:
    """Render someone who was chosen; a click takes them back."""
    return fill(
        '<button type=button class="chip icon-x" data-member="{id}" aria-label="{label}" title="{label}">'
        "{name}</button>",
        id=user.id,
        label=tr("Remove %(name)s", name=user.name),
        name=isolated(user.name),
    )


def found_row(tr: Translator, people: People, user: UserRef, number: int, *, is_selected: bool) -> Markup:
    """Render someone who can be chosen, as an option of a list."""
    return fill(
        '<li id=found-{number} role=option aria-selected={selected} data-member="{id}">'
        "{avatar}<b>{name}</b><small>{presence}</small></li>",
        number=number,
        selected="true" if is_selected else "false",
        id=user.id,
        avatar=avatar(people.avatar_of(user.id), user.name),
        name=isolated(user.name),
        presence="" if user.id in people.members else tr("Away"),
    )
