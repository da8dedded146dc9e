r"""Formulas such as `$\frac{a}{b}$` as MathML.

latex2mathml 3.81 takes up to 12 ms for 300 characters. Macros can grow without end, so formulas with them stay as
typed, and so do those with commands that do more than typeset.
"""

import re
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markdown_it.rules_inline import StateInline

# For one formula, and for all of a message.
MAX_FORMULA = 200
MAX_FORMULAS = 600
MAX_DEPTH = 20

TAGS = {
    *("math", "mfrac", "mi", "mn", "mo", "mover", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup"),
    *("msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover"),
}
ATTRIBUTES = {"displaystyle", "fence", "form", "linethickness", "movablelimits", "scriptlevel", "stretchy"}


def formula(state: StateInline, silent: bool) -> bool:
    """Match `$formula$`, but not prices and variables of a shell."""
    found = _FORMULA.match(state.src, state.pos, state.posMax) if state.src[state.pos] == "$" else None
    if found is None or len(found[0]) > state.env["formulas_left"]:
        return False
    state.env["formulas_left"] -= len(found[0])
    html = to_mathml(found["tex"])
    if html is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.meta = found[0], {"html": html}
    state.pos = found.end()
    return True


def to_mathml(tex: str) -> str | None:
    """Return `tex` as MathML; None if it is not valid or may not be shown."""
    if _REFUSED.search(tex):
        return None
    try:
        tree = Converter().convert_to_element(tex)
    except Exception:  # It has no common base for its errors, and IndexError and others come through.
        return None
    if any(depth > MAX_DEPTH or element.tag not in TAGS for element, depth in _walk(tree, 1)):
        return None
    for element in tree.iter():
        element.text = unescape(element.text or "")
        allowed = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES and value in _VALUES}
        element.attrib.clear()
        element.attrib.update(allowed)
    return tostring(tree, encoding="unicode", method="html")


def _walk(element: Element, depth: int) -> Iterator[tuple[Element, int]]:
    yield element, depth
    if depth <= MAX_DEPTH:
        for child in element:
            yield from _walk(child, depth + 1)


_VALUES = frozenset({"true", "false", "0", "1", "2", "prefix", "infix", "postfix"})
_REFUSED = re.compile(r"\\(?:def|new|Declare|href|style|class|verb|color|hspace|rule)|&#")
_FORMULA = re.compile(
    rf"(?<![\w$\\])\$(?=[A-Za-z0-9]\$|[^$\n]*[\\^_={{}}+<>*/()|-])(?!\s)"
    rf"(?P<tex>[^$\n]{{1,{MAX_FORMULA}}})(?<![\s\\])\$(?![\w$])"
)
