"""Measure rendering: `python -m tests.programs.markup_speed` prints ms for 4,000 characters, slowest first.

A program, not a test: durations depend on the machine. The design allows 100 ms.
"""

import time

from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup.highlighting import MAX_CHARACTERS
from chat.text.markup.renderer import Mentioned, is_big, to_html, to_plain

MENTIONS = {"Ann": Mentioned("f00", "Ann"), "Anna Lee": Mentioned("f01", "Anna L.")}
SHOWN = 25

PLAIN = [
    "a",
    "a ",
    "a\n",
    "\n",
    "\t",
    " ",
    "ä",
    "👍",
    "👩‍👩‍👧",
    "e\u0301",
    "\u0301",
    "\u202e",
    "\x00",
    "مرحبا ",
    "字",
    "&",
    "<",
    ">",
    '"',
]
MARKS = [
    "*", "**", "_", "~~", "*a", "*a ", " *a", "*a*", "**a", "**a** ", "_a", "*_", "_*_*", "*_a_*", "**_", "***a***",
    "~a~", "~~a", "*a_", "*a **b", "`", "``a`", "`a", "`a` ", "\\", "\\*", "\\_", "\\\n", "\\_(ツ)_/", "1️⃣", "*️⃣",
]  # fmt: skip
AS_TYPED = [
    "||", "||a", "||a||", " ||a|| ", "||a ", "|", "\\\\a", "C:\\", "C:\\a ", "a\\b", "a\\!", "\\~~", "\\*\\_", "\\[",
    "\\@", "\\:", "__init__.py", "__name__", "2*3", "字*", "字**「", "。", "字a", "字a.de", "a.de字", "请看https://a.de/a。",
    "http://[::1]/ ", "http://[", "http://[:", "https://a.b/_ ", "_https://a.b/_", "·a", "a.md ", "1\\. \n", "\\# a\n",
]  # fmt: skip
FORMULAS = [
    "$", "$a", "$a$ ", "$x^2$ ", "$ a", "a$ ", "\\$", "\\$a$", "$" + "|[" * 99 + "$ ",
    "$" + "{" * 99 + "x" + "}" * 99 + "$ ",
    "$" + "^x" * 99 + "$ ", "$" + "a_" * 99 + "$ ", "$\\def", "$" + "x'" * 99 + "$ ", "$" + "&" * 199 + "$ ",
    "$a" + "-" * 199, "$" + "a=" * 99 + " ",
]  # fmt: skip
LINKS = [
    "[", "]", "[]", "[a](", "](", "[](", "[a](b", "[a](<", "[a](b)", "([", "![", "![[[", "[[a]", "[a][", "[`](",
    "[*](x)", "[a](http://a.b) ", "[a.b.c](http://a.b)", "[a](http://ä.b) ", "[a](h 't'", "<", "<a", "<a:",
    "<http://a.b>", "<a@b.c>", "a.", "a.b ", "a.b/", "www.", "a@", "@", "a@b.c ", ".@", "://", "a://", "http",
    "http:", "http://", "http://a", "http://a.b ", "http://a.b/(", "http://a.b/\"", "http://a@", "http://ä.ö ",
    "https://xn--a.b ", "//", "mailto:", "mailto:a@b.c ", "a-", "a_.", "[" * 10 + "a" + "](http://a.b)" * 10,
    "[[[[[[[http://a.b]()", "www.xn--", "$1.", "=a", "/{a.de#&*", "//{a.de",
]  # fmt: skip
BLOCKS = [
    "a ```\n", "a ```\n\n", "a ```\nb\n```\n", "```x\na```\n", "a ````\nb```\n", "# a\n", "# ", "- [ ] a\n",
    "- [x] - [x] ", "|a\n|-\n", "a|b\n-|-\nc\n", "|a|\n|-|\n|b|\n", "|a|\n|-|\n" + "|\n" * 30,
    "|" + "a|" * 22 + "\n|" + "-|" * 22 + "\n" + "|\n" * 45, "1. a\n  - b\n    - c\n", "1. a\n   b\n", "> a\nb\n",
    "- a\nb\n", "> |a\n> |-\n",
    "> ", ">", ">a\n", "> a\n", "> > > > > > a\n", ">- ", "> - a\n", "- ", "- a\n", "-\n", "- - - a\n", "  - a\n",
    "* a\n\n", "1. a\n", "1. ", "1) a\n", "9. 8. 7. a\n", "2023. a\n", "- > 1. a\n", "- a\n  - b\n    - c\n",
    "a\n- b\n", "    a\n", "```\n", "~~~\n", "```\na\n```\n", "```py\na\n```\n", "```\n~~~\n", "````\n```\n",
    "- ```\n", "> ```\n", ">\n", "\n- a\n\n\n", "- a\n\n b\n",
]  # fmt: skip
NAMES = [
    ":",
    "::",
    ":a",
    ":a:",
    ":tada:",
    ":tada: ",
    ":tada",
    ":_:",
    ":(:",
    "@Ann",
    "@Ann ",
    "@Anna Lee ",
    "@Ann,",
    "@A",
    "(@Ann)",
    "@ann@",
]
CODE = [
    ("python", "\t\n"), ("python", "'''"), ("java", "\n"), ("java", "a\n"), ("c", "\n\n"), ("cpp", "\n\n"),
    ("csharp", "a\n"), ("csharp", "a\n\n"), ("typescript", "?_"), ("tsx", "?_"), ("ini", " :"),
    ("markdown", "\n\n"), ("objective-c", "\n"), ("groovy", "\na"), ("console", "}\\"),
    ("javascript", "'\\"), ("yaml", ":\t"), ("php", "<?php "), ("html", "&&"),
]  # fmt: skip

