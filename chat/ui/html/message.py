"""One message as HTML, the same for all viewers of one language."""

from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.rooms.avatar_colors import AvatarColor
from chat.domain.users import initials
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.text.markup.renderer import Mentioned, is_big, to_html, to_plain
from chat.ui.html.buttons import invoke
from chat.ui.html.escaping import concat, fill

NOTHING = Markup()
REACT, JUMP = invoke("--react"), invoke("--jump")


def article(
    tr: Translator, message: Message, names: dict[str, str | None], color: AvatarColor, *, is_first: bool
) -> Node:
    """Return a message as a node. `names` maps mentioned names, as written, to the present ones.

    All have a name and an avatar: which messages show them, such as the first of a run, is up to the page.
    """
    css = " ".join(["first"] * is_first + ["action"] * (message.kind is Kind.ACTION))
    props = {"id": f"m-{message.id}", "data-author": message.author, "aria-label": message.name, "class": css}
    html = _body(tr, message, names, color)
    if message.reactions:
        html += _reactions(tr, message)
    return {"tag": "article", "props": {name: value for name, value in props.items() if value} | {"innerHTML": html}}


def _body(tr: Translator, message: Message, names: dict[str, str | None], color: AvatarColor) -> Markup:
    parts = {
        "avatar": avatar(color, message.name),
        "name": isolated(message.name),
        "quote": _quote(tr, message.reply) if message.reply else NOTHING,
        "text": _text(message, names),
        "when": _when(tr, message),
    }
    if message.kind is Kind.ACTION:
        return fill("{avatar}{quote}<div class=text dir=auto>{name} {text}</div>{when}", **parts)
    if is_big(message.text):
        return fill('{avatar}{name}{quote}<div class="text big" dir=auto>{text}</div>{when}', **parts)
    return fill("{avatar}{name}{quote}<div class=text dir=auto>{text}</div>{when}", **parts)


def _text(message: Message, names: dict[str, str | None]) -> Markup:
    mentioned = {
        written: Mentioned(member_id, names[written] or written) for written, member_id in message.mentions.items()
    }
    return Markup(to_html(message.text, mentioned))  # noqa: S704 - the renderer makes safe HTML


def _quote(tr: Translator, quote: Quote) -> Markup:
    if not quote.text:
        return fill("<p class=quote>{text}</p>", text=tr("The message was deleted."))
    return fill(
        '<button class=quote {jump} value="{id}">{name} <span dir=auto>{text}</span></button>',
        jump=JUMP,
        id=quote.id,
        name=isolated(quote.name),
        text=to_plain(quote.text),
    )


def _when(tr: Translator, message: Message) -> Markup:
    if message.edited is None:
        return clock(message.at)
    return fill(
        "<span class=when>{time}<small>{edited} {edit_time}</small></span>",
        time=clock(message.at),
        edited=tr("edited"),
        edit_time=clock(message.edited),
    )


def _reactions(tr: Translator, message: Message) -> Markup:
    """Render each emoji as two buttons, pressed and not: the viewer's own style sheet shows one."""
    return fill(
        "<div class=reactions>{buttons}</div>",
        buttons=concat(_reaction(tr, emoji, members) for emoji, members in message.reactions.items()),
    )


def _reaction(tr: Translator, emoji: str, members: dict[str, str]) -> Markup:
    attributes = fill(
        '{react} value="{emoji}" title="{title}" data-by="{members}"',
        react=REACT,
        emoji=emoji,
        title=phrases.reactors(tr, list(members.values())),
        members=" ".join(members),
    )
    return fill(
        "<button {attributes} aria-pressed=false>{emoji} <b>{count}</b></button>"
        "<button {attributes} aria-pressed=true>{emoji} <b>{count}</b></button>",
        attributes=attributes,
        emoji=emoji,
        count=tr.number(len(members)),
    )


@lru_cache(1000)
def avatar(color: AvatarColor, name: str) -> Markup:
    """Render the initials on the member's colour."""
    return fill(
        '<i class="avatar{light}" style=--hue:{hue} data-is={initials}></i>',
        light=" light" if color.shade else "",
        hue=color.hue,
        initials=initials(name),
    )


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
