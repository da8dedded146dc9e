"""One message as HTML, the same for all viewers of one language."""

from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

from cachetools import LRUCache, cached
from markupsafe import Markup, escape

from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.people.avatars import Avatar
from chat.domain.text.translatable import N_
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.text.lines import count_lines
from chat.text.markup.renderer import Mentioned, is_big, to_html, to_plain
from chat.ui.html.buttons import icon, invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.messages.files import files
from chat.ui.html.messages.preview import preview
from chat.ui.html.names_and_times import avatar, clock, isolated

NOTHING = Markup()
RENDERED_CHARACTERS = 4_000_000
MARKED_REACTORS = 500  # of one emoji; only they see it as pressed
REACT, JUMP = invoke("--react"), invoke("--jump")
TOO_LONG = 25  # lines; such a message is folded to 20
DESKTOP, PHONE = 75, 32  # columns of a bubble
SPOILER_LABEL = N_("Spoiler")
SPOILER = Markup('<span class="spoiler" tabindex="0" role="group" aria-label="{label}">').format(label=SPOILER_LABEL)
END_OF_CODE = Markup("</pre>")  # typed text is escaped, so that all are of code blocks


@dataclass(frozen=True, slots=True)
class References:
    """The references of a message: current names of mentioned members, and slugs of rooms, as written and current."""

    names: tuple[str | None, ...] = ()
    rooms: tuple[tuple[str, str], ...] = ()


def article(tr: Translator, message: Message, references: References, author: Avatar, *, is_first: bool) -> Node:
    """Return a message as a node.

    All have a name and an avatar: which messages show them, such as the first of a run, is up to the page.
    """
    css = " ".join(["first"] * is_first + ["action"] * (message.kind is Kind.ACTION))
    props = {"id": f"m-{message.id}", "data-author": message.author, "aria-label": message.name, "class": css}
    html = _body(tr, message, references, author)
    if message.reactions:
        html += _reactions(tr, message)
    return {"tag": "article", "props": {name: value for name, value in props.items() if value} | {"innerHTML": html}}


def _body(tr: Translator, message: Message, references: References, author: Avatar) -> Markup:
    parts = {
        "avatar": avatar(author, message.name),
        "name": isolated(message.name),
        "quote": _quote(tr, message.reply) if message.reply else NOTHING,
        "text": _text(tr, message, references) + preview(tr, message),
        "when": _when(tr, message),
    }
    if message.attachments:
        parts["text"] += files(tr, message)
        css = "text" if message.text else "text bare"
        return fill('{avatar}{name}{quote}<div class="{css}" dir=auto>{text}</div>{when}', css=css, **parts)
    if message.kind is Kind.ACTION:
        return fill("{avatar}{quote}<div class=text dir=auto>{name} {text}</div>{when}", **parts)
    if is_big(message.text):
        return fill('{avatar}{name}{quote}<div class="text big" dir=auto>{text}</div>{when}', **parts)
    if length := _length(message.text):
        return fill(
            '{avatar}{name}{quote}<div class="text {length}" dir=auto>{text}</div>{fold}{when}',
            length=length,
            fold=_fold_button(tr),
            **parts,
        )
    return fill("{avatar}{name}{quote}<div class=text dir=auto>{text}</div>{when}", **parts)


def _text(tr: Translator, message: Message, references: References) -> Markup:
    names = zip(message.mentions.items(), references.names, strict=True)
    mentions = tuple((written, member_id, name or written) for (written, member_id), name in names)
    html = _rendered(message.text, mentions, references.rooms)
    if SPOILER in html:
        html = html.replace(SPOILER, _spoiler(tr))
    return html.replace(END_OF_CODE, _copy_button(tr) + END_OF_CODE) if END_OF_CODE in html else html


@cached(LRUCache(RENDERED_CHARACTERS, getsizeof=len))
def _rendered(text: str, mentions: tuple[tuple[str, str, str], ...], rooms: tuple[tuple[str, str], ...]) -> Markup:
    """Render a text for all languages; `mentions` are names as written, members' ids, and present names."""
    mentioned = {written: Mentioned(member_id, name) for written, member_id, name in mentions}
    return Markup(to_html(text, mentioned, SPOILER_LABEL, dict(rooms)))  # noqa: S704 - the renderer makes safe HTML


@lru_cache(1000)
def _plain(quoted: str) -> str:
    return to_plain(quoted)


@cache
def _spoiler(tr: Translator) -> Markup:
    return SPOILER.replace(SPOILER_LABEL, escape(tr(SPOILER_LABEL)))


@lru_cache(100)
def _length(text: str) -> str:
    """Return whether a message is folded: `long` everywhere, or `longish` in narrow windows."""
    if count_lines(text, PHONE) <= TOO_LONG:
        return ""
    return "long" if count_lines(text, DESKTOP) > TOO_LONG else "longish"


@cache
def _fold_button(tr: Translator) -> Markup:
    """Render a button that the style sheet gives one of two labels, by its state."""
    return fill(
        "<button type=button class=fold aria-expanded=false><span>{more}</span><span>{less}</span></button>",
        more=tr("Show more"),
        less=tr("Show less"),
    )


@cache
def _copy_button(tr: Translator) -> Markup:
    return icon("copy", tr("Copy code"), NOTHING, "copy")


def _quote(tr: Translator, quote: Quote) -> Markup:
    if not quote.text:
        return fill("<p class=quote>{text}</p>", text=tr("The message was deleted."))
    return fill(
        '<button class=quote {jump} value="{id}">{name} <span dir=auto>{text}</span></button>',
        jump=JUMP,
        id=quote.id,
        name=isolated(quote.name),
        text=_plain(quote.text),
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


def reactor_mark(member_id: str) -> str:
    """Return a short mark for a member; two members share one by a chance of one in four billion."""
    return f"{crc32(member_id.encode()):x}"


def _reaction(tr: Translator, emoji: str, members: dict[str, str]) -> Markup:
    attributes = fill(
        '{react} value="{emoji}" title="{title}"',
        react=REACT,
        emoji=emoji,
        title=phrases.reactors(tr, list(members.values())),
    )
    return fill(
        '<button {attributes} aria-pressed=false data-by="{marks}">{emoji} <b>{count}</b></button>'
        "<button {attributes} aria-pressed=true>{emoji} <b>{count}</b></button>",
        attributes=attributes,
        marks=" ".join(map(reactor_mark, list(members)[-MARKED_REACTORS:])),
        emoji=emoji,
        count=tr.number(len(members)),
    )