# Found by searching combinations of the above: start, repeated unit, end.
FOUND = [
    ("![" + "[](" * 10 + "[", "www.xn--", "[](" * 400),
    ("![" + "[](" * 4 + "[", "*a **b", "(@Ann)" + "[](" * 400),
    ("\\" * 10 + "[`) (" * 300, "_[<", "[*](x)"),
    ("[*)[<\\[" * 3 + "`" * 1900, "*[>", "[()!" * 60),
    ("```java\n[](a.b **a** " + "\n" * 1500 + "x\n```\n", "[](", "[]([]("),
]


def main() -> None:
    """Measure each case (best of three runs) and print the slowest."""
    units = [*PLAIN, *MARKS, *AS_TYPED, *FORMULAS, *LINKS, *BLOCKS, *NAMES]
    cases = {ascii(unit): (unit * TEXT_LIMIT)[:TEXT_LIMIT] for unit in units}
    for language, unit in CODE:
        cases[f"```{language} {unit!a}"] = f"```{language}\n{unit * TEXT_LIMIT}"[:TEXT_LIMIT]
        half = f"```{language}\n{unit * TEXT_LIMIT}"[: MAX_CHARACTERS + 100]
        cases[f"```{language} {unit!a} + _*_*"] = (half + "\n```\n" + "_*_*" * TEXT_LIMIT)[:TEXT_LIMIT]
    cases |= {
        f"{start[:12]!a}… {unit!a} …{end[:9]!a}": start + (unit * TEXT_LIMIT)[: TEXT_LIMIT - len(start + end)] + end
        for start, unit, end in FOUND
    }
    rows = sorted(((measure(text), name) for name, text in cases.items()), reverse=True)
    print("| 4,000 characters of | to_html | to_plain | is_big | HTML |\n|---|---|---|---|---|")
    for (html, plain, big, size), name in rows[:SHOWN]:
        print(f"| `{name}` | {html:.1f} ms | {plain:.1f} ms | {big:.1f} ms | {size / 1e3:.0f} KB |")


def measure(text: str) -> tuple[float, float, float, int]:
    """Return the milliseconds of the three functions, and the length of the HTML."""
    times = [best(lambda: to_html(text, MENTIONS)), best(lambda: to_plain(text)), best(lambda: is_big(text))]
    return *times, len(to_html(text, MENTIONS))


def best(work) -> float:
    """Return the shortest of three runs in milliseconds of this process; longer ones were disturbed."""
    times = []
    for _ in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times) * 1e3


if __name__ == "__main__":
    main()
