"""PScript, where it differs from Python. If an upgrade changes one of these, its convention can go."""

from textwrap import dedent

import pytest

from chat.ui.browser.script import compile_script

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRAPS = {
    "a list of nodes is iterated by index: use `every`": (
        """
        def trap():
            return [node for node in document.querySelectorAll("article")]
        """,
        ["0", "1", "2"],
    ),
    "so it is in a loop": (
        """
        def trap():
            found = []
            for node in document.querySelectorAll("article"):
                found.append(node)
            return found
        """,
        ["0", "1", "2"],
    ),
    "`split` without a separator keeps empty words": (
        """
        def trap():
            return "a  b".split()
        """,
        ["a", "", "b"],
    ),
    "`strip` only removes spaces of ASCII: use `trim`": (
        """
        def trap():
            return "\u3000 a \u3000".strip()
        """,
        "\u3000 a \u3000",
    ),
    "`or` gives true for an object: use `a if a else b`": (
        """
        def trap():
            return document.body or None
        """,
        True,
    ),
    "a form without controls counts as nothing: test what `querySelector` returns, never a form": (
        """
        def trap():
            found = document.createElement("form")
            return "a form" if found else "nothing"
        """,
        "nothing",
    ),
    "what is missing is not None: use `hasattr` and `getattr`": (
        """
        def trap():
            return document.body.dataset.missing is None
        """,
        False,
    ),
    "keyword arguments don't arrive: options are dicts": (
        """
        def trap():
            return option(name="given") == "given"

        def option(name):
            return name
        """,
        False,
    ),
    "a capital name that is called is a class": (
        """
        def trap():
            return Make() == 1

        def Make():
            return 1
        """,
        False,
    ),
    "a negative index gives nothing: use `len`": (
        """
        def trap():
            values = [1, 2]
            at = -1
            return str(values[at])
        """,
        "undefined",
    ),
    "an empty list is true unless it has a name": (
        """
        def trap():
            return "full" if [node for node in []] else "empty"
        """,
        "full",
    ),
    "brackets around what is sliced are lost: give it a name": (
        """
        def trap():
            return ("a" + "bcd")[-2:]
        """,
        "acd",
    ),
    "numbers are sorted as texts": (
        """
        def trap():
            return sorted([10, 9, 1])
        """,
        [1, 10, 9],
    ),
}


@pytest.mark.parametrize(("source", "outcome"), TRAPS.values(), ids=TRAPS)
async def test_trap(chat, source, outcome):
    compiled = compile_script([dedent(source)]).replace("root.chat", "root.trapped", 1)
    assert await chat.evaluate(f"() => {{ {compiled}; return trapped.trap() }}") == outcome
