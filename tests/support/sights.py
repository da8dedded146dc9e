"""What people see, read and measured by short scripts that run alike in all engines."""

import asyncio
from collections.abc import Callable
from typing import Any

PATIENCE = 20

# Texts of the visible elements, with whitespace collapsed.
TEXTS = """(css) => [...document.querySelectorAll(css)].filter((e) => e.checkVisibility())
  .map((e) => e.textContent.trim().replace(/\\s+/g, ' '))"""
MESSAGE = "[...document.querySelectorAll('article')].findLast((e) => e.querySelector('.text').textContent.includes(text))"
BOX = "(({x, y, width, height}) => ({x, y, width, height}))(found.getBoundingClientRect())"
# Messages with a text in more than one line.
BROKEN = """() => [...document.querySelectorAll('article .text')].filter((e) => {
  const range = document.createRange()
  range.selectNodeContents(e)
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1
}).map((e) => e.textContent)"""
ADD_WAITING = "(id, text) => sessionStorage.setItem(`chat.sent.${id}`, JSON.stringify([text, '']))"
FOCUSED = """() => { const e = document.activeElement
  return e.matches('article') ? e.querySelector('.text').textContent.trim() : e.ariaLabel || e.textContent.trim() }"""


class Sights:
    """The part of a person that only looks; `ask` runs a script in the page and returns its value."""

    async def ask(self, script: str, *arguments: object) -> Any:
        raise NotImplementedError

    async def eventually(self, expected: object, script: str, *arguments: object) -> None:
        """Wait until a script returns `expected`, or a value for which it is true; fail with the last value."""
        fits = expected if isinstance(expected, Callable) else lambda value: value == expected
        deadline = asyncio.get_running_loop().time() + PATIENCE
        seen: object = None
        while True:
            try:
                if fits(seen := await self.ask(script, *arguments)):
                    return
            except Exception as error:
                seen = error  # such as during a reload
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"expected {expected!r}, but saw {seen!r}")
            await asyncio.sleep(0.02)
