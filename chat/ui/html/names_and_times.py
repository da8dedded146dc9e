"""Names, avatars and times as HTML, wherever they are shown."""

from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from chat.domain.people.avatars import Avatar
from chat.domain.users import initials
from chat.ui.html.escaping import fill
from chat.web.paths import avatar_path


@lru_cache(1000)
def avatar(shown: Avatar, name: str) -> Markup:
    """Render the initials on the member's colour and, over them, their picture."""
    return fill(
        '<i class="avatar{light}" style=--hue:{hue} data-is={initials}>{picture}</i>',
        light=" light" if shown.color.shade else "",
        hue=shown.color.hue,
        initials=initials(name),
        picture=_picture(shown) if shown.picture else "",
    )


def _picture(shown: Avatar) -> Markup:
    return fill('<img src={path} alt="" loading=lazy>', path=avatar_path(shown.member_id, shown.picture))


@lru_cache(1000)
def isolated(name: str) -> Markup:
    """Render a name or a command so that it keeps its own writing direction within a sentence."""
    return fill("<bdi>{name}</bdi>", name=name)


def moment(at: datetime) -> Markup:
    """Render date and time in the viewer's zone and language."""
    return fill(
        "<relative-time datetime={at}Z format=datetime hour=numeric minute=2-digit></relative-time>",
        at=f"{at:%Y-%m-%dT%H:%M}",
    )


def clock(at: datetime) -> Markup:
    """Render the time without the date."""
    return fill(
        "<relative-time datetime={at}Z format=datetime "
        "weekday month day year hour=numeric minute=2-digit></relative-time>",
        at=f"{at:%Y-%m-%dT%H:%M}",
    )
