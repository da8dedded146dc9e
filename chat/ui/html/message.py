"""One message as HTML, the same for all viewers of one language."""

from datetime import datetime
from html import escape

from chat.domain.messages.message import Kind, Message, Quote
from chat.domain.users import hue, initials
from chat.framework.live_region import Node
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.text.markup.renderer import Mentioned, is_big, to_html, to_plain
from chat.ui.html.buttons import MENU


def article(tr: Translator, message: Message, names: dict[str, str | None], *, is_first: bool, has_time: bool) -> Node:
    """Return a message as a node. `names` maps mentioned names, as written, to the present ones.

    The first of a run of messages has a name and an avatar, one after a pause has the time above.
    """
    css = " ".join(["first"] * is_first + ["action"] * (message.kind is Kind.ACTION))
    props = {"id": f"m-{message.id}", "data-author": message.author, "aria-label": message.name, "class": css}
    html = _body(tr, message, names, is_first=is_first, has_time=has_time) + _reactions(tr, message)
    return {"tag": "article", "props": {name: value for name, value in props.items() if value} | {"innerHTML": html}}


def _body(tr: Translator, message: Message, names: dict[str, str | None], *, is_first: bool, has_time: bool) -> str:
    called = {written: names[written] or written for written in message.mentions}
    mentioned = {written: Mentioned(who, called[written]) for written, who in message.mentions.items()}
    text = to_html(message.text, mentioned)
    parts = [f"<div class=stamp>{moment(message.at)}</div>" if has_time else ""]
    if message.kind is Kind.ACTION:
        parts += [
            avatar(message.author, message.name),
            _quote(tr, message.reply),
            f"<div class=text dir=auto>{isolated(message.name)} {text}</div>",
        ]
    else:
        head = avatar(message.author, message.name) + isolated(message.name)
        css = '"text big"' if is_big(message.text) else "text"
        parts += [head if is_first else "", _quote(tr, message.reply), f"<div class={css} dir=auto>{text}</div>"]
    return "".join((*parts, _when(tr, message)))


def _reactions(tr: Translator, message: Message) -> str:
    """Render each emoji as two buttons, pressed and not: the viewer's own style sheet shows one."""
    invoke = f"commandfor={MENU} command=--react"
    parts = []
    for emoji, by in message.reactions.items():
        shown = f"{emoji} <b>{tr.number(len(by))}</b>"
        who = f'value="{escape(emoji)}" title="{escape(phrases.reactors(tr, list(by.values())))}" data-by="{" ".join(by)}"'
        parts += [f"<button {invoke} {who} aria-pressed={mine}>{shown}</button>" for mine in ("false", "true")]
    return f"<div class=reactions>{''.join(parts)}</div>" if parts else ""


def avatar(member_id: str, name: str) -> str:
    """Render the initials on the member's colour."""
    return f"<i class=avatar style=--hue:{hue(member_id)} data-is={escape(initials(name))}></i>"


def isolated(name: str) -> str:
    """Render a name or a command so that it keeps its own writing direction within a sentence."""
    return f"<bdi>{escape(name)}</bdi>"


def moment(at: datetime) -> str:
    """Render date and time in the viewer's zone and language."""
    return _time(at, "hour=numeric minute=2-digit")


def clock(at: datetime) -> str:
    """Render the time; the style sheet shows the date parts where needed."""
    return _time(at, "weekday month day year hour=numeric minute=2-digit")


def _time(at: datetime, parts: str) -> str:
    return f"<relative-time datetime={at:%Y-%m-%dT%H:%M}Z format=datetime {parts}></relative-time>"


def _quote(tr: Translator, quote: Quote | None) -> str:
    if quote is None:
        return ""
    if not quote.text:
        gone = escape(tr("The message was deleted."))
        return f"<p class=quote>{gone}</p>"
    begins = f"{isolated(quote.name)} <span dir=auto>{escape(to_plain(quote.text))}</span>"
    return f'<button class=quote commandfor={MENU} command=--jump value="{escape(quote.id)}">{begins}</button>'


def _when(tr: Translator, message: Message) -> str:
    if message.edited is None:
        return clock(message.at)
    edited = escape(tr("edited"))
    return f"<span class=when>{clock(message.at)}<small>{edited} {clock(message.edited)}</small></span>"
