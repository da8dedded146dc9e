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


@dataclass(slots=True)
class HtmlWriter:
    """Writes one message, within its limits of links and highlighted code."""

    highlighter: Highlighter = field(default_factory=Highlighter)
    inline: InlineWriter = field(default_factory=InlineWriter)
    due_numbers: list[int] = field(default_factory=list)
    """The next number of each open ordered list."""

    def write(self, text: str, mentions: Mapping[str, Mentioned] = {}) -> str:
        tokens, self.inline.links_left = parse(remove_disruptive(text), mentions)
        return "".join(self._block(tokens, index) for index in range(len(tokens)))

    def _block(self, tokens: list[Token], index: int) -> str:
        token = tokens[index]
        match token.type:
            case "paragraph_open":
                return self._paragraph(tokens, index)
            case "inline" | "paragraph_close":
                return ""
            case "fence":
                return f"<pre><code>{self.highlighter.html(token.info, token.content)}</code></pre>"
            case "ordered_list_open":
                self.due_numbers.append(1)
            case "ordered_list_close":
                self.due_numbers.pop()
            case "list_item_open" if token.info:
                return self._numbered_item(int(token.info))
        return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"

    def _paragraph(self, tokens: list[Token], index: int) -> str:
        """Write a paragraph; alone in the message, quote or list item it needs no tag."""
        html = self.inline.write(tokens[index + 1].children or [])
        is_first = index == 0 or tokens[index - 1].nesting > 0
        is_last = index + 3 == len(tokens) or tokens[index + 3].nesting < 0
        if tokens[index].hidden:
            return html if is_first or tokens[index - 1].tag != "p" else f"\n{html}"
        return html if is_first and is_last else f"<p>{html}</p>"

    def _numbered_item(self, number: int) -> str:
        """Begin a list item with the number that was typed, even if it is not the next."""
        due, self.due_numbers[-1] = self.due_numbers[-1], number + 1
        return "<li>" if number == due else f'<li value="{number}">'
