"""Writes the text within a block as HTML: emphasis, code, links, emoji and mentions."""

from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from markdown_it.token import Token

from chat.domain.text.cleaning import is_visible
from chat.text.markup.characters import expand_shortcodes, is_right_to_left
from chat.text.markup.hosts import host_of, hosts_in, is_deceptive
from chat.text.markup.links import linkify
from chat.text.markup.rules.block_rules import MAX_NESTING

HIDDEN = "▒▒▒"
ROOM_PATH = "room/"  # relative to the chat, which may be at any path


@dataclass(slots=True)
class InlineWriter:
    """Writes inline tokens; `links_left` is how many more links the message may have."""

    links_left: int = 0
    shows_spoilers: bool = True
    typesets: bool = True
    """Whether formulas are shown as such, rather than as typed."""
    spoiler_label: str = ""
    check_box: str = ""
    """Shown before the next text, which is that of a task."""

    def write(self, tokens: list[Token]) -> str:
        html: list[str] = [self.check_box]
        self.check_box = ""
        closing: list[str] = []
        link: Token | None = None
        if not self.shows_spoilers:
            tokens = _without_spoilers(tokens)
        for index, token in enumerate(tokens):
            match token.type:
                case "text" if link is None:
                    html.append(self._text(token.content))
                case "text" if link and link.info != "auto":
                    html.append(_escape(expand_shortcodes(token.content)))
                case "text" | "text_special":
                    html.append(_escape(token.content))
                case "code_inline":
                    html.append(f"<code>{_escape(token.content)}</code>")
                case "formula":
                    html.append(_formula(token) if self.typesets else _escape(token.content))
                case "mention":
                    html.append(_mention(token))
                case "room":
                    href = f"{ROOM_PATH}{quote(token.meta['slug'])}"
                    html.append(f'<a class="room-name" href="{href}">#{_escape(token.content)}</a>')
                case "link_open":
                    link = token
                    opening, end = _link_tags(token, tokens[index + 1 :])
                    html.append(opening)
                    closing.append(end)
                case "link_close":
                    link = None
                    html.append(closing.pop())
                case _ if token.nesting > 0 and len(closing) >= MAX_NESTING:
                    html.append(token.markup)
                    closing.append(token.markup)
                case "spoiler_open":
                    # What has the focus is shown: by key, click or finger.
                    html.append(f'<span class="spoiler" tabindex="0"{self._spoiler_name()}><span>')
                    closing.append("</span></span>")
                case _ if token.nesting > 0:
                    html.append(f"<{token.tag}>")
                    closing.append(f"</{token.tag}>")
                case _:
                    html.append(closing.pop())
        return "".join(html)

    def _spoiler_name(self) -> str:
        return f' role="group" aria-label="{escape(self.spoiler_label)}"' if self.spoiler_label else ""

    def _text(self, text: str) -> str:
        """Write text with its emoji, and with links for URLs that were typed without a scheme."""
        html: list[str] = []
        end = 0
        for start, shown, href in linkify(text):
            if self.links_left > 0:
                self.links_left -= 1
                html.append(_escape(expand_shortcodes(text[end:start])))
                html.append(f'<a href="{escape(href)}">{_escape(shown)}</a>{_true_host(shown, href)}')
                end = start + len(shown)
        html.append(_escape(expand_shortcodes(text[end:])))
        return "".join(html)


def _link_tags(link: Token, rest: list[Token]) -> tuple[str, str]:
    """Return the opening and the closing tag of a link; `rest` begins with its visible text.

    If that looks like a URL on another host, or one whose host looks like another, the true host follows the link. If
    it is blank, the URL takes its place.
    """
    href = str(link.attrs["href"])
    opening = f'<a href="{escape(href)}">'
    if not href:
        return "[", "]()"
    if link.info == "auto":
        return opening, f"</a>{_true_host(rest[0].content, href)}"
    shown = ""
    for token in rest:
        if token.type == "link_close":
            break
        shown += token.content
    if not any(map(is_visible, shown)):
        opening += _escape(href)
    host = host_of(href)
    is_honest = all(named.removeprefix("www.") == host.removeprefix("www.") for named in hosts_in(shown))
    return opening, f"</a>{_true_host(shown, href)}" if is_honest else f"</a> ({_escape(host)})"


def _true_host(shown: str, href: str) -> str:
    """Return the host of a URL, in ASCII, if the URL as shown may deceive."""
    return f" ({_escape(host_of(href))})" if any(map(is_deceptive, shown.split())) else ""


def _without_spoilers(tokens: list[Token]) -> list[Token]:
    """Replace spoilers by blocks, always of the same width."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type == "spoiler_open" and depth == 0:
            kept.append(Token("text", "", 0, content=HIDDEN))
        depth += token.type == "spoiler_open"
        if depth == 0:
            kept.append(token)
        depth -= token.type == "spoiler_close"
    return kept


def _formula(token: Token) -> str:
    return f'<span class="formula">{token.meta["html"]}</span>'


def _mention(token: Token) -> str:
    name = _escape(token.content)
    if is_right_to_left(name):
        name = f"<bdi>{name}</bdi>"
    return f'<span class="mention" data-mention="{escape(token.meta["id"])}">@{name}</span>'


def _escape(text: str) -> str:
    return escape(text, quote=False)
