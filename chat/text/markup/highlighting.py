"""Highlights code: the languages, the limits, and the classes for the style sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby, islice
from typing import Any

from pygments import token as kinds
from pygments.lexers import get_all_lexers, get_lexer_by_name

# Limits for one message: Pygments can take 0.2 s for 4,000 characters.
MAX_FENCES = 3
MAX_CHARACTERS = 1500
MAX_TOKENS = 600


@dataclass(slots=True)
class Highlighter:
    """Highlights one message's code; each field is how much of it is left."""

    fences: int = MAX_FENCES
    characters: int = MAX_CHARACTERS
    tokens: int = MAX_TOKENS

    def html(self, info: str, code: str) -> str:
        """Return HTML for the code of a fence. An info string that is no language is part of the code."""
        info, code = info.strip(), code.removesuffix("\n")
        language = _LANGUAGES.get(info.lower())
        if info and language is None:
            code = f"{info}\n{code}"
        if language is None or min(self.fences, self.characters, self.tokens) <= 0:
            return escape(code, quote=False)
        # Lexers recognise the last line by its end.
        start = f"{code}\n"[: self.characters]
        tokens = list(islice(_lexer(language).get_tokens(start), self.tokens))
        self.fences -= 1
        self.characters -= len(start)
        self.tokens -= len(tokens)
        highlighted = "".join(text for _, text in tokens)
        if not start.startswith(highlighted):
            return escape(code, quote=False)
        if len(highlighted) > len(code):
            tokens[-1] = (tokens[-1][0], tokens[-1][1].removesuffix("\n"))
        return _spans(tokens) + escape(code[len(highlighted) :], quote=False)


def _spans(tokens: Iterable[tuple[Any, str]]) -> str:
    html = []
    for css, run in groupby(tokens, key=lambda token: _css_class(token[0])):
        code = escape("".join(text for _, text in run), quote=False)
        html.append(f'<span class="{css}">{code}</span>' if css else code)
    return "".join(html)


@cache
def _css_class(kind: Any) -> str:
    return CLASSES.get(kind) or (_css_class(kind.parent) if kind.parent else "")


@cache
def _lexer(language: str) -> Any:
    # With all of Unicode in identifiers, C# takes eight times as long.
    return get_lexer_by_name(language, stripnl=False, ensurenl=False, unicodelevel="none")


CLASSES = {
    kinds.Comment: "c",
    kinds.Keyword: "k",
    kinds.Operator.Word: "k",
    kinds.String: "s",
    kinds.Number: "m",
    kinds.Name.Function: "nf",
    kinds.Name.Class: "nf",
    kinds.Name.Decorator: "nd",
    kinds.Name.Builtin: "nb",
    kinds.Name.Attribute: "na",
    kinds.Name.Variable: "na",
    kinds.Name.Tag: "nt",
    kinds.Generic.Heading: "gh",
    kinds.Generic.Subheading: "gh",
    kinds.Generic.Deleted: "gd",
    kinds.Generic.Inserted: "gi",
}
# The languages pasted most, by the first of Pygments' aliases; each was tried with hostile code.
_HIGHLIGHTED = {
    "bash", "c", "cmake", "console", "cpp", "csharp", "css", "dart", "diff", "docker", "elixir", "go", "graphql",
    "groovy", "haskell", "html", "ini", "java", "javascript", "json", "jsx", "kotlin", "lua", "markdown",
    "nginx", "objective-c", "perl", "php", "powershell", "pycon", "python", "ruby", "rust", "scss", "splus",
    "sql", "swift", "tex", "toml", "tsx", "typescript", "vim", "xml", "yaml", "zig",
}  # fmt: skip
_LANGUAGES = {
    alias: aliases[0]
    for _, aliases, _, _ in get_all_lexers(plugins=False)
    if aliases and aliases[0] in _HIGHLIGHTED
    for alias in aliases
}
