"""Writes parsed Markdown as HTML, with everything escaped.

`html.escape` makes plain strings: markupsafe made messages with links or code 7 to 16 % slower (3.0.4), and nh3 cleans
the result anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.token import Token

from chat.text.markup.characters import remove_disruptive
from chat.text.markup.highlighting import Highlighter
from chat.text.markup.inline_writer import InlineWriter
from chat.text.markup.mentions import Mentioned
from chat.text.markup.parser import parse

ALIGNMENTS = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


@dataclass(slots=True)
class HtmlWriter:
    """Writes one message, within its limits of links and highlighted code."""

    highlighter: Highlighter = field(default_factory=Highlighter)
    inline: InlineWriter = field(default_factory=InlineWriter)
    due_numbers: list[int] = field(default_factory=list)
    """The next number of each open ordered list."""

    def write(self, text: str, mentions: Mapping[str, Mentioned] = {}, rooms: Mapping[str, str] = {}) -> str:
        tokens, self.inline.links_left = parse(remove_disruptive(text), mentions, rooms)
        return "".join(self._block(tokens, index) for index in range(len(tokens)))

    def _block(self, tokens: list[Token], index: int) -> str:
        token = tokens[index]
        match token.type:
            case "inline":
                return self.inline.write(token.children or [])
            case "paragraph_open":
                return _paragraph_start(tokens, index)
            case "paragraph_close":
                return "" if _needs_no_tag(tokens, index - 2) else "</p>"
            case "heading_open":
                return "<p><strong>"
            case "heading_close":
                return "</strong></p>"
            case "table_open":
                # The keyboard can scroll it.
                return '<div class="table" tabindex="0"><table>'
            case "table_close":
                return "</table></div>"
            case "th_open" | "td_open" if token.attrs:
                return f'<{token.tag} class="{ALIGNMENTS[str(token.attrs["style"])]}">'
            case "fence":
                return f"<pre><code>{self.highlighter.html(token.info, token.content)}</code></pre>"
            case "ordered_list_open":
                self.due_numbers.append(1)
            case "ordered_list_close":
                self.due_numbers.pop()
            case "list_item_open":
                return self._list_item(token)
        return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"

    def _list_item(self, token: Token) -> str:
        """Begin a list item, with the number that was typed, even if it is not the next, or its check box."""
        self.inline.check_box = {True: "☑ ", False: "☐ ", None: ""}[token.meta.get("checked")]
        attributes = ' class="task"' if self.inline.check_box else ""
        if token.info:
            due, number = self.due_numbers[-1], int(token.info)
            self.due_numbers[-1] = number + 1
            attributes += "" if number == due else f' value="{number}"'
        return f"<li{attributes}>"


def _paragraph_start(tokens: list[Token], index: int) -> str:
    if _needs_no_tag(tokens, index):
        is_next = tokens[index].hidden and index > 0 and tokens[index - 1].tag == "p"
        return "\n" if is_next else ""
    return "<p>"


def _needs_no_tag(tokens: list[Token], index: int) -> bool:
    """Tell whether a paragraph is alone in the message, quote or list item, or in a list without blank lines."""
    is_first = index == 0 or tokens[index - 1].nesting > 0
    is_last = index + 3 == len(tokens) or tokens[index + 3].nesting < 0
    return tokens[index].hidden or (is_first and is_last)
